"""Pictures of products: recognised by content, rendered once, kept by the hash of what came in.

What comes in is never served and never kept: only the renderings are, which carry no EXIF. Entrances are an
upload by staff, an address that a job fetches, and `store_picture` for whoever draws pictures (the demo).
"""
