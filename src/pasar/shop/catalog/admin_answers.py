"""How do staff's reads travel?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pasar.kernel.money import Money
from pasar.shop.catalog.admin_schemas import (
    AdminCategory,
    AdminPrice,
    AdminProduct,
    AdminProductRow,
    AdminVariant,
    PriceChangeOut,
)
from pasar.shop.catalog.models import Category, Price, PriceChange, Product, Variant


def product_out(product: Product, variants: list[Variant], prices: dict[UUID, list[Price]]) -> AdminProduct:
    """A product with its variants."""
    return AdminProduct(
        id=product.id,
        handle=product.handle,
        title=product.title,
        description=product.description_html,
        vendor=product.vendor,
        category_id=product.category_id,
        tags=product.tags,
        status=product.status,  # type: ignore[arg-type]  # the table's CHECK holds it
        options=product.option_names,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        in_stock=product.in_stock,
        created_at=product.created_at,
        updated_at=product.updated_at,
        variants=[_variant_out(product, variant, prices.get(variant.id, [])) for variant in variants],
    )


def row_out(row: Any) -> AdminProductRow:
    """A row of staff's list."""
    product: Product = row.Product
    return AdminProductRow(
        id=product.id,
        handle=product.handle,
        title=product.title,
        vendor=product.vendor,
        category_id=product.category_id,
        status=product.status,  # type: ignore[arg-type]  # the table's CHECK holds it
        in_stock=product.in_stock,
        variant_count=row.variant_count,
        skus=row.skus or [],
        created_at=product.created_at,
        updated_at=product.updated_at,
    )


def category_out(category: Category) -> AdminCategory:
    """A category."""
    return AdminCategory(
        id=category.id,
        parent_id=category.parent_id,
        handle=category.handle,
        title=category.title,
        description=category.description,
        position=category.position,
        is_active=category.is_active,
    )


def price_change_out(change: PriceChange) -> PriceChangeOut:
    """A change of a price."""
    currency = change.currency
    return PriceChangeOut(
        variant_id=change.variant_id,
        currency=currency,
        old_amount=_decimal(change.old_amount, currency),
        new_amount=_decimal(change.new_amount, currency),
        old_compare_at=_decimal(change.old_compare_at, currency),
        new_compare_at=_decimal(change.new_compare_at, currency),
        changed_at=change.changed_at,
        changed_by=change.changed_by,
    )


def _variant_out(product: Product, variant: Variant, prices: list[Price]) -> AdminVariant:
    return AdminVariant(
        id=variant.id,
        title=variant.title,
        options=dict(zip(product.option_names, variant.option_values, strict=False)),
        sku=variant.sku,
        barcode=variant.barcode,
        weight_grams=variant.weight_grams,
        taxable=variant.taxable,
        requires_shipping=variant.requires_shipping,
        allow_backorder=variant.allow_backorder,
        is_active=variant.is_active,
        in_stock=variant.in_stock,
        position=variant.position,
        prices=[
            AdminPrice(
                currency=price.currency,
                amount=Money(price.amount, price.currency).decimal_string(),
                compare_at=_decimal(price.compare_at, price.currency),
            )
            for price in prices
        ],
    )


def _decimal(minor: int | None, currency: str) -> str | None:
    return None if minor is None else Money(minor, currency).decimal_string()
