"""Take a variant out of sale for good. Its row stays: orders, stock and price history name it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.events import record
from pasar.shop.catalog.actions.lock_product import lock_product, variant_in, variants_of
from pasar.shop.catalog.actions.set_prices import Author
from pasar.shop.catalog.actions.stamp_products import stamp_products
from pasar.shop.catalog.events import ProductUpdated


async def remove_variant(
    session: AsyncSession, company_id: UUID, product_id: UUID, variant_id: UUID, author: Author
) -> None:
    """Switch the variant off; doing it again changes nothing. Raises `NotFound`."""
    product = await lock_product(session, company_id, product_id)
    variant = variant_in(await variants_of(session, product), variant_id)
    if variant.is_active:
        variant.is_active = False
        await record(session, company_id, ProductUpdated(product_id=product_id), at=author.at)
        await stamp_products(session, company_id, [product_id], at=author.at)
