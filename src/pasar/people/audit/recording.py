"""Note in the audit log what no trigger sees: signing in, an export, a change of one's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.acting import Acting, acting_now, calling_now
from pasar.kernel.db.database import fetch
from pasar.kernel.tenancy import Context
from pasar.people.audit.sealing import Personal, seal_values

INSTALLATION: Final = UUID(int=0)
"""Stands for the company where an act belongs to none."""

WORKS_HERE: Final = "SELECT 1 FROM company_roles WHERE company_id = $1 AND user_id = $2"
INSERT: Final = """
INSERT INTO audit_entries (company_id, actor_kind, actor_id, actor_name, action, object_type, object_id,
                           before, after, withheld, person_id, sealed, address, agent, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9::text::jsonb, $10, $11, $12, $13, $14, $15)
"""


async def audit_event(
    session: AsyncSession,
    who: Context | Acting,
    action: str,
    object_type: str,
    object_id: UUID | str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    person: UUID | None = None,
    personal: Mapping[str, tuple[Any, Any]] | None = None,
    whence_kept: bool = False,
) -> None:
    """Note that `who` did `action` (`sign_in.locked`) to an object, in the session's transaction.

    `before` and `after` are written as they stand: nothing secret, nothing personal. Personal values go into
    `personal` ({"email": (old, new)}) with `person`, whose account's id it is; they are sealed with the
    person's key, and only their names stay readable once the person is erased. A customer's or guest's own
    address and device are personal, too: they are sealed with the rest, and left out when there is no key;
    `whence_kept` keeps them in the clear, for attacks.
    """
    acting = who if isinstance(who, Acting) else acting_of(who)
    kind, address, agent = actor_kind(acting), acting.address, acting.agent
    values: Personal = {}
    if personal:
        values["before"] = {name: old for name, (old, _) in personal.items()}
        values["after"] = {name: new for name, (_, new) in personal.items()}
    if kind in ("customer", "guest") and not whence_kept:
        if person is not None:
            values |= {"address": address, "agent": agent}
        address = agent = ""
    sealed = await seal_values(session, person, values) if person is not None else None
    await fetch(
        session,
        INSERT,
        (
            acting.company_id or INSTALLATION,
            kind,
            acting.actor_id,
            acting.name,
            action,
            object_type,
            str(object_id),
            _json(before),
            _json(after),
            sorted(personal or ()),
            person,
            sealed,
            address,
            agent,
            acting.request_id,
        ),
    )


async def audit_own_act(
    session: AsyncSession,
    user_id: UUID,
    action: str,
    object_type: str = "account",
    object_id: UUID | None = None,
    *,
    company_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """Note what happened to a person's own account: `user_id` did it, or whoever acts in this task.

    Where from is known of the call. The object is the account, unless another is named. `company_id` is the
    company at whose shop it was, where the call does not say so.
    """
    acting = acting_now()
    if acting is None:
        call = calling_now() or Acting(kind="customer")
        company_id = call.company_id or company_id
        found = await fetch(session, WORKS_HERE, (company_id, user_id))
        acting = structs.replace(
            call, kind="staff" if found else "customer", company_id=company_id, actor_id=user_id
        )
    elif acting.company_id is None and company_id is not None:
        acting = structs.replace(acting, company_id=company_id)
    await audit_event(
        session,
        acting,
        action,
        object_type,
        object_id or user_id,
        before=before,
        after=after,
        person=user_id,
        personal=personal,
    )


def acting_of(context: Context) -> Acting:
    """Who acts in a call, from where."""
    caller = context.caller
    kind = "key" if caller.api_key_id else "staff" if caller.kind == "staff" else "customer"
    return Acting(
        kind=kind,  # type: ignore[arg-type]  # one of the kinds, by the line above
        company_id=context.company_id,
        actor_id=caller.api_key_id or caller.user_id,
        address=context.address,
        agent=context.agent,
        request_id=context.request_id,
    )


def actor_kind(acting: Acting) -> str:
    """The kind of actor that an entry names: a customer without an account is a guest."""
    return "guest" if acting.kind == "customer" and acting.actor_id is None else acting.kind


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else msgspec.json.encode(values).decode()
