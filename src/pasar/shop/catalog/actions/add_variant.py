"""Give a product another variant."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.shop.catalog.actions.lock_product import lock_product, variants_of
from pasar.shop.catalog.actions.set_prices import Author, set_prices
from pasar.shop.catalog.actions.stamp_products import stamp_products
from pasar.shop.catalog.admin_schemas import VariantIn
from pasar.shop.catalog.draft_problems import MOST_VARIANTS
from pasar.shop.catalog.events import ProductUpdated
from pasar.shop.catalog.models import Product, Variant
from pasar.shop.catalog.naming import lock_names, refuse_taken_sku
from pasar.shop.catalog.option_values import values_for, variant_title
from pasar.shop.catalog.stock_keeping import stock_keeper

VARIANTS = "SELECT id FROM variants WHERE company_id = $1 AND product_id = $2"


async def add_variant(
    session: AsyncSession,
    company_id: UUID,
    product_id: UUID,
    wanted: VariantIn,
    author: Author,
    *,
    unique_skus: bool,
) -> UUID:
    """Add a variant with its prices, and answer its id.

    A removed variant of the same options comes back under its old id, with the details sent. Raises
    `NotFound`, `Conflict` (`variant_exists`, `sku_taken`, `too_many_variants`, and `backorders_open` when it
    comes back without orders beyond its stock, and has such) and `Unprocessable`.
    """
    await _lock_stock(session, company_id, product_id)
    product = await lock_product(session, company_id, product_id)
    if unique_skus:
        await lock_names(session, company_id)
    there = await variants_of(session, product)
    variant = await put_variant(session, product, there, wanted, author, unique_skus=unique_skus)
    await tell_stock(session, company_id, [variant], author)
    await record(session, company_id, ProductUpdated(product_id=product_id), at=author.at)
    await stamp_products(session, company_id, [product_id], at=author.at)
    return variant.id


async def put_variant(
    session: AsyncSession,
    product: Product,
    there: list[Variant],
    wanted: VariantIn,
    author: Author,
    *,
    unique_skus: bool,
) -> Variant:
    """Write one variant beside those that are `there`, and append it to them."""
    values = values_for(product.option_names, wanted.options)
    variant = next((known for known in there if known.option_values == values), None)
    if variant is not None and variant.is_active:
        raise Conflict("variant_exists", "The product has a variant of these options. Change that one.")
    if len(there) >= MOST_VARIANTS:
        raise Conflict("too_many_variants", f"A product has at most {MOST_VARIANTS} variants.")
    if variant is None:
        variant = Variant(company_id=product.company_id, id=new_id(), product_id=product.id, extra={})
        variant.option_values, variant.title = values, variant_title(values)
        variant.position = 1 + max((known.position for known in there), default=-1)
        variant.in_stock = wanted.allow_backorder
        there.append(variant)
        session.add(variant)
    if unique_skus:
        await refuse_taken_sku(session, product.company_id, wanted.sku, variant.id)
    variant.sku, variant.barcode = wanted.sku, wanted.barcode
    variant.weight_grams, variant.taxable = wanted.weight_grams, wanted.taxable
    variant.requires_shipping, variant.allow_backorder = wanted.requires_shipping, wanted.allow_backorder
    variant.is_active = wanted.is_active
    await session.flush()
    await set_prices(session, product.company_id, variant.id, wanted.prices, author)
    return variant


async def tell_stock(
    session: AsyncSession, company_id: UUID, variants: Sequence[Variant], author: Author
) -> None:
    """Tell who keeps the stock which of these may be ordered without any. Stock was locked before products.

    Raises `Conflict` `backorders_open`.
    """
    switches = {variant.id: variant.allow_backorder for variant in variants}
    if await stock_keeper().allow_backorder(session, company_id, switches, author=author.label):
        raise Conflict(
            "backorders_open",
            "More of this variant is promised than lies there. Add it with allowBackorder, or put goods in.",
        )


async def _lock_stock(session: AsyncSession, company_id: UUID, product_id: UUID) -> None:
    """Stock before products: a removed variant that comes back may have some."""
    rows = await fetch(session, VARIANTS, (company_id, product_id))
    await stock_keeper().lock(session, company_id, [row.id for row in rows])
