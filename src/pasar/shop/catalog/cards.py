"""How does a product look in a grid, and which pictures does its page show?"""

from __future__ import annotations

from collections.abc import Iterable

from pasar.shop.catalog.product_facts import PictureFacts, StockedProduct
from pasar.web.pictures import Picture, PictureSize, ProductCard


def product_cards(products: Iterable[StockedProduct], currency: str, media_base: str) -> list[ProductCard]:
    """Cards of those that are sold in `currency`, in order. `media_base`: `settings.cdn_base_url`."""
    return [card for product in products if (card := product_card(product, currency, media_base))]


def product_card(product: StockedProduct, currency: str, media_base: str) -> ProductCard | None:
    """The product with its lowest price; None where it is not sold in `currency`."""
    offers = product.offers(currency)
    if not offers:
        return None
    cheapest = min(offers, key=lambda offer: offer.amount)
    pictures = product.facts.pictures
    return ProductCard(
        title=product.facts.title,
        path=f"/products/{product.facts.handle}",
        price=cheapest.amount,
        currency=currency,
        vendor=product.facts.vendor,
        compare_at=cheapest.compare_at,
        from_price=any(offer.amount != cheapest.amount for offer in offers),
        in_stock=any(offer.in_stock for offer in offers),
        picture=picture(pictures[0], media_base) if pictures else None,
    )


def picture(facts: PictureFacts, media_base: str) -> Picture:
    """A stored picture as templates take it."""
    start = f"{media_base}/media/{facts.content_hash}-"
    return Picture(
        alt=facts.alt,
        width=facts.width,
        height=facts.height,
        colour=facts.colour,
        sizes=tuple(
            PictureSize(width, f"{start}{width}.webp", f"{start}{width}.jpg") for width in facts.widths
        ),
    )
