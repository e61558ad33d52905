"""What travels about address books."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.http.schema import Input, Output
from pasar.people.users.address_book import AddressWish, KeptAddress

# Only a bound on work; what is really asked of each is said by its rule, field by field.
Text = Annotated[str, msgspec.Meta(max_length=500)]


class AddressChange(Input):
    """An address, or what is to change in one: what is left out stays. Which parts are required depends on
    the country, an ISO 3166-1 alpha-2 code. `isDefault` can be set; to unset it, set another one's."""

    label: Text | None = None
    name: Text | None = None
    line1: Text | None = None
    line2: Text | None = None
    city: Text | None = None
    region: Text | None = None
    postal_code: Text | None = None
    country: Text | None = None
    phone: Text | None = None
    is_default: bool = False

    def wish(self) -> AddressWish:
        """As the actions take it."""
        return AddressWish(**msgspec.structs.asdict(self))


class AddressAnswer(Output):
    """An address as its country writes it; parts that it has not are empty. `phone` is E.164."""

    id: UUID
    label: str
    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str
    is_default: bool
    created_at: datetime


def address_answer(kept: KeptAddress) -> AddressAnswer:
    """An address for the wire."""
    address = kept.address
    return AddressAnswer(
        id=kept.id,
        label=kept.label,
        name=address.name,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        phone=address.phone,
        is_default=kept.is_default,
        created_at=kept.created_at,
    )
