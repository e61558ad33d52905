"""Make a product, with its variants and prices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Unprocessable
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.shop.catalog.actions.add_variant import put_variant, tell_stock
from pasar.shop.catalog.actions.set_prices import Author
from pasar.shop.catalog.actions.stamp_products import stamp_products
from pasar.shop.catalog.admin_schemas import ProductIn
from pasar.shop.catalog.cleaning import clean_html
from pasar.shop.catalog.events import ProductCreated
from pasar.shop.catalog.models import Product, Variant
from pasar.shop.catalog.naming import free_product_handle
from pasar.shop.catalog.option_values import refuse_alike
from pasar.shop.catalog.stock_keeping import stock_keeper

CATEGORY = "SELECT 1 FROM categories WHERE company_id = $1 AND id = $2 FOR KEY SHARE"


async def create_product(
    session: AsyncSession, company_id: UUID, wanted: ProductIn, author: Author, *, unique_skus: bool
) -> UUID:
    """Make the product and answer its id.

    Raises `Conflict` (`handle_taken`, `variant_exists`, `sku_taken`) and `Unprocessable` (`handle_reserved`,
    `category_unknown`, `options_alike`, `options_mismatch`, `price_malformed`, `currency_unknown`).
    """
    refuse_alike(wanted.options)
    await stock_keeper().lock(session, company_id, ())
    await refuse_unknown_category(session, company_id, wanted.category_id)
    product = Product(
        company_id=company_id,
        id=new_id(),
        handle=await free_product_handle(session, company_id, wanted.title, wanted.handle),
        title=wanted.title.strip(),
        description_html=clean_html(wanted.description),
        vendor=wanted.vendor.strip(),
        category_id=wanted.category_id,
        tags=list(dict.fromkeys(wanted.tags)),
        status=wanted.status,
        option_names=[name.strip() for name in wanted.options],
        seo_title=wanted.seo_title,
        seo_description=wanted.seo_description,
        extra={},
        created_at=author.at,
    )
    session.add(product)
    await flush_handle(session)
    there: list[Variant] = []
    for variant in wanted.variants:
        await put_variant(session, product, there, variant, author, unique_skus=unique_skus)
    await tell_stock(session, company_id, there, author)
    await record(session, company_id, ProductCreated(product_id=product.id), at=author.at)
    await stamp_products(session, company_id, [product.id], at=author.at)
    return product.id


async def flush_handle(session: AsyncSession) -> None:
    """Write what is pending. An import may have taken the handle since it was found free: `handle_taken`."""
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict("handle_taken", "This handle was taken just now. Try again.") from None


async def refuse_unknown_category(session: AsyncSession, company_id: UUID, category_id: UUID | None) -> None:
    """Raise `Unprocessable` (`category_unknown`) unless it is none or one of the company's."""
    if category_id is not None and not await fetch(session, CATEGORY, (company_id, category_id)):
        raise Unprocessable(
            "category_unknown",
            "There is no such category. GET /api/admin/categories names them all.",
            errors=[FieldProblem("categoryId", "category_unknown", "There is no such category.")],
        )
