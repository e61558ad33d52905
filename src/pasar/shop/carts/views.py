"""How does a cart look on the wire?"""

from __future__ import annotations

from typing import Final

from pasar.kernel.money import Money
from pasar.shop.carts.queries import CartFacts, LineFacts, LinePicture
from pasar.shop.carts.schemas import CartView, ItemView, PictureView, TotalsView
from pasar.shop.carts.totals import CartTotals

__all__ = ["cart_view", "picture_view", "totals_view"]

THUMBNAIL_WIDTH: Final = 240
"""Pixels that a line's picture has at least, where it is kept so wide."""


def cart_view(cart: CartFacts, token: str | None = None) -> CartView:
    """The cart with totals reckoned now."""
    return CartView(
        id=cart.id,
        session_token=token,
        currency=cart.currency,
        items=[_item(line, cart.currency) for line in cart.lines],
        totals=totals_view(cart.totals()),
    )


def totals_view(totals: CartTotals) -> TotalsView:
    """Totals as decimal strings."""
    currency = totals.currency
    return TotalsView(
        subtotal=_decimal(totals.subtotal, currency),
        discount_total=_decimal(totals.discount_total, currency),
        tax_total=_decimal(totals.tax_total, currency),
        shipping_total=_decimal(totals.shipping_total, currency),
        grand_total=_decimal(totals.grand_total, currency),
        item_count=totals.item_count,
        tax_included=totals.tax_included,
    )


def picture_view(picture: LinePicture | None) -> PictureView | None:
    """The narrowest kept JPEG that is wide enough for a line."""
    if picture is None:
        return None
    fitting = [width for width in picture.widths if width >= THUMBNAIL_WIDTH]
    width = min(fitting) if fitting else max(picture.widths, default=picture.width)
    height = max(1, round(picture.height * width / picture.width))
    return PictureView(
        url=f"/media/{picture.content_hash}-{width}.jpg",
        alt=picture.alt,
        width=width,
        height=height,
        colour=picture.colour,
    )


def _item(line: LineFacts, currency: str) -> ItemView:
    amount = line.amount
    return ItemView(
        id=line.id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        handle=line.handle,
        title=line.title,
        variant_title=line.variant_title,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=None if amount is None else _decimal(amount, currency),
        compare_at_price=None if line.compare_at is None else _decimal(line.compare_at, currency),
        line_total=None if amount is None else _decimal(amount * line.quantity, currency),
        for_sale=amount is not None,
        in_stock=line.enough,
        requires_shipping=line.requires_shipping,
        picture=picture_view(line.picture),
        custom_fields=line.custom_fields,
    )


def _decimal(minor: int, currency: str) -> str:
    return Money(minor, currency).decimal_string()
