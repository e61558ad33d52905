"""Orders: what was bought, and where it is on its way from placed to completed.

Owns orders, their lines and their history. Promises that amounts never change after placing and add up, that
states change only as `states.py` allows, each change once and with its author, and that numbers are unique in
a company. Publishes reads and verbs by `public.py`, its facts by `events.py`. Knows nothing of carts.
"""
