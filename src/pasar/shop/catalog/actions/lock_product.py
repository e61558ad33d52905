"""Take hold of a product before anything of it changes: all writers begin here, so none waits in a circle."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import NotFound
from pasar.shop.catalog.models import Product, Variant


async def lock_product(session: AsyncSession, company_id: UUID, product_id: UUID) -> Product:
    """The company's product, its row locked. Raises `NotFound` (`product_not_found`)."""
    product = await session.scalar(
        select(Product)
        .where(Product.company_id == company_id, Product.id == product_id)
        .with_for_update(key_share=True)
    )
    if product is None:
        raise NotFound("product_not_found", "There is no such product.")
    return product


async def variants_of(session: AsyncSession, product: Product) -> list[Variant]:
    """The variants of a locked product, in order, removed ones included."""
    found = await session.scalars(
        select(Variant)
        .where(Variant.company_id == product.company_id, Variant.product_id == product.id)
        .order_by(Variant.position, Variant.id)
    )
    return list(found)


def variant_in(variants: list[Variant], variant_id: UUID) -> Variant:
    """The variant of this id. Raises `NotFound` (`variant_not_found`)."""
    for variant in variants:
        if variant.id == variant_id:
            return variant
    raise NotFound("variant_not_found", "This product has no such variant.")
