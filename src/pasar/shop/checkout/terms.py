"""What must be known of the shop and the buyer before a cart is locked?

All of it comes over the bare pool, whose connections may every one be waiting for that very lock: asked for
under the lock, it would never come. So it is read first, and handed on as values.
"""

from __future__ import annotations

from dataclasses import dataclass

from pasar.delivery.shipping.public import Zones, shipping_zones
from pasar.finance.taxes.public import TaxRate, tax_rates
from pasar.kernel.db.database import Database
from pasar.kernel.tenancy import Context, Site
from pasar.people.companies.public import CompanySettings, company_settings
from pasar.people.users.public import customer_by_id

__all__ = ["CheckoutTerms", "Tariff", "checkout_terms", "tariff_of"]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What an address costs at this site: its zones, its company's rates, and where tax is in the price."""

    site: Site
    zones: Zones
    rates: tuple[TaxRate, ...]


@dataclass(frozen=True, slots=True)
class CheckoutTerms:
    """What an order is placed by. `email` is the signed-in customer's own, empty for guests."""

    email: str
    settings: CompanySettings
    tariff: Tariff


async def tariff_of(database: Database, site: Site) -> Tariff:
    """From memory at most a second old."""
    return Tariff(
        site, await shipping_zones(database, site.company_id), await tax_rates(database, site.company_id)
    )


async def checkout_terms(database: Database, context: Context) -> CheckoutTerms:
    """From memory at most a second old. Call it before the transaction that places the order."""
    settings = await company_settings(database, context.company_id)
    return CheckoutTerms(
        await _own_email(database, context), settings, await tariff_of(database, context.site)
    )


async def _own_email(database: Database, context: Context) -> str:
    """Pages know it from the session; a token carries none, so that the customer's record is asked."""
    caller = context.caller
    if caller.email or caller.customer_id is None:
        return caller.email
    customer = await customer_by_id(database, context.company_id, caller.customer_id)
    return customer.email if customer else ""
