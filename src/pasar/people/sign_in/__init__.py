"""Sign-in: who is calling, and for how long do we believe it?

Owns refresh tokens and the sessions of pages; only hashes are stored. Promises that a password is checked
with the same work for known and unknown accounts, that a refresh token works once, and that a guest's
belongings are attached in the transaction that signs the guest in. Publishes the authenticator, sign-in and
sign-out by `public.py`.
"""
