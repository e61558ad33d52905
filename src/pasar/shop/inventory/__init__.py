"""Inventory: how much lies where, how much of it is promised, and why it changed.

Owns locations, stock levels, holds and the history of adjustments. Promises that the same piece is never
promised twice (a claim is one statement over locked rows, with CHECKs behind it), that a hold and its expiry
are one row, and that an order's stock is released, shipped or still held, never two of them. Publishes the
view `inventory_available`, its verbs by `public.py`, and the fact `inventory.adjusted`.
"""
