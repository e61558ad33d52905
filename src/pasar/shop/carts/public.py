"""The front door of carts."""

from pasar.shop.carts.actions.add_line import WantedLine
from pasar.shop.carts.actions.attach_cart import attach_cart
from pasar.shop.carts.actions.change_line import change_line
from pasar.shop.carts.actions.convert_cart import (
    ConvertedCart,
    cart_for_checkout,
    convert_cart,
    converted_cart,
    reopen_cart,
)
from pasar.shop.carts.actions.forget_words import forget_words
from pasar.shop.carts.actions.note_email import note_email
from pasar.shop.carts.adding import add_to_cart, add_to_own_cart
from pasar.shop.carts.cart_page import CartPageLine, cart_page_lines
from pasar.shop.carts.owners import Owner
from pasar.shop.carts.page_owner import page_owner
from pasar.shop.carts.queries import CartFacts, LineFacts, LinePicture, cart_count, find_cart, read_cart
from pasar.shop.carts.refusals import cart_not_found
from pasar.shop.carts.schemas import PictureView, TotalsView
from pasar.shop.carts.seen_prices import seen_price
from pasar.shop.carts.site_rules import CART_SWITCH, CartRules, cart_rules
from pasar.shop.carts.totals import CartTotals, LineInput, LineTotals, Step, cart_totals
from pasar.shop.carts.views import picture_view, totals_view

__all__ = [
    "CART_SWITCH",
    "CartFacts",
    "CartPageLine",
    "CartRules",
    "CartTotals",
    "ConvertedCart",
    "LineFacts",
    "LineInput",
    "LinePicture",
    "LineTotals",
    "Owner",
    "PictureView",
    "Step",
    "TotalsView",
    "WantedLine",
    "add_to_cart",
    "add_to_own_cart",
    "attach_cart",
    "cart_count",
    "cart_for_checkout",
    "cart_not_found",
    "cart_page_lines",
    "cart_rules",
    "cart_totals",
    "change_line",
    "convert_cart",
    "converted_cart",
    "find_cart",
    "forget_words",
    "note_email",
    "page_owner",
    "picture_view",
    "read_cart",
    "reopen_cart",
    "seen_price",
    "totals_view",
]
