"""The demo's goods: categories, products with prices in both currencies, pictures, stock."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.actions.create_category import create_category
from pasar.shop.catalog.admin_schemas import CategoryIn
from pasar.shop.catalog.demo.drawings import render_picture
from pasar.shop.catalog.demo.goods import CATEGORIES, PRODUCTS
from pasar.shop.catalog.demo.model import DemoProduct, DemoVariant
from pasar.shop.catalog.media.rendering import RenderedPicture
from pasar.shop.catalog.media.storing import keep_picture, store_drawn
from pasar.shop.catalog.public import PictureDraft, ProductDraft, VariantDraft, upsert_products
from pasar.shop.inventory.public import set_initial_stock

AUTHOR: Final = "demo"


async def make_categories(session: AsyncSession, company_id: UUID) -> None:
    """Make the five categories, in their order."""
    for position, category in enumerate(CATEGORIES):
        wanted = CategoryIn(
            title=category.title, handle=category.handle, description=category.description, position=position
        )
        await create_category(session, company_id, wanted)


async def draw_pictures(runtime: Runtime) -> dict[str, RenderedPicture]:
    """Draw and keep a picture of each product; answers them by the product's handle."""
    drawn = await asyncio.gather(
        *(store_drawn(runtime.files, partial(render_picture, product.handle)) for product in PRODUCTS)
    )
    return {product.handle: picture for product, picture in zip(PRODUCTS, drawn, strict=True)}


async def stock_shop(
    session: AsyncSession, company_id: UUID, pictures: dict[str, RenderedPicture], *, at: datetime
) -> int:
    """Write products, prices in USD and IDR, pictures and stock; answers the number of products.

    Doing it again changes nothing, and stock that was sold since stays sold.
    """
    kept = {handle: await keep_picture(session, company_id, picture) for handle, picture in pictures.items()}
    for currency in ("USD", "IDR"):
        drafts = [_draft(product, kept[product.handle], currency) for product in PRODUCTS]
        outcomes = await upsert_products(session, company_id, drafts, author=AUTHOR, currency=currency, at=at)
        new = [variant for outcome in outcomes for variant in outcome.new_variants]
        rows = [(variant.id, variant.on_hand or 0, variant.allow_backorder) for variant in new]
        await set_initial_stock(session, company_id, rows, author=AUTHOR)
    return len(PRODUCTS)


def _draft(product: DemoProduct, picture_id: UUID, currency: str) -> ProductDraft:
    return ProductDraft(
        handle=product.handle,
        title=product.title,
        description_html=product.description,
        vendor=product.vendor,
        category_handle=product.category,
        tags=product.tags,
        option_names=product.options,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        variants=tuple(_variant(variant, currency) for variant in product.variants),
        pictures=(PictureDraft(picture_id=picture_id, alt=product.alt),),
    )


def _variant(variant: DemoVariant, currency: str) -> VariantDraft:
    dollars = currency == "USD"
    return VariantDraft(
        option_values=variant.options,
        sku=variant.sku,
        weight_grams=variant.weight,
        price_minor=variant.usd if dollars else variant.idr,
        compare_at_minor=variant.compare_at_usd if dollars else variant.compare_at_idr,
        on_hand=variant.stock,
    )
