"""Change a variant: its options, SKU, weight, switches and prices."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict
from pasar.kernel.events import record
from pasar.shop.catalog.actions.lock_product import lock_product, variant_in, variants_of
from pasar.shop.catalog.actions.set_prices import Author, set_prices
from pasar.shop.catalog.actions.stamp_products import stamp_products
from pasar.shop.catalog.admin_schemas import VariantChange
from pasar.shop.catalog.events import ProductUpdated
from pasar.shop.catalog.models import Product, Variant
from pasar.shop.catalog.naming import lock_names, refuse_taken_sku
from pasar.shop.catalog.option_values import values_for, variant_title

PLAIN_FIELDS = (
    "sku", "barcode", "weight_grams", "taxable", "requires_shipping", "is_active",
    "position",
)  # fmt: skip


async def change_variant(
    session: AsyncSession,
    company_id: UUID,
    product_id: UUID,
    variant_id: UUID,
    change: VariantChange,
    author: Author,
    *,
    unique_skus: bool,
) -> None:
    """Change what `change` names. Writes nothing when all of it is so already.

    Raises `NotFound`, `Conflict` (`variant_exists`, `sku_taken`) and `Unprocessable`.
    """
    product = await lock_product(session, company_id, product_id)
    there = await variants_of(session, product)
    variant = variant_in(there, variant_id)
    if change.options is not UNSET:
        _choose(product, there, variant, values_for(product.option_names, change.options))
    if unique_skus and change.sku is not UNSET:
        await lock_names(session, company_id)
        await refuse_taken_sku(session, company_id, change.sku, variant_id)
    for name in PLAIN_FIELDS:
        value = getattr(change, name)
        if value is not UNSET and value != getattr(variant, name):
            setattr(variant, name, value)
    changed = session.is_modified(variant)
    if change.prices is not UNSET:
        changed |= await set_prices(session, company_id, variant_id, change.prices, author)
    if changed:
        await record(session, company_id, ProductUpdated(product_id=product_id), at=author.at)
        await stamp_products(session, company_id, [product_id], at=author.at)


def _choose(product: Product, there: list[Variant], variant: Variant, values: list[str]) -> None:
    if values == variant.option_values:
        return
    if any(other.option_values == values for other in there):
        raise Conflict("variant_exists", f"{product.title} has, or had, a variant of these options.")
    variant.option_values, variant.title = values, variant_title(values)
