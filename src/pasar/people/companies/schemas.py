"""What travels about sites."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from pasar.kernel.http.schema import Input, Output


class SiteAnswer(Output):
    """The site that answered. `features` are its switches, `locale` what it begins with."""

    company_id: UUID
    site_id: UUID
    name: str
    currency: str
    currencies: list[str]
    locale: str
    locales: list[str]
    features: dict[str, Any]


class CompanyAnswer(Output):
    """What a company has settled. `bankTransferNote` is what buyers are told who pay by transfer."""

    id: UUID
    name: str
    handle: str
    time_zone: str
    low_stock_default: int
    bank_transfer_days: int
    bank_transfer_note: str
    unique_skus: bool


class CompanyInput(Input):
    """Changes; what is left out stays. `timeZone` is an IANA name; `bankTransferDays` hold the stock."""

    name: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
    time_zone: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    low_stock_default: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    bank_transfer_days: Annotated[int, Meta(ge=1, le=60)] | None = None
    bank_transfer_note: Annotated[str, Meta(max_length=2000)] | None = None
    unique_skus: bool | None = None
