"""Exchange a refresh token for new tokens, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.actions.issue_tokens import issue_tokens
from pasar.people.sign_in.actions.revoke_sign_in import Reason, revoke_sign_in
from pasar.people.sign_in.person import Device, SignedIn
from pasar.people.sign_in.signing_in import TokenSignIn
from pasar.people.sign_in.verifying_first import refuse_unproved

FIND = """
SELECT t.token_hash, t.family, t.user_id, t.company_id, t.expires_at, t.used_at IS NOT NULL AS used,
       s.revoked_at IS NOT NULL AS revoked, s.created_at AS began,
       u.name, u.email, u.is_active,
       ARRAY(SELECT r.company_id FROM company_roles r WHERE r.user_id = t.user_id ORDER BY 1) AS companies,
       ARRAY(SELECT r.role FROM company_roles r WHERE r.user_id = t.user_id ORDER BY r.company_id) AS roles
  FROM refresh_tokens t
  JOIN sign_ins s ON s.id = t.family
  JOIN user_accounts u ON u.user_id = t.user_id
 WHERE t.token_hash = $1
"""
USE = """
UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL RETURNING 1
"""
# Locks the sign-in first, as whoever revokes it does: of the two, the second sees what the first did.
SEEN = """
UPDATE sign_ins SET last_seen_at = $2, agent = $3, address = $4
 WHERE id = $1 AND revoked_at IS NULL RETURNING 1
"""
CUSTOMER = "SELECT customer_id FROM customer_accounts WHERE company_id = $1 AND user_id = $2"
# However often it is renewed, a sign-in ends then, and the password is asked for again.
LONGEST_SIGN_IN: Final = timedelta(days=90)
FAMILY = "SELECT family FROM refresh_tokens WHERE token_hash = $1"


@dataclass(frozen=True, slots=True)
class Refreshable:
    """A refresh token that was good when it was looked at.

    `company_id` is the customer's company; None for staff, whose companies and roles `roles` has.
    """

    token_hash: bytes
    family: UUID
    user_id: UUID
    company_id: UUID | None
    name: str
    email: str
    roles: Mapping[UUID, str]


async def find_refreshable(runtime: Runtime, refresh_token: str) -> Refreshable:
    """Look a refresh token up, using nothing.

    Raises `Unauthorised`: `refresh_reused` for one that was used before, which also ends its whole family,
    for either the thief or the owner holds the newer token; `refresh_invalid` for all else.
    """
    now = runtime.clock.now()
    row = await runtime.database.row(FIND, hash_token(refresh_token))
    if row is None or row["revoked"] or row["expires_at"] <= now or not row["is_active"]:
        raise _refusal("refresh_invalid")
    if row["began"] + LONGEST_SIGN_IN <= now:
        raise _refusal("refresh_invalid")
    if row["used"]:
        await _end(runtime.database, row["family"], "reuse", now)
        raise _refusal("refresh_reused")
    roles = dict(zip(row["companies"], row["roles"], strict=True))
    if row["company_id"] is None and not roles:
        raise _refusal("refresh_invalid")  # was staff
    return Refreshable(
        token_hash=row["token_hash"],
        family=row["family"],
        user_id=row["user_id"],
        company_id=row["company_id"],
        name=row["name"],
        email=row["email"] or "",
        roles=roles,
    )


async def refresh(runtime: Runtime, found: Refreshable, company_id: UUID, device: Device) -> TokenSignIn:
    """Use the token up and issue its successor, in one transaction. `company_id` is the call's company.

    Of two calls with one token at the same moment exactly one wins. The other raises `Unauthorised`
    (`refresh_reused`) and ends nothing: both began before the token was used, so it is one client in a hurry,
    not a copy that turned up later. Raises what `refuse_unproved` raises, too, and the token then stays good.
    """
    now = runtime.clock.now()
    signing = await runtime.secrets.signing_key()
    async with runtime.database.transaction() as session:
        if not await fetch(session, SEEN, (found.family, now, device.agent, device.address)):
            raise _refusal("refresh_invalid")
        if not await fetch(session, USE, (found.token_hash, now)):
            raise _refusal("refresh_reused")
        await refuse_unproved(session, company_id, found.user_id)
        person = await _person(session, found, company_id)
        tokens = await issue_tokens(
            session,
            person,
            signing=signing,
            seconds=runtime.settings.access_token_seconds,
            at=now,
            sign_in_id=found.family,
        )
    return TokenSignIn(person, tokens)


async def sign_out(runtime: Runtime, refresh_token: str) -> None:
    """End the sign-in that the token belongs to, used or not. An unknown token ends nothing."""
    family = await runtime.database.value(FAMILY, hash_token(refresh_token))
    if family is not None:
        await _end(runtime.database, family, "signed_out", runtime.clock.now())


async def _person(session: AsyncSession, found: Refreshable, company_id: UUID) -> SignedIn:
    rows = await fetch(session, CUSTOMER, (company_id, found.user_id))
    customer_id: UUID | None = rows[0][0] if rows else None
    is_customer = found.company_id is not None
    if is_customer and customer_id is None:
        raise _refusal("refresh_invalid")  # the company has forgotten this customer
    return SignedIn(
        user_id=found.user_id,
        company_id=company_id,
        kind="customer" if is_customer else "staff",
        role="customer" if is_customer else found.roles[company_id],
        name=found.name,
        email=found.email,
        customer_id=customer_id,
    )


async def _end(database: Database, sign_in_id: UUID, reason: Reason, at: datetime) -> None:
    async with database.transaction() as session:
        await revoke_sign_in(session, sign_in_id, reason, at)


def _refusal(code: str) -> Unauthorised:
    return Unauthorised(code, "This refresh token is no longer good. Sign in again.")
