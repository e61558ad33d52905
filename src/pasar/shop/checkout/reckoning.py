"""What does this cart cost when it goes to that address? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pasar.delivery.shipping.public import ShippingQuote, parcel_of, quote
from pasar.finance.taxes.public import TaxPolicy, matching_rates
from pasar.people.users.public import Address
from pasar.shop.carts.public import CartFacts, CartTotals, cart_totals
from pasar.shop.checkout.terms import Tariff

__all__ = ["Reckoning", "reckon"]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Totals with tax and with the chosen method's price. `chosen` is None when nothing travels, and when the
    wanted method does not go there; `quotes` are empty when the shop does not deliver there."""

    totals: CartTotals
    needs_shipping: bool
    quotes: tuple[ShippingQuote, ...]
    chosen: ShippingQuote | None


def reckon(tariff: Tariff, cart: CartFacts, address: Address, method_id: UUID | None) -> Reckoning:
    """Reckon `cart` for `address`; without `method_id` the cheapest method is chosen."""
    lines, currency = cart.line_inputs(), cart.currency
    parcel = parcel_of(cart_totals(lines, currency).lines)
    offered = quote(tariff.zones, address, parcel, currency) if parcel is not None else ()
    chosen = _chosen(offered, method_id)
    rates = matching_rates(tariff.rates, address)
    tax = TaxPolicy(rates, included=bool(tariff.site.tax_included.get(currency, False))) if rates else None
    totals = cart_totals(lines, currency, tax, chosen.price_minor if chosen else 0)
    return Reckoning(totals, parcel is not None, offered, chosen)


def _chosen(offered: tuple[ShippingQuote, ...], method_id: UUID | None) -> ShippingQuote | None:
    if method_id is None:
        return offered[0] if offered else None
    return next((quote for quote in offered if quote.method.method_id == str(method_id)), None)
