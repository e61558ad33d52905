"""Which company and site a call belongs to, and who calls.

The kernel knows no companies and no people: it asks two protocols, which `people` registers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from litestar.connection import ASGIConnection

from pasar.kernel.errors import BadRequest, FieldProblem, Forbidden, Unprocessable
from pasar.kernel.ids import parse_id

Connection = ASGIConnection[Any, Any, Any, Any]
CallerKind = Literal["guest", "customer", "staff"]


@dataclass(frozen=True, slots=True)
class Site:
    """One shop window of a company: its host, currencies, languages and switches.

    `time_zone` is the one in which it shows times; schedules and figures go by the company's. `logo` names an
    upload (`web.uploads`), empty without one.
    """

    company_id: UUID
    id: UUID
    name: str
    host: str | None
    currency: str
    currencies: tuple[str, ...]
    locale: str
    locales: tuple[str, ...]
    time_zone: str
    company_name: str
    features: Mapping[str, Any] = field(default_factory=dict)
    tax_included: Mapping[str, bool] = field(default_factory=dict)
    theme: Mapping[str, str] = field(default_factory=dict)
    demo: bool = False
    logo: str = ""


def sold_currency(site: Site, asked: str | None) -> str:
    """`asked`, or the site's own when nothing is asked. Raises `Unprocessable` `currency_not_sold` for one
    that the site does not sell in (decisions, "Currencies")."""
    if asked is None or asked in site.currencies:
        return asked or site.currency
    detail = f"This shop sells in {', '.join(site.currencies)}."
    raise Unprocessable(
        "currency_not_sold",
        detail,
        errors=[FieldProblem("currency", "not_sold", detail)],
        currencies=list(site.currencies),
    )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. A guest has no ids; staff have permissions in one company.

    An API key is staff without a `user_id`: `api_key_id` names it. `sign_in_id` is the sign-in that the token
    or cookie belongs to, `confirmed_at` when its person last proved to be there (for `step_up` guards).
    `needs_factor` says that the company demands a second factor and this sign-in has none; `admitted_from`
    are the networks from which the company lets its staff work, all when it is empty. `has_factor` says that
    this sign-in has shown a second factor. `locale` is the language that the person has settled on, if any.
    """

    kind: CallerKind = "guest"
    user_id: UUID | None = None
    customer_id: UUID | None = None
    company_id: UUID | None = None
    permissions: frozenset[str] = frozenset()
    name: str = ""
    email: str = ""
    role: str = ""
    session_hash: bytes | None = None
    sign_in_id: UUID | None = None
    api_key_id: UUID | None = None
    confirmed_at: datetime | None = None
    needs_factor: bool = False
    admitted_from: tuple[str, ...] = ()
    has_factor: bool = False
    locale: str | None = None

    def may(self, permission: str) -> bool:
        """Whether this caller holds `permission`, such as `orders:write`."""
        return permission in self.permissions or "*" in self.permissions

    @property
    def label(self) -> str:
        """How histories name the author: `staff:…`, `customer:…`, `key:…` or `guest`."""
        if self.api_key_id is not None:
            return f"key:{self.api_key_id}"
        return self.kind if self.user_id is None else f"{self.kind}:{self.user_id}"


GUEST = Caller()


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler knows of its call once the guard has let it in. `address` is where it came from, behind
    proxies that are trusted; `agent` the browser's or client's own name, cut."""

    site: Site
    caller: Caller
    request_id: str
    locale: str
    address: str = ""
    agent: str = ""

    @property
    def company_id(self) -> UUID:
        """The company that everything in this call belongs to."""
        return self.site.company_id

    @property
    def user_id(self) -> UUID:
        """The person who calls. Raises `Forbidden` (`people_only`) for API keys and guests."""
        if self.caller.user_id is None:
            raise Forbidden("people_only", "Only a person who has signed in can do this, no API key.")
        return self.caller.user_id

    @property
    def customer_id(self) -> UUID:
        """The customer who calls. Raises `Forbidden` (`customers_only`) for anybody else."""
        if self.caller.customer_id is None:
            raise Forbidden("customers_only", "Only customers of this shop can do this. Sign in as one.")
        return self.caller.customer_id


class SiteDirectory(Protocol):
    """Finds sites; registered by `people.companies`. Answers from memory at most a second old."""

    async def by_host(self, host: str) -> Site | None:
        """The site that answers at `host` (without port), if any."""

    async def of_company(self, company_id: UUID) -> Site | None:
        """The default site of a company, if there is such a company."""

    async def fallback(self) -> Site | None:
        """The only company's default site or, outside production, the demo company's."""

    def forget(self) -> None:
        """Ask anew at the next call: this process has just changed a site."""


class Authenticator(Protocol):
    """Recognises callers; registered by `people.sign_in`."""

    async def by_bearer(self, token: str, *, company: UUID | None, fresh: bool) -> Caller:
        """Who bears `token`. `fresh` demands a look into the database. Raises `Unauthorised`."""

    async def by_key(self, key: str, *, address: str) -> Caller:
        """Whose API key this is; `address` is noted as its last use. Raises `Unauthorised` `key_invalid`."""

    async def by_cookie(self, cookie: str, *, site: Site) -> Caller:
        """Who holds the page session `cookie`; a guest when it is unknown or over."""

    async def follow(self, closing: asyncio.Event) -> None:
        """Keep informed of what other processes end, until `closing`. What it does not hear, it looks up."""


def host_of(connection: Connection) -> str:
    """The host that was asked for, lower-cased, without its port."""
    host = connection.headers.get("host", "").lower()
    return host.rsplit(":", 1)[0] if not host.endswith("]") else host


def company_header(connection: Connection) -> UUID | None:
    """The company named by `x-company-id`. Raises `BadRequest` when it is no id."""
    text = connection.headers.get("x-company-id")
    if not text:
        return None
    company_id = parse_id(text)
    if company_id is None:
        raise BadRequest("company_id_malformed", "x-company-id must be a UUID.")
    return company_id


async def site_of_call(connection: Connection, directory: SiteDirectory, token_company: UUID | None) -> Site:
    """Settle the company, by the order in `spec/decisions.md`: token, host, header, fallback.

    Raises `Forbidden` when two of them disagree, `BadRequest` when nothing names a company.
    """
    named = company_header(connection)
    at_host = await directory.by_host(host_of(connection))
    if token_company is not None:
        if (named is not None and named != token_company) or (
            at_host and at_host.company_id != token_company
        ):
            raise Forbidden("company_mismatch", "The token belongs to another company than the call names.")
        site = at_host or await directory.of_company(token_company)
    elif at_host is not None:
        if named is not None and named != at_host.company_id:
            raise Forbidden("company_mismatch", "x-company-id names another company than this host.")
        site = at_host
    elif named is not None:
        site = await directory.of_company(named)
    else:
        site = await directory.fallback()
    if site is None and named is not None:
        raise BadRequest("company_required", "There is no company with the id in x-company-id. Check it.")
    if site is None:
        raise BadRequest(
            "company_required",
            "Say which company this is for: call its host, or send its id as x-company-id.",
        )
    return site
