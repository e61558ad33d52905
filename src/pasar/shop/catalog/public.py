"""The catalogue's front door."""

from pasar.shop.catalog.actions.set_in_stock import set_in_stock
from pasar.shop.catalog.actions.stamp_products import restamp_products, stamp_products
from pasar.shop.catalog.actions.upsert_products import upsert_products
from pasar.shop.catalog.drafts import (
    NewVariant,
    PictureDraft,
    ProductDraft,
    UpsertOutcome,
    VariantDraft,
)
from pasar.shop.catalog.variant_facts import VariantFacts, variants_by_id, variants_by_sku

__all__ = [
    "NewVariant",
    "PictureDraft",
    "ProductDraft",
    "UpsertOutcome",
    "VariantDraft",
    "VariantFacts",
    "restamp_products",
    "set_in_stock",
    "stamp_products",
    "upsert_products",
    "variants_by_id",
    "variants_by_sku",
]
