"""The front door of checkout: what the shop's pages use."""

from pasar.shop.checkout.actions.place_order import Placed, place_from_cart
from pasar.shop.checkout.previewing import Preview, preview_order
from pasar.shop.checkout.schemas import AddressInput, CheckoutInput, PreviewInput
from pasar.shop.checkout.terms import CheckoutTerms, checkout_terms
from pasar.shop.checkout.views import placed_view

__all__ = [
    "AddressInput",
    "CheckoutInput",
    "CheckoutTerms",
    "Placed",
    "Preview",
    "PreviewInput",
    "checkout_terms",
    "place_from_cart",
    "placed_view",
    "preview_order",
]
