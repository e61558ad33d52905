"""Who takes over what a guest had, when the guest signs in? Modules above register here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.tenancy import Site


@dataclass(frozen=True, slots=True)
class AttachGuest:
    """The guest behind `guest_token_hash` is now this customer at `site`; the token may be of nobody."""

    site: Site
    customer_id: UUID
    guest_token_hash: bytes
    at: datetime


AttachHook = Callable[[AsyncSession, AttachGuest], Awaitable[None]]

_hooks: list[AttachHook] = []


def register_attach_hook(hook: AttachHook) -> None:
    """Have `hook` run inside the transaction of every sign-in with a guest token. Once, when starting.

    What the hook raises undoes the sign-in.
    """
    if hook not in _hooks:
        _hooks.append(hook)


async def attach_guest(session: AsyncSession, guest: AttachGuest) -> None:
    """Let every hook take over what is its own, in the order of registration."""
    for hook in _hooks:
        await hook(session, guest)
