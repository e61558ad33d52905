"""Carts: what a buyer means to buy, until an order is made of it.

Owns carts and their lines, for guests and customers alike. Promises that prices are the server's, that every
total is reckoned from published offers by one pure function which can say why, and that a cart becomes an
order at most once per generation. Publishes its reads and actions by `public.py`.
"""
