"""Shipping: where a company sends goods, how, and for what price.

Owns zones and methods. Promises that the nearest zone's methods are offered and no others, that a method
never carries more than its last weight band, and that only goods that travel are counted. Publishes the pure
rules and its reads by `public.py`.
"""
