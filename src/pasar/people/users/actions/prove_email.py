"""Note that a person reads the mail of an address, or give the account another address."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.people.audit.public import audit_own_act

# The row is locked before it is read: of two proofs at once, one is the first.
VERIFY = """
WITH former AS (SELECT id, email_verified_at FROM users
                 WHERE id = $1 AND email = $2 AND is_active FOR NO KEY UPDATE)
UPDATE users SET email_verified_at = coalesce(former.email_verified_at, $3)
  FROM former WHERE users.id = former.id
RETURNING former.email_verified_at IS NULL
"""
FORMER = "SELECT coalesce(email, '') FROM users WHERE id = $1 AND is_active FOR UPDATE"
CHANGE = "UPDATE users SET email = $2, email_verified_at = $3 WHERE id = $1"
CUSTOMER = "UPDATE customers SET email = $3 WHERE company_id = $1 AND user_id = $2"


async def verify_email(
    session: AsyncSession, user_id: UUID, email: str, at: datetime
) -> Literal["first", "again"] | None:
    """Note the address as verified; None when it is no longer the account's, or the account is closed.

    `first` says that nobody had proved it before: whoever opened the account may have been somebody else.
    """
    rows = await fetch(session, VERIFY, (user_id, email, at))
    if not rows:
        return None
    return "first" if rows[0][0] else "again"


async def change_email(
    session: AsyncSession, company_id: UUID, user_id: UUID, email: str, at: datetime
) -> str | None:
    """Give the account the verified address `email`; answers the former, empty for none, None for a closed
    account. The customer record of the company follows; those of others stay what they were told.

    Raises `Conflict` (`email_taken`).
    """
    former = await fetch(session, FORMER, (user_id,))
    if not former:
        return None
    try:
        await fetch(session, CHANGE, (user_id, email, at))
    except (asyncpg.UniqueViolationError, IntegrityError):
        raise Conflict("email_taken", "There is an account with this e-mail already.") from None
    await fetch(session, CUSTOMER, (company_id, user_id, email))
    changed = {"email": (former[0][0], email)}
    await audit_own_act(session, user_id, "account.email_changed", company_id=company_id, personal=changed)
    return str(former[0][0])
