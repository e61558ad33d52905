"""Access: who works for whom, as what, what that allows, and which keys programs hold.

Owns memberships, the company's own roles, invitations and API keys. Promises that a role is never taken from
the body of whoever gets it, that nobody gives what they lack, that a company keeps an owner, and that a
changed role or key counts from the next call on, in every process. Publishes its pure tables, reads and
actions by `public.py`, its fact by `events.py`, and the SQL views `company_roles(company_id, user_id, role,
permissions)` for the session check and `platform_companies(company_id)`.
"""
