"""Catalogues that come in as files: from the file to drafts, and from drafts into the shop."""
