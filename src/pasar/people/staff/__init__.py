"""Staff: who works here, how they come and how they go.

Owns no tables: memberships and invitations are those of access. Promises that an invitation is accepted once,
by whoever reads the mail of its address, and never merely by its link where that address has an account; and
that whoever leaves is signed out here at once.
"""
