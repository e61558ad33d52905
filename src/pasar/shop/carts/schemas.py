"""What travels about carts."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.http.schema import Input, Output

__all__ = [
    "AddItem",
    "AddOwnItem",
    "CartView",
    "ChangeItem",
    "CreateCart",
    "ItemView",
    "PictureView",
    "TotalsView",
]

FieldName = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
FieldText = Annotated[str, msgspec.Meta(max_length=500)]
CustomFields = Annotated[dict[FieldName, FieldText], msgspec.Meta(max_length=20)]


class CreateCart(Input):
    """A new cart. `currency`: one of the site's; its own when left out."""

    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)] | None = None


class AddItem(Input):
    """Goods to add. `variantId` may be left out for a product with one variant. `expectedUnitPrice` is the
    price that the buyer saw, as a decimal string."""

    product_id: UUID
    quantity: int = 1
    variant_id: UUID | None = None
    expected_unit_price: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    custom_fields: CustomFields | None = None


class AddOwnItem(AddItem):
    """Goods for the customer's one cart. `currency`: one of the site's, for a cart that this opens; a cart
    that is open keeps its own."""

    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)] | None = None


class ChangeItem(Input):
    """The new quantity; 0 removes the line. `expectedUnitPrice` is the price that the buyer saw."""

    quantity: int
    expected_unit_price: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class PictureView(Output):
    """A picture of the goods. `width` and `height` are pixels of the file at `url`, `colour` its mean."""

    url: str
    alt: str
    width: int
    height: int
    colour: str


class ItemView(Output):
    """A line. `unitPrice` and `lineTotal` are null when the goods are no longer for sale (`forSale`)."""

    id: UUID
    product_id: UUID
    variant_id: UUID
    handle: str
    title: str
    variant_title: str
    sku: str | None
    quantity: int
    unit_price: str | None
    compare_at_price: str | None
    line_total: str | None
    for_sale: bool
    in_stock: bool
    requires_shipping: bool
    picture: PictureView | None
    custom_fields: dict[str, str] | None


class TotalsView(Output):
    """Decimal strings in the cart's currency. Tax and shipping are zero until an address is known."""

    subtotal: str
    discount_total: str
    tax_total: str
    shipping_total: str
    grand_total: str
    item_count: int
    tax_included: bool = False


class CartView(Output):
    """A cart. `id` is null until the first line opens it; `sessionToken` is the guest's key to it."""

    id: UUID | None
    session_token: str | None
    currency: str
    items: list[ItemView]
    totals: TotalsView
