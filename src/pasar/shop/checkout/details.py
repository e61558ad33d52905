"""What did the buyer tell us, and is it right? E-mail and addresses, with errors on their fields. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pasar.kernel.errors import FieldProblem
from pasar.people.users.public import Address, EmailError, normalise_address, normalise_email
from pasar.shop.checkout.schemas import AddressInput
from pasar.shop.orders.public import PostalFacts

__all__ = ["BuyerDetails", "address_of", "buyer_details", "postal"]


@dataclass(frozen=True, slots=True)
class BuyerDetails:
    """Whom the order is for and where it goes; to be used only when `errors` is empty."""

    email: str
    shipping: Address
    billing: Address
    errors: tuple[FieldProblem, ...]


def buyer_details(email: str | None, shipping: AddressInput, billing: AddressInput | None) -> BuyerDetails:
    """Read and tidy what was sent. Errors name fields as they travel: `shippingAddress.postalCode`."""
    errors: list[FieldProblem] = []
    try:
        kept = normalise_email(email or "")
    except EmailError as problem:
        kept = ""
        errors.append(
            FieldProblem("email", "invalid", str(problem))
            if email
            else FieldProblem("email", "required", "Write your e-mail address.")
        )
    shipped, shipping_errors = address_of("shippingAddress", shipping)
    errors.extend(shipping_errors)
    billed = shipped
    if billing is not None:
        billed, billing_errors = address_of("billingAddress", billing)
        errors.extend(billing_errors)
    return BuyerDetails(kept, shipped, billed, tuple(errors))


def address_of(field: str, given: AddressInput) -> tuple[Address, list[FieldProblem]]:
    """The address as its country writes it, with what is wrong with it under `field`. A parcel has a name."""
    address, found = normalise_address(
        Address(
            country=given.country,
            name=given.name,
            line1=given.line1,
            line2=given.line2 or "",
            city=given.city,
            region=given.region or "",
            postal_code=given.postal_code or "",
            phone=given.phone or "",
        )
    )
    errors = [FieldProblem(f"{field}.{error.field}", error.code, error.message) for error in found]
    if not address.name:
        errors.insert(0, FieldProblem(f"{field}.name", "required", "Write whom the parcel is for."))
    return address, errors


def postal(address: Address) -> PostalFacts:
    """The address as an order keeps it."""
    return PostalFacts(
        name=address.name,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        phone=address.phone,
    )
