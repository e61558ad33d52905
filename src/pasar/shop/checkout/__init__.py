"""Checkout: how a cart becomes an order, once, in one transaction.

Owns no tables. Brings together carts, addresses, taxes, shipping, payments, stock and orders. Promises that
an order is placed whole or not at all, that the same cart gives the same order however often it is sent, and
that stock is claimed last, so that others wait for it as briefly as possible.
"""
