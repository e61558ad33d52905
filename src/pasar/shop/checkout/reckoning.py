"""What does this cart cost when it goes to that address? Rates from memory, totals by the pure rule."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pasar.delivery.shipping.public import ShippingQuote, parcel_of, quotes
from pasar.finance.taxes.public import tax_policy
from pasar.kernel.db.database import Database
from pasar.kernel.tenancy import Site
from pasar.people.users.public import Address
from pasar.shop.carts.public import CartFacts, CartTotals, cart_totals

__all__ = ["Reckoning", "reckon"]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Totals with tax and with the chosen method's price. `chosen` is None when nothing travels, and when the
    wanted method does not go there; `quotes` are empty when the shop does not deliver there."""

    totals: CartTotals
    needs_shipping: bool
    quotes: tuple[ShippingQuote, ...]
    chosen: ShippingQuote | None


async def reckon(
    database: Database, site: Site, cart: CartFacts, address: Address, method_id: UUID | None
) -> Reckoning:
    """Reckon `cart` for `address`; without `method_id` the cheapest method is chosen. No statement is sent
    while the rates and zones in memory are fresh."""
    lines = cart.line_inputs()
    offered: tuple[ShippingQuote, ...] = ()
    parcel = parcel_of(cart_totals(lines, cart.currency).lines)
    if parcel is not None:
        offered = tuple(
            await quotes(
                database,
                site.company_id,
                currency=cart.currency,
                country=address.country,
                region=address.region,
                postcode=address.postal_code,
                subtotal_minor=parcel.subtotal_minor,
                lines_item_count=parcel.item_count,
                weight_grams=parcel.weight_grams,
            )
        )
    chosen = _chosen(offered, method_id)
    tax = await tax_policy(
        database,
        site.company_id,
        currency=cart.currency,
        tax_included=bool(site.tax_included.get(cart.currency, False)),
        country=address.country,
        region=address.region,
        postcode=address.postal_code,
    )
    totals = cart_totals(lines, cart.currency, tax, chosen.price_minor if chosen else 0)
    return Reckoning(totals, parcel is not None, offered, chosen)


def _chosen(offered: tuple[ShippingQuote, ...], method_id: UUID | None) -> ShippingQuote | None:
    if method_id is None:
        return offered[0] if offered else None
    return next((quote for quote in offered if quote.method.method_id == str(method_id)), None)
