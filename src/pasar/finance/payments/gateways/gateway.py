"""The port: what Pasar asks of whoever takes the money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from pasar.kernel.money import Money

Started = Literal["pending", "authorised", "paid", "failed"]


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """A way to pay. `title` and `description` are messages in English, translated where they are shown.

    `confirmed_by_staff`: no provider says that money came, people do.
    """

    name: str
    gateway: str
    title: str
    description: str
    confirmed_by_staff: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to be paid. Its id is the key under which a provider hears of it: a retry is a new one.

    `note` is the company's own text for whoever pays, such as its bank account.
    """

    id: UUID
    company_id: UUID
    order_id: UUID
    method: str
    amount: Money
    expires_at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """How an attempt began: its status, where the buyer is sent, and what the buyer is told, by name."""

    status: Started
    redirect_url: str | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)


class Gateway(Protocol):
    """A way to take money.

    `needs_network`: `start` and `void` call a provider, and so run outside any transaction, between one that
    writes the attempt and one that writes the answer. The others answer from what they are given, at once.
    """

    @property
    def name(self) -> str:
        """The name that payments keep of it."""

    @property
    def needs_network(self) -> bool:
        """Whether it calls a provider."""

    @property
    def methods(self) -> tuple[MethodFacts, ...]:
        """The ways to pay that it offers."""

    def takes(self, method: str, currency: str) -> bool:
        """Whether it takes this currency by this method."""

    async def start(self, attempt: Attempt) -> GatewayAnswer:
        """Begin an attempt; the same one twice begins once. Raises ValueError for a method not its own."""

    async def void(self, attempt: Attempt) -> None:
        """Give up an attempt that is not paid. Safe to repeat."""
