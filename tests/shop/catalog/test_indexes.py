"""On a big catalogue each look-up goes by its index: text, SKU, category, price and status."""

from __future__ import annotations

from uuid import UUID

import pytest

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.ids import new_id
from pasar.shop.catalog import queries, search_loading, variant_facts
from pasar.shop.catalog.admin_queries import StaffQuery, products_like

COMPANY = new_id()
CATEGORY = UUID(int=7)

# 20,000 products, each with a variant and a price.
CATEGORIES = """
INSERT INTO categories (company_id, id, handle, title)
SELECT $1, ('00000000-0000-0000-0000-' || lpad(to_hex(n), 12, '0'))::uuid, 'c' || n, 'C' || n
  FROM generate_series(1, 100) AS n
"""
PRODUCTS = """
INSERT INTO products (company_id, id, handle, title, category_id, status, search, revision, created_at)
SELECT $1, gen_random_uuid(), 'p' || n, 'Product ' || n,
       ('00000000-0000-0000-0000-' || lpad(to_hex(1 + n % 100), 12, '0'))::uuid,
       CASE WHEN n % 200 = 0 THEN 'draft' ELSE 'active' END,
       ('product:1A word' || n % 997 || ':1D')::tsvector, n, now() - n * interval '1 minute'
  FROM generate_series(1, 20000) AS n
"""
VARIANTS = """
INSERT INTO variants (company_id, id, product_id, sku)
SELECT company_id, gen_random_uuid(), id, 'SKU-' || handle FROM products
"""
PRICES = """
INSERT INTO prices (company_id, id, variant_id, currency, amount)
SELECT company_id, gen_random_uuid(), id, 'USD', 100 + abs(hashtext(sku)) % 100000 FROM variants
"""
FILL = ((CATEGORIES, (COMPANY,)), (PRODUCTS, (COMPANY,)), (VARIANTS, ()), (PRICES, ()))


@pytest.fixture
async def big(fresh_database: Database) -> Database:
    """A database with a big catalogue, analysed."""
    database = fresh_database
    for statement, arguments in FILL:
        await database.rows(statement, *arguments)
    for table in ("categories", "products", "variants", "prices", "stock_levels"):
        await database.rows(f"ANALYZE {table}")  # a name from this line
    return database


async def plan_of(database: Database, statement: str, *arguments: object) -> str:
    return "\n".join(row[0] for row in await database.rows("EXPLAIN " + statement, *arguments))


async def staff_plan(database: Database, query: StaffQuery) -> str:
    """The plan of what staff's list sends, parameters and all."""
    compiled = products_like(COMPANY, query).compile(dialect=database.engine.dialect)
    arguments = tuple(compiled.params[name] for name in compiled.positiontup or ())
    async with database.transaction() as session:
        return "\n".join(row[0] for row in await fetch(session, f"EXPLAIN {compiled}", arguments))


@pytest.mark.parametrize(
    ("query", "index", "table"),
    [
        (StaffQuery(text="word500"), "ix_products_search", "products"),
        (StaffQuery(sku="SKU-p77"), "ix_variants_company_id_sku", "variants"),
        (StaffQuery(category_id=CATEGORY), "ix_products_company_id_category_id", "products"),
        (StaffQuery(status="draft"), "ix_products_company_id_status_created_at", "products"),
        (
            StaffQuery(currency="USD", price_min=500, price_max=510),
            "ix_prices_company_id_currency_amount",
            "prices",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_staff_look_ups(big: Database, query: StaffQuery, index: str, table: str) -> None:
    plan = await staff_plan(big, query)
    assert index in plan, plan
    assert f"Seq Scan on {table}" not in plan, plan


async def test_shoppers_and_neighbours_read_by_key(big: Database) -> None:
    ids = [row["id"] for row in await big.rows("SELECT id FROM products LIMIT 20")]
    variants = [row["id"] for row in await big.rows("SELECT id FROM variants LIMIT 60")]
    plans = {
        "page of products": await plan_of(big, queries.BY_IDS, COMPANY, ids),
        "product by handle": await plan_of(big, queries.BY_HANDLE, COMPANY, "p500"),
        "standing": await plan_of(big, queries.STANDING, COMPANY, ids, variants),
        "changes": await plan_of(big, search_loading.AFTER_REVISION, COMPANY, 19_990, 1000),
        "variants by id": await plan_of(big, variant_facts.BY_ID, COMPANY, variants),
        "variants by sku": await plan_of(big, variant_facts.BY_SKU, COMPANY, "SKU-p77"),
    }
    for name, plan in plans.items():
        for table in ("products", "variants", "prices"):
            assert f"Seq Scan on {table}" not in plan, f"{name}:\n{plan}"
