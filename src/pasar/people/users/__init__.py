"""Users: the customers of a company and their address books.

Owns customers, their profiles and addresses. Promises that an address is stored only in the form of its
country, and that a customer belongs to one company. Publishes its reads and actions by `public.py`, its facts
by `events.py`; facts carry ids, never names, addresses or e-mails.
"""
