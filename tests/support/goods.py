"""Makers of goods: products with a price and stock, ready to be sold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.ids import new_id
from pasar.kernel.money import Money
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.actions.upsert_products import upsert_products
from pasar.shop.catalog.drafts import ProductDraft, VariantDraft
from pasar.shop.inventory.models import Location, StockLevel
from support.shops import Shop


@dataclass(frozen=True, slots=True)
class MadeProduct:
    """What `make_product` made; `variant_ids` in the order asked for."""

    product_id: UUID
    variant_ids: tuple[UUID, ...]
    handle: str


async def make_product(
    runtime: Runtime,
    shop: Shop,
    *,
    title: str = "Mug",
    price: str | None = "12.00",
    currency: str = "USD",
    stock: int = 10,
    variants: Mapping[str, str] | None = None,
    status: str = "active",
    allow_backorder: bool = False,
    weight_grams: int = 300,
    category: str | None = None,
    vendor: str = "",
    description: str = "",
    sku: str | None = None,
) -> MadeProduct:
    """Make an active product. `variants` maps a value of the option "Size" to its price ("S": "10.00").

    Each variant has `stock` on hand at the company's first location. Every call makes another product, even
    under the same title.
    """
    sizes = variants or {}
    rows: list[tuple[tuple[str, ...], str | None]] = [((size,), amount) for size, amount in sizes.items()]
    rows = rows or [((), price)]
    handle = f"{title.lower().replace(' ', '-')}-{new_id().hex[-8:]}"
    draft = ProductDraft(
        handle=handle,
        title=title,
        description_html=description,
        vendor=vendor,
        category_title=category,
        status=status,  # type: ignore[arg-type]  # tests name a status in plain text
        option_names=("Size",) if sizes else (),
        variants=tuple(
            VariantDraft(
                option_values=values,
                sku=sku if sku is None or not values else f"{sku}-{values[0]}",
                weight_grams=weight_grams,
                allow_backorder=allow_backorder,
                price_minor=None if amount is None else Money.parse(amount, currency).minor,
                on_hand=stock,
            )
            for values, amount in rows
        ),
    )
    now = datetime.now(UTC)
    async with runtime.database.transaction() as session:
        (made,) = await upsert_products(
            session, shop.company_id, [draft], author="test", currency=currency, at=now
        )
        assert made.product_id is not None, made.problem
        ids = tuple(made.variants[values] for values, _ in rows)
        await _stock(session, shop.company_id, [(variant_id, stock, allow_backorder) for variant_id in ids])
    return MadeProduct(made.product_id, ids, handle)


async def _stock(session: AsyncSession, company_id: UUID, rows: list[tuple[UUID, int, bool]]) -> None:
    """Through inventory's door where it stands; straight into its tables before."""
    if find_spec("pasar.shop.inventory.public") is not None:
        public = import_module("pasar.shop.inventory.public")
        await public.set_initial_stock(session, company_id, rows)
        return
    location_id = await session.scalar(select(Location.id).where(Location.company_id == company_id))
    if location_id is None:
        location_id = new_id()
        session.add(Location(company_id=company_id, id=location_id, name="Main"))
        await session.flush()
    for variant_id, on_hand, backorder in rows:
        session.add(
            StockLevel(
                company_id=company_id,
                variant_id=variant_id,
                location_id=location_id,
                on_hand=on_hand,
                allow_backorder=backorder,
            )
        )
