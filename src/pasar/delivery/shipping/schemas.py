"""Zones, methods and quotes as they travel."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from pasar.kernel.http.schema import Input, Output

Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,15}(\.[0-9]{1,3})?$")]
Kind = Literal["flat", "per_item", "by_weight"]


class BandInput(Input):
    """The price of an order of at most `upToGrams`."""

    up_to_grams: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    price: Amount


class MethodInput(Input):
    """A way to ship, priced in one currency. `bands` for `by_weight` and only there.

    `price` is the order's (`flat`) or a piece's (`per_item`); from a subtotal of `freeFrom` on it is free.
    Send the `id` of a method that the zone has to keep it.
    """

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    kind: Kind
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    id: UUID | None = None
    price: Amount = "0"
    bands: Annotated[list[BandInput], Meta(max_length=50)] = msgspec.field(default_factory=list)
    free_from: Amount | None = None
    delivery_days: Annotated[str, Meta(max_length=40)] = ""
    is_active: bool = True


class ZoneInput(Input):
    """Countries (two capitals, or "*" for the rest of the world), narrowed by regions or postcodes."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    countries: Annotated[
        list[Annotated[str, Meta(pattern=r"^([A-Z]{2}|\*)$")]], Meta(min_length=1, max_length=260)
    ]
    regions: Annotated[list[Annotated[str, Meta(min_length=1, max_length=80)]], Meta(max_length=500)] = (
        msgspec.field(default_factory=list)
    )
    postcodes: Annotated[list[Annotated[str, Meta(min_length=1, max_length=30)]], Meta(max_length=500)] = (
        msgspec.field(default_factory=list)
    )
    methods: Annotated[list[MethodInput], Meta(max_length=50)] = msgspec.field(default_factory=list)


class BandAnswer(Output):
    """The price of an order of at most `upToGrams`."""

    up_to_grams: int
    price: str


class MethodAnswer(Output):
    """A way to ship."""

    id: UUID
    name: str
    kind: Kind
    currency: str
    price: str
    bands: list[BandAnswer]
    free_from: str | None
    delivery_days: str
    is_active: bool


class ZoneAnswer(Output):
    """A zone with its methods."""

    id: UUID
    name: str
    countries: list[str]
    regions: list[str]
    postcodes: list[str]
    methods: list[MethodAnswer]


class QuoteAnswer(Output):
    """What a method costs: send `id` as `shippingMethodId` at checkout. `amountToFree` is null for never."""

    id: UUID
    name: str
    price: str
    currency: str
    delivery_days: str
    amount_to_free: str | None
    cheapest: bool
