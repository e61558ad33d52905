"""How does the checkout's form ask for an address? As address books do, beginning with a likely country."""

from __future__ import annotations

from pasar.people.users.public import address_shape, country_choices, known_country

__all__ = ["address_shape", "country_choices", "country_of_currency"]


def country_of_currency(currency: str) -> str:
    """Where buyers who pay in `currency` probably live: ISO 4217 begins with the country; empty for euros."""
    return currency[:2] if known_country(currency[:2]) else ""
