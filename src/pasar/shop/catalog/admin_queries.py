"""Reads for staff: always fresh, since PostgreSQL itself searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, cast, exists, false, func, select
from sqlalchemy.dialects.postgresql import TSQUERY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import NotFound
from pasar.shop.catalog.admin_schemas import AdminSort
from pasar.shop.catalog.models import Category, Price, PriceChange, Product, Variant
from pasar.shop.catalog.search_text import search_query


@dataclass(frozen=True, slots=True)
class StaffQuery:
    """What staff look for. `sku` is exact; prices are minor units of `currency`, both inclusive.
    `reverse` turns the order of `sort` around."""

    text: str = ""
    status: str | None = None
    category_id: UUID | None = None
    sku: str | None = None
    currency: str | None = None
    price_min: int | None = None
    price_max: int | None = None
    sort: AdminSort = "newest"
    reverse: bool = False


async def staff_products(
    session: AsyncSession, company_id: UUID, query: StaffQuery, *, limit: int, offset: int
) -> tuple[list[Any], int]:
    """A page of products as rows (`Product`, `variant_count`, `skus`), and how many there are in all."""
    chosen = products_like(company_id, query)
    total = await session.scalar(select(func.count()).select_from(chosen.subquery()))
    of_product = (Variant.company_id == Product.company_id, Variant.product_id == Product.id)
    counted = select(func.count()).where(*of_product, Variant.is_active).scalar_subquery()
    skus = (
        select(func.array_agg(aggregate_order_by(Variant.sku, Variant.position.asc())))
        .where(*of_product, Variant.is_active, Variant.sku.is_not(None))
        .scalar_subquery()
    )
    by = {"newest": Product.created_at, "updated": Product.updated_at, "title": func.lower(Product.title)}
    rising = (query.sort == "title") != query.reverse
    order = [key.asc() if rising else key.desc() for key in (by[query.sort], Product.id)]
    page = chosen.with_only_columns(Product, counted.label("variant_count"), skus.label("skus"))
    rows = await session.execute(page.order_by(*order).limit(limit).offset(offset))
    return list(rows), total or 0


def products_like(company_id: UUID, query: StaffQuery) -> Select[Any]:
    """The ids of the products that staff look for. Only what is asked stands in the statement, so that
    PostgreSQL plans each question by its own index."""
    chosen: Select[Any] = select(Product.id).where(Product.company_id == company_id)
    if query.text:
        words = search_query(query.text)
        found = Product.search.op("@@")(cast(words, TSQUERY)) if words else false()
        chosen = chosen.where(found)
    if query.status is not None:
        chosen = chosen.where(Product.status == query.status)
    if query.category_id is not None:
        chosen = chosen.where(Product.category_id == query.category_id)
    if query.sku is not None:
        skus = select(Variant.product_id).where(Variant.company_id == company_id, Variant.sku == query.sku)
        chosen = chosen.where(Product.id.in_(skus))
    if query.currency is not None:
        chosen = chosen.where(Product.id.in_(_priced(company_id, query)))
    return chosen


def _priced(company_id: UUID, query: StaffQuery) -> Select[Any]:
    """The products with a price in the currency and within the bounds."""
    prices = (
        select(Variant.product_id)
        .join(Price, (Price.company_id == Variant.company_id) & (Price.variant_id == Variant.id))
        .where(Price.company_id == company_id, Price.currency == query.currency)
    )
    if query.price_min is not None:
        prices = prices.where(Price.amount >= query.price_min)
    if query.price_max is not None:
        prices = prices.where(Price.amount <= query.price_max)
    return prices


async def staff_product(
    session: AsyncSession, company_id: UUID, product_id: UUID
) -> tuple[Product, list[Variant], dict[UUID, list[Price]]]:
    """A product of any status with its variants and their everyday prices. Raises `NotFound`."""
    product = await session.scalar(
        select(Product).where(Product.company_id == company_id, Product.id == product_id)
    )
    if product is None:
        raise NotFound("product_not_found", "There is no such product.")
    variants = await session.scalars(
        select(Variant)
        .where(Variant.company_id == company_id, Variant.product_id == product_id)
        .order_by(Variant.position, Variant.id)
    )
    found = list(variants)
    return product, found, await _prices(session, company_id, [variant.id for variant in found])


async def _prices(
    session: AsyncSession, company_id: UUID, variant_ids: Sequence[UUID]
) -> dict[UUID, list[Price]]:
    rows = await session.scalars(
        select(Price)
        .where(
            Price.company_id == company_id,
            Price.variant_id.in_(variant_ids),
            Price.price_list.is_(None),
            Price.min_quantity == 1,
            Price.starts_at.is_(None),
        )
        .order_by(Price.currency)
    )
    prices: dict[UUID, list[Price]] = {}
    for price in rows:
        prices.setdefault(price.variant_id, []).append(price)
    return prices


async def staff_categories(session: AsyncSession, company_id: UUID) -> list[Category]:
    """All categories, switched-off ones included."""
    rows = await session.scalars(
        select(Category)
        .where(Category.company_id == company_id)
        .order_by(Category.position, Category.title, Category.id)
    )
    return list(rows)


async def price_history(
    session: AsyncSession,
    company_id: UUID,
    product_id: UUID,
    *,
    currency: str | None,
    limit: int,
    offset: int,
) -> list[PriceChange]:
    """Changes of the product's prices, the newest first. Raises `NotFound` for an unknown product."""
    known = select(exists().where(Product.company_id == company_id, Product.id == product_id))
    if not await session.scalar(known):
        raise NotFound("product_not_found", "There is no such product.")
    variants = select(Variant.id).where(Variant.company_id == company_id, Variant.product_id == product_id)
    changes = select(PriceChange).where(
        PriceChange.company_id == company_id, PriceChange.variant_id.in_(variants)
    )
    if currency is not None:
        changes = changes.where(PriceChange.currency == currency)
    ordered = changes.order_by(PriceChange.changed_at.desc(), PriceChange.id.desc())
    return list(await session.scalars(ordered.limit(limit).offset(offset)))
