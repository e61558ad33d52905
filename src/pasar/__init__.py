"""Pasar: one commerce back end for shops that sell on their own, together and through partners."""

__version__ = "0.1.0"
