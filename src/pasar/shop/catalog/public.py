"""The catalogue's front door."""

from pasar.shop.catalog.actions.set_in_stock import set_in_stock
from pasar.shop.catalog.actions.stamp_products import restamp_products, stamp_products
from pasar.shop.catalog.actions.upsert_products import upsert_products
from pasar.shop.catalog.cards import picture, product_card, product_cards
from pasar.shop.catalog.category_tree import CategoryNode, CategoryTree
from pasar.shop.catalog.drafts import (
    NewVariant,
    PictureDraft,
    ProductDraft,
    UpsertOutcome,
    VariantDraft,
)
from pasar.shop.catalog.line_pictures import LinePicture, pictures_for
from pasar.shop.catalog.listing import (
    CataloguePage,
    CatalogueQuery,
    category_tree,
    product_page,
    products_by_id,
    search_catalogue,
    suggest,
)
from pasar.shop.catalog.product_facts import (
    CategoryFacts,
    Offer,
    PictureFacts,
    ProductFacts,
    ShopVariant,
    StockedProduct,
)
from pasar.shop.catalog.product_json import product_json, products_json
from pasar.shop.catalog.product_page import offer_for
from pasar.shop.catalog.variant_facts import VariantFacts, variants_by_id, variants_by_sku
from pasar.shop.catalog.variant_listing import variant_list

__all__ = [
    "CataloguePage",
    "CatalogueQuery",
    "CategoryFacts",
    "CategoryNode",
    "CategoryTree",
    "LinePicture",
    "NewVariant",
    "Offer",
    "PictureDraft",
    "PictureFacts",
    "ProductDraft",
    "ProductFacts",
    "ShopVariant",
    "StockedProduct",
    "UpsertOutcome",
    "VariantDraft",
    "VariantFacts",
    "category_tree",
    "offer_for",
    "picture",
    "pictures_for",
    "product_card",
    "product_cards",
    "product_json",
    "product_page",
    "products_by_id",
    "products_json",
    "restamp_products",
    "search_catalogue",
    "set_in_stock",
    "stamp_products",
    "suggest",
    "upsert_products",
    "variant_list",
    "variants_by_id",
    "variants_by_sku",
]
