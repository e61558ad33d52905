"""Fill the starting databases: a company with a site, tax and shipping, and the generated goods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from pasar.delivery.shipping.public import ShippingMethod, add_method, add_zone
from pasar.finance.taxes.public import TaxRate, replace_rates
from pasar.kernel.clock import SystemClock
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.db.migrating import migrate
from pasar.people.companies.public import create_company, create_site
from pasar.roles.bench.databases import BenchHome, admin_of, connected
from pasar.roles.bench.goods import bench_goods
from pasar.shop.catalog.actions.upsert_products import upsert_products
from pasar.shop.catalog.drafts import ProductDraft
from pasar.shop.inventory.public import set_initial_stock

CURRENCY: Final = "USD"
PRODUCTS_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class Seeded:
    """The company that everything belongs to, how many variants were asked for, and how many it sells."""

    company_id: UUID
    asked: int
    variants: int


async def seed(home: BenchHome, variants: int, told: Callable[[int], None]) -> Seeded:
    """Make the empty and the full starting database; `told` hears how many variants are in so far."""
    await migrate(home.empty)
    company_id = await _company(home.empty)
    async with admin_of(home.address) as admin:
        await admin.execute(
            f'CREATE DATABASE "{home.full.database}" TEMPLATE "{home.empty.database}" STRATEGY FILE_COPY'
        )
    written = await _goods(home.full, company_id, variants, told)
    async with connected(home.full) as connection:
        await connection.execute("VACUUM (ANALYZE)")
    return Seeded(company_id, variants, written)


async def _company(address: DatabaseAddress) -> UUID:
    database = await Database.open(address)
    try:
        async with database.transaction() as session:
            company_id = await create_company(
                session, handle="bench", name="Bench", time_zone="UTC", is_demo=True
            )
            await create_site(
                session,
                company_id,
                name="Bench",
                host=None,
                is_default=True,
                currency=CURRENCY,
                currencies=[CURRENCY],
                locale="en",
                locales=["en", "id"],
            )
            zone_id = await add_zone(session, company_id, name="World", countries=["*"])
            for position, (name, price) in enumerate((("Standard", 499), ("Express", 1_499))):
                method = ShippingMethod("", name, "flat", CURRENCY, price)
                await add_method(session, company_id, zone_id, method, position=position)
            await replace_rates(session, company_id, [TaxRate("US", "Sales tax", 72_500, region="CA")])
    finally:
        await database.close()
    return company_id


async def _goods(
    address: DatabaseAddress, company_id: UUID, variants: int, told: Callable[[int], None]
) -> int:
    database = await Database.open(address)
    goods = bench_goods(variants)
    written = 0
    try:
        while batch := list(islice(goods, PRODUCTS_AT_ONCE)):
            await _put_in(database, company_id, batch)
            written += sum(len(draft.variants) for draft in batch)
            told(written)
    finally:
        await database.close()
    return written


async def _put_in(database: Database, company_id: UUID, batch: list[ProductDraft]) -> None:
    at = SystemClock().now()
    async with database.transaction() as session:
        outcomes = await upsert_products(session, company_id, batch, author="bench", currency=CURRENCY, at=at)
        made = [variant for outcome in outcomes for variant in outcome.new_variants]
        stock = [(variant.id, variant.on_hand or 0, variant.allow_backorder) for variant in made]
        await set_initial_stock(session, company_id, stock, author="bench")
