"""Who holds what about a person? Every module with personal data registers how it tells and how it forgets.

This module knows none of them: it calls whoever has registered. A module that holds personal data and is not
here would be forgotten at an export, so a test looks for text in every table after an erasure.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch


@dataclass(frozen=True, slots=True)
class Subject:
    """A person with an account and all their customer records, or one guest customer of one company.

    `proved` are the e-mails and phone numbers that the person has shown to be theirs: by these alone may rows
    without an id be taken for the person's, and only within `scope`. What else they typed may be anybody's. A
    guest's e-mail is here by the word of their shop, which is why it counts at that shop only.
    """

    user_id: UUID | None
    customers: tuple[tuple[UUID, UUID], ...] = ()
    proved: tuple[str, ...] = field(default=(), repr=False)

    @property
    def companies(self) -> list[UUID]:
        """The companies of `customers`, in the order of `customer_ids`."""
        return [company_id for company_id, _ in self.customers]

    @property
    def customer_ids(self) -> list[UUID]:
        """The customer records' ids."""
        return [customer_id for _, customer_id in self.customers]

    @property
    def scope(self) -> list[UUID] | None:
        """The companies whose rows may be told or forgotten by an address; None: all, for an account."""
        return None if self.user_id is not None else self.companies


Told = dict[str, list[dict[str, Any]]]
Export = Callable[[AsyncSession, Subject], Awaitable[Told]]
Erase = Callable[[AsyncSession, Subject, datetime], Awaitable[bool]]
Refuse = Callable[[AsyncSession, Subject], Awaitable[None]]
Knows = Callable[[AsyncSession, UUID, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What one module holds. `purpose` and `retention` are told to the person, beside the data.

    `export` answers tables of rows. `erase` runs inside the one transaction of an erasure, may run again, and
    answers whether nothing is left; with False (an order under way) it is called again each night. `refuse`
    raises a `Problem` when the person cannot be erased yet. `knows` says whether a company's rows name an
    address (normalised) that is no account's: asked before somebody is taken for a guest. Higher `order` runs
    later.
    """

    name: str
    purpose: str
    retention: str
    export: Export
    erase: Erase
    refuse: Refuse | None = None
    knows: Knows | None = None
    order: int = 50


class Finder(Protocol):
    """Finds whose data is meant; registered by `people.users`."""

    async def account(self, session: AsyncSession, user_id: UUID, *, lock: bool) -> Subject | None:
        """The person with this account; None when there is no such account or it was erased."""

    async def guest(self, session: AsyncSession, company_id: UUID, customer_id: UUID) -> Subject | None:
        """The customer without account, locked; None when there is none. Raises `Conflict` for one with."""


class _Registry:
    def __init__(self) -> None:
        self.modules: dict[str, PersonalData] = {}
        self.finder: Finder | None = None


_REGISTRY: Final = _Registry()


def register_personal_data(data: PersonalData) -> None:
    """Say what a module holds about people, and how it tells and forgets it."""
    _REGISTRY.modules[data.name] = data


def register_finder(finder: Finder) -> None:
    """Say who finds people."""
    _REGISTRY.finder = finder


def personal_data() -> tuple[PersonalData, ...]:
    """What is registered, in the order of erasing."""
    return tuple(sorted(_REGISTRY.modules.values(), key=lambda data: (data.order, data.name)))


async def knows_guest(session: AsyncSession, company_id: UUID, email: str) -> bool:
    """Does any module hold something of a guest with this e-mail (normalised) at the company?"""
    for data in personal_data():
        if data.knows is not None and await data.knows(session, company_id, email):
            return True
    return False


def finder() -> Finder:
    """Who finds people."""
    if _REGISTRY.finder is None:
        raise RuntimeError("nobody has registered to find people")
    return _REGISTRY.finder


async def facts(session: AsyncSession, query: str, arguments: Sequence[object]) -> list[dict[str, Any]]:
    """The rows of a query as they go into an export: names and values that JSON has."""
    as_json = f"SELECT to_jsonb(found)::text FROM ({query}) AS found"  # noqa: S608  a query of our own code
    rows = await fetch(session, as_json, arguments)
    return [msgspec.json.decode(row[0], type=dict[str, Any]) for row in rows]
