"""Taxes: which rates a company charges, where, and how much they come to.

Owns a company's rates by country, region and postcode. Promises that the most specific rate wins, that a
company without rates charges none, and that the taxes of lines add up to the tax of the order to the last
minor unit. Publishes the pure rules by `public.py`; it announces no facts.
"""
