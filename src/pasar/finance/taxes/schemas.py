"""Tax rates as they travel."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from pasar.kernel.http.schema import Input, Output


class TaxRateInput(Input):
    """A rate. `percent` is a decimal string ("8.875"); `postcode` is "94105", "94*" or "12000-12999".

    Rates of different `priority` are charged side by side, a `compound` one on top of those before it.
    """

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    percent: Annotated[str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$")]
    region: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    postcode: Annotated[str, Meta(min_length=1, max_length=30)] | None = None
    priority: Annotated[int, Meta(ge=1, le=100)] = 1
    compound: bool = False


class TaxRateAnswer(Output):
    """A stored rate."""

    id: UUID
    name: str
    country: str
    percent: str
    region: str | None
    postcode: str | None
    priority: int
    compound: bool
