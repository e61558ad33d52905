"""Note that a person holds a phone: find or open the account under it, or note it in one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.people.audit.public import audit_own_act

# Setting the phone to itself makes the present row come back: one account per verified phone, however many
# ask at once.
FIND_OR_OPEN = """
INSERT INTO users (id, name, phone, phone_verified_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (phone) WHERE phone_verified_at IS NOT NULL DO UPDATE SET phone = excluded.phone
RETURNING id, name, coalesce(email, ''), phone, is_active
"""
FORMER = "SELECT phone FROM users WHERE id = $1 FOR UPDATE"
VERIFY = """
UPDATE users SET phone = $2, phone_verified_at = $3 WHERE id = $1 AND is_active
"""
UNPROVE = """
UPDATE users SET phone_verified_at = NULL WHERE id = $1 AND phone_verified_at IS NOT NULL RETURNING phone
"""
CUSTOMER = "UPDATE customers SET phone = $3 WHERE company_id = $1 AND user_id = $2"


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """The account of a verified phone. `email` is empty when it has none."""

    user_id: UUID
    name: str
    email: str
    phone: str
    is_active: bool


async def account_of_phone(session: AsyncSession, phone: str, *, name: str, at: datetime) -> PhoneAccount:
    """The account of whoever has proved to hold `phone` (E.164), opened under `name` when there is none."""
    rows = await fetch(session, FIND_OR_OPEN, (new_id(), name, phone, at))
    return PhoneAccount(*rows[0])


async def verify_phone(
    session: AsyncSession, company_id: UUID, user_id: UUID, phone: str, at: datetime
) -> None:
    """Note in the account that its person holds `phone`, and at the company that is being visited.

    Raises `Conflict` (`phone_taken`) when somebody else's account has proved it.
    """
    former = await fetch(session, FORMER, (user_id,))
    try:
        await fetch(session, VERIFY, (user_id, phone, at))
    except (asyncpg.UniqueViolationError, IntegrityError):
        detail = "This number signs in to another account. Sign in with it, or use another number."
        raise Conflict("phone_taken", detail) from None
    await fetch(session, CUSTOMER, (company_id, user_id, phone))
    changed = {"phone": (former[0][0] if former else None, phone)}
    await audit_own_act(session, user_id, "account.phone_changed", company_id=company_id, personal=changed)


async def unprove_phone(session: AsyncSession, user_id: UUID) -> bool:
    """Let the account's phone be no way in any more; whether it was one. The number stays as a contact."""
    former = await fetch(session, UNPROVE, (user_id,))
    if former:
        changed = {"phone": (former[0][0], None)}
        await audit_own_act(session, user_id, "account.phone_changed", personal=changed)
    return bool(former)
