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

__all__ = ["CheckoutTerms", "Tariff", "checkout_terms", "tariff_of"]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What an address costs at this site: its zones, its company's rates, and where tax is in the price."""

    site: Site
    zones: Zones
    rates: tuple[TaxRate, ...]


@dataclass(frozen=True, slots=True)
class CheckoutTerms:
    """What an order is placed by."""

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
    return CheckoutTerms(settings, await tariff_of(database, context.site))
