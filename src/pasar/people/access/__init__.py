"""Access: who works for whom, as what, and what that allows.

Owns memberships. Promises that a role is never taken from a request's body, and that a changed role counts
from the next call on. Publishes its pure tables, reads and actions by `public.py`, and the SQL view
`company_roles(company_id, user_id, role)` for the session check.
"""
