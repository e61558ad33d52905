"""How does the catalogue's product become a product of a Shopify file again?

The mirror of `importing.shopify_drafts`. Left out is what the format cannot say: variants that are no longer
sold, variants without a price in the file's currency, prices by quantity, period or list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.kernel.files import Files
from pasar.shop.catalog.importing.shopify_drafts import GIFT_CARD
from pasar.shop.catalog.media.addresses import Rendering
from pasar.shop.catalog.shopify_product import ShopifyImage, ShopifyProduct, ShopifyVariant, Status
from pasar.shop.catalog.stock_keeping import stock_keeper

BATCH: Final = 250

PRODUCTS: Final = """
SELECT p.id, p.handle, p.title, p.description_html, p.vendor, p.tags, p.status, p.option_names, p.seo_title,
       p.seo_description, p.extra::text AS extra, coalesce(c.title, '') AS category
  FROM products p
  LEFT JOIN categories c ON c.company_id = p.company_id AND c.id = p.category_id
 WHERE p.company_id = $1 AND ($2::uuid IS NULL OR p.id > $2)
 ORDER BY p.id
 LIMIT $3
"""
VARIANTS: Final = """
SELECT v.id, v.product_id, v.option_values, v.sku, v.barcode, v.weight_grams, v.taxable, v.requires_shipping,
       v.allow_backorder, v.media_id, v.extra::text AS extra, price.amount, price.compare_at
  FROM variants v
  JOIN prices price
    ON price.company_id = v.company_id AND price.variant_id = v.id AND price.currency = $3
   AND price.price_list IS NULL AND price.min_quantity = 1 AND price.starts_at IS NULL
 WHERE v.company_id = $1 AND v.product_id = ANY($2::uuid[]) AND v.is_active
 ORDER BY v.product_id, v.position, v.id
"""
PICTURES: Final = """
SELECT m.id, m.product_id, m.alt, m.source_url, p.content_hash, p.widths
  FROM product_media m
  LEFT JOIN pictures p ON p.company_id = m.company_id AND p.id = m.picture_id
 WHERE m.company_id = $1 AND m.product_id = ANY($2::uuid[])
 ORDER BY m.product_id, m.position, m.id
"""
EXTRAS: Final = """
SELECT name FROM (
    SELECT DISTINCT jsonb_object_keys(extra) AS name FROM products WHERE company_id = $1
     UNION
    SELECT DISTINCT jsonb_object_keys(extra) FROM variants WHERE company_id = $1) names
 ORDER BY name
"""


async def extra_columns(database: Database, company_id: UUID) -> list[str]:
    """The headings of all columns that the catalogue carries without using them, by their letters."""
    return [row["name"] for row in await database.rows(EXTRAS, company_id) if row["name"] != GIFT_CARD]


async def products_after(
    database: Database, files: Files, company_id: UUID, after: UUID | None, *, currency: str, base_url: str
) -> tuple[list[ShopifyProduct], UUID | None]:
    """The next products after the one with the id `after`, and the last id; no id when there are no more.

    `base_url` (without a slash at the end) comes before the addresses of pictures that were uploaded here.
    """
    rows = await database.rows(PRODUCTS, company_id, after, BATCH)
    ids = [row["id"] for row in rows]
    if not ids:
        return [], None
    variants = _grouped(await database.rows(VARIANTS, company_id, ids, currency))
    pictures = _grouped(await database.rows(PICTURES, company_id, ids))
    variant_ids = [variant["id"] for group in variants.values() for variant in group]
    on_hand = await stock_keeper().on_hand(database, company_id, variant_ids)

    def told(row: Any) -> ShopifyProduct:
        addresses = {one["id"]: _address(one, files, base_url) for one in pictures[row["id"]]}
        return _product(row, variants[row["id"]], pictures[row["id"]], addresses, on_hand)

    return [told(row) for row in rows], ids[-1]


def _grouped(rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row["product_id"]].append(row)
    return groups


def _address(picture: Any, files: Files, base_url: str) -> str:
    """Where the picture came from, else where we serve it."""
    if picture["source_url"]:
        return str(picture["source_url"])
    address = files.public_address(Rendering(picture["content_hash"], max(picture["widths"]), "jpg").path)
    return f"{base_url}{address}" if address.startswith("/") else address


def _product(
    row: Any,
    variants: Sequence[Any],
    pictures: Sequence[Any],
    addresses: Mapping[UUID, str],
    on_hand: Mapping[UUID, int],
) -> ShopifyProduct:
    extra = msgspec.json.decode(row["extra"], type=dict[str, str])
    gift_card = extra.pop(GIFT_CARD, "") == "true"
    images = tuple(
        ShopifyImage(addresses[one["id"]], place, one["alt"]) for place, one in enumerate(pictures, 1)
    )
    return ShopifyProduct(
        handle=row["handle"],
        title=row["title"],
        body_html=row["description_html"],
        vendor=row["vendor"],
        product_type=row["category"],
        tags=tuple(row["tags"]),
        published=row["status"] == "active",
        options=tuple(row["option_names"]),
        variants=tuple(_variant(one, addresses, on_hand) for one in variants),
        images=images,
        seo_title=row["seo_title"],
        seo_description=row["seo_description"],
        status=cast("Status", row["status"]),
        gift_card=gift_card,
        extra=extra,
    )


def _variant(row: Any, addresses: Mapping[UUID, str], on_hand: Mapping[UUID, int]) -> ShopifyVariant:
    return ShopifyVariant(
        options=tuple(row["option_values"]),
        sku=row["sku"],
        barcode=row["barcode"],
        weight_grams=row["weight_grams"],
        quantity=on_hand.get(row["id"]),
        policy="continue" if row["allow_backorder"] else "deny",
        price_minor=row["amount"],
        compare_at_minor=row["compare_at"],
        requires_shipping=row["requires_shipping"],
        taxable=row["taxable"],
        image_src=addresses.get(row["media_id"]),
        extra=msgspec.json.decode(row["extra"], type=dict[str, str]),
    )
