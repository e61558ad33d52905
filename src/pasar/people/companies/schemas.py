"""What travels about companies and sites."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from pasar.kernel.http.schema import Input, Output
from pasar.people.companies.features import BOUNDS

Currency = Annotated[str, Meta(pattern="^[A-Za-z]{3}$")]
Language = Annotated[str, Meta(min_length=2, max_length=10)]
Colour = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")]
Zone = Annotated[str, Meta(min_length=1, max_length=60)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Host = Annotated[str, Meta(max_length=300)]
Compared = Annotated[int, Meta(ge=BOUNDS["maxCompareItems"][0], le=BOUNDS["maxCompareItems"][1])]
Days = Annotated[int, Meta(ge=BOUNDS["cartExpirationDays"][0], le=BOUNDS["cartExpirationDays"][1])]
Lines = Annotated[int, Meta(ge=BOUNDS["maxCartLines"][0], le=BOUNDS["maxCartLines"][1])]
Pieces = Annotated[int, Meta(ge=BOUNDS["maxLineQuantity"][0], le=BOUNDS["maxLineQuantity"][1])]


class SiteAnswer(Output):
    """The site that answered. `features` are its switches, `locale` what it begins with, `logo` a path."""

    company_id: UUID
    site_id: UUID
    name: str
    currency: str
    currencies: list[str]
    locale: str
    locales: list[str]
    time_zone: str
    logo: str | None
    features: dict[str, Any]


class CompanyAnswer(Output):
    """What a company has settled. `bankTransferNote` is what buyers are told who pay by transfer; staff may
    work from the networks `admittedFrom`, from everywhere when it is empty."""

    id: UUID
    name: str
    handle: str
    time_zone: str
    low_stock_default: int
    bank_transfer_days: int
    bank_transfer_note: str
    unique_skus: bool
    require_second_factor: bool
    admitted_from: list[str]
    verify_first: bool
    is_platform: bool


class CompanyInput(Input):
    """Changes; what is left out stays. `timeZone` is an IANA name; `bankTransferDays` hold the stock."""

    name: Name | None = None
    time_zone: Zone | None = None
    low_stock_default: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    bank_transfer_days: Annotated[int, Meta(ge=1, le=60)] | None = None
    bank_transfer_note: Annotated[str, Meta(max_length=2000)] | None = None
    unique_skus: bool | None = None


class SecurityInput(Input):
    """Changes; what is left out stays. `admittedFrom`: networks (CIDR) or addresses, none for everywhere."""

    require_second_factor: bool | None = None
    admitted_from: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=200)] | None = None
    verify_first: bool | None = None


class SwitchesInput(Input):
    """What the site decides for itself; null goes back to the default, what is left out stays."""

    enable_cart: bool | UnsetType | None = UNSET
    enable_wishlist: bool | UnsetType | None = UNSET
    enable_compare: bool | UnsetType | None = UNSET
    guest_checkout: bool | UnsetType | None = UNSET
    max_compare_items: Compared | UnsetType | None = UNSET
    cart_expiration_days: Days | UnsetType | None = UNSET
    max_cart_lines: Lines | UnsetType | None = UNSET
    max_line_quantity: Pieces | UnsetType | None = UNSET


class ThemeInput(Input):
    """Colours as #rrggbb; null takes one back, what is left out stays."""

    accent: Colour | UnsetType | None = UNSET
    ink: Colour | UnsetType | None = UNSET
    paper: Colour | UnsetType | None = UNSET


class SiteInput(Input):
    """Changes; what is left out stays. `host` null: none of its own. `timeZone` null: the company's.

    `currency` and `locale` are what visitors begin with; both stand in their lists. `taxIncluded` says by
    currency whether prices include tax, and is replaced as a whole.
    """

    name: Name | None = None
    host: Host | UnsetType | None = UNSET
    is_default: bool | None = None
    currency: Currency | None = None
    currencies: Annotated[list[Currency], Meta(min_length=1, max_length=30)] | None = None
    locale: Language | None = None
    locales: Annotated[list[Language], Meta(min_length=1, max_length=30)] | None = None
    time_zone: Zone | UnsetType | None = UNSET
    features: SwitchesInput | None = None
    tax_included: Annotated[dict[Currency, bool], Meta(max_length=30)] | None = None
    theme: ThemeInput | None = None


class NewSite(SiteInput, kw_only=True):
    """A site to be opened. Without `currencies` it sells in its `currency` alone; without `locales` it speaks
    every language that is spoken here."""

    name: Name
    currency: Currency


class OwnSiteAnswer(Output):
    """A site as its company sees it. `switches` are what it has decided for itself, `features` what holds."""

    id: UUID
    name: str
    host: str | None
    is_default: bool
    currency: str
    currencies: list[str]
    locale: str
    locales: list[str]
    time_zone: str | None
    switches: dict[str, Any]
    features: dict[str, Any]
    tax_included: dict[str, bool]
    theme: dict[str, str]
    logo: str | None


class WorkplaceAnswer(Output):
    """A company where one works: as what, and where its shops and back office answer."""

    company_id: UUID
    name: str
    role: str
    hosts: list[str]
    current: bool


class Workplaces(Output):
    """The companies where one works, by name."""

    items: list[WorkplaceAnswer]
