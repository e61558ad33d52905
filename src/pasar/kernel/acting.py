"""On whose behalf does this task act? Told to every transaction, so that the database can note who did what.

Guards set it for staff and API keys, commands and jobs for themselves; shoppers leave it empty, so that carts
and orders pay nothing for it. Triggers of the audit log read it as the setting `pasar.acting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal
from uuid import UUID

import msgspec

ActorKind = Literal["staff", "key", "customer", "job", "command"]

# The setting lasts as long as the transaction.
TELL: Final = "SELECT set_config('pasar.acting', $1, true)"


class Acting(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Who acts, for which company, from where. `actor_id` is a person's or an API key's id; `name` says which
    job or command it is; `address` and `agent` are those of the call."""

    kind: ActorKind
    company_id: UUID | None = None
    actor_id: UUID | None = None
    name: str = ""
    address: str = ""
    agent: str = ""
    request_id: str = ""


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)
_calling: ContextVar[Acting | None] = ContextVar("calling", default=None)


def acting_now() -> Acting | None:
    """Who acts in this task, if anybody has said so."""
    return _acting.get()


def calling_now() -> Acting | None:
    """Who calls in this task: whoever acts, or a shopper, of whom the database is told nothing."""
    return _acting.get() or _calling.get()


def act_as(acting: Acting | None) -> None:
    """From here on this task acts as `acting`; None ends it. A request's end always does."""
    _acting.set(acting)
    _calling.set(None)


def called_by(calling: Acting) -> None:
    """A shopper calls in this task: known to who asks, while the database notes nothing by itself."""
    _calling.set(calling)


@contextmanager
def acting_as(acting: Acting) -> Iterator[None]:
    """Act as `acting` for a while: what jobs and commands do."""
    token = _acting.set(acting)
    try:
        yield
    finally:
        _acting.reset(token)
