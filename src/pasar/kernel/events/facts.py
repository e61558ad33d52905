"""What a fact is, and what it means to subscribe to one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.runtime import Runtime


class Fact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something that happened, in the past tense. Carries ids, never names, addresses or e-mails.

    `type` is its name on the wire (`order.placed`), `topic` the stream of its aggregate
    (`order-events`). `key()` names the aggregate: facts of one key are delivered in order.
    """

    type: ClassVar[str]
    topic: ClassVar[str]

    def key(self) -> str:
        """The aggregate that this happened to, such as `order:0190…`."""
        raise NotImplementedError  # each fact names its aggregate


@dataclass(frozen=True, slots=True)
class Delivered:
    """A fact on its way to a subscriber. It may come again: handlers are idempotent."""

    id: UUID
    type: str
    company_id: UUID
    key: str
    position: int
    occurred_at: datetime
    data: dict[str, Any]


Handler = Callable[[Runtime, AsyncSession, Delivered], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`handle` runs for every fact of `types`, in the transaction that marks the delivery."""

    name: str
    types: tuple[str, ...]
    handle: Handler
