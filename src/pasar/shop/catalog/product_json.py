"""How does a product travel? Its JSON, cut where the stock goes in.

Everything but stock changes only with the product's revision, so it is encoded once per revision and
currency, and an answer is a join of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from pasar.kernel.money import Money
from pasar.shop.catalog.product_facts import PictureFacts, ProductFacts, ShopVariant, StockedProduct

_IN_STOCK = (b',"inStock":false}', b',"inStock":true}')


def product_json(product: StockedProduct, currency: str, media_base: str) -> bytes:
    """The product as JSON, with the variants that are sold in `currency`.

    `media_base` goes before the addresses of pictures: `settings.cdn_base_url`.
    """
    facts = product.facts
    pieces = facts.json.get(currency)
    if pieces is None:
        pieces = facts.json[currency] = _pieces(facts, currency, media_base)
    parts = [pieces[0]]
    for offer, piece in zip(product.offers(currency), pieces[1:-1], strict=True):
        parts += (piece, b"%d" % offer.available, _IN_STOCK[offer.in_stock])
    parts.append(pieces[-1])
    return b"".join(parts)


def products_json(products: Iterable[StockedProduct], currency: str, media_base: str) -> msgspec.Raw:
    """A JSON array of products, to be spliced into an answer."""
    return msgspec.Raw(
        b"[" + b",".join([product_json(product, currency, media_base) for product in products]) + b"]"
    )


def picture_json(picture: PictureFacts, media_base: str) -> dict[str, Any]:
    """A picture: its addresses by width, the widest JPEG as `url`."""
    start = f"{media_base}/media/{picture.content_hash}-"
    srcset = [
        {"width": width, "webp": f"{start}{width}.webp", "jpeg": f"{start}{width}.jpg"}
        for width in picture.widths
    ]
    return {
        "url": srcset[-1]["jpeg"] if srcset else None,
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "colour": picture.colour,
        "srcset": srcset,
    }


def _pieces(facts: ProductFacts, currency: str, media_base: str) -> tuple[bytes, ...]:
    """The head, one piece for each variant up to its stock, and the end."""
    head = msgspec.json.encode(_head(facts, currency, media_base))[:-1] + b',"variants":['
    variants = [
        msgspec.json.encode(_variant(facts, variant, currency))[:-1] + b',"available":'
        for variant in facts.variants
        if currency in variant.prices
    ]
    return (head, *(b"," * (position > 0) + piece for position, piece in enumerate(variants)), b"]}")


def _head(facts: ProductFacts, currency: str, media_base: str) -> dict[str, Any]:
    sold = [variant for variant in facts.variants if currency in variant.prices]
    category = facts.category
    return {
        "id": facts.id,
        "handle": facts.handle,
        "title": facts.title,
        "description": facts.description_html,
        "vendor": facts.vendor,
        "category": category and {"id": category.id, "handle": category.handle, "title": category.title},
        "tags": facts.tags,
        "images": [picture_json(picture, media_base) for picture in facts.pictures],
        "options": [
            {"name": name, "values": list(dict.fromkeys(variant.option_values[place] for variant in sold))}
            for place, name in enumerate(facts.option_names)
        ],
    }


def _variant(facts: ProductFacts, variant: ShopVariant, currency: str) -> dict[str, Any]:
    amount, compare_at = variant.prices[currency]
    return {
        "id": variant.id,
        "sku": variant.sku,
        "title": variant.title,
        "options": dict(zip(facts.option_names, variant.option_values, strict=True)),
        "price": Money(amount, currency).decimal_string(),
        "compareAtPrice": None if compare_at is None else Money(compare_at, currency).decimal_string(),
        "currency": currency,
    }
