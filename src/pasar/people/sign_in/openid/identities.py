"""Whose identity is that? Found, linked to an account that proved the same e-mail, or a new account's."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.errors import Conflict, NotFound
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.people.audit.public import audit_own_act
from pasar.people.sign_in.events import SignInWayChanged, WayChange
from pasar.people.sign_in.openid.id_token import IdClaims
from pasar.people.sign_in.person import Account
from pasar.people.users.public import (
    EmailError,
    PersonNameError,
    add_user,
    normalise_email,
    normalise_name,
    own_profile,
    verify_email,
)

Refused = Literal["unverified", "sign_in_first", "closed", "taken"]
NAMELESS: Final = "New customer"

KNOWN = """
SELECT u.user_id, u.name, coalesce(u.email, '') AS email, u.phone, u.is_active
  FROM identities i JOIN user_accounts u ON u.user_id = i.user_id
 WHERE i.issuer = $1 AND i.subject = $2
"""
USED = "UPDATE identities SET last_used_at = $3 WHERE issuer = $1 AND subject = $2"
BY_EMAIL = """
SELECT user_id, name, email, phone, is_active, email_verified_at IS NOT NULL AS verified
  FROM user_accounts WHERE email = $1
"""
INSERT = """
INSERT INTO identities (id, user_id, issuer, subject, created_at, last_used_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (issuer, subject) DO NOTHING RETURNING id
"""
OWNER = "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2"
OWN = "SELECT id, issuer, created_at, last_used_at FROM identities WHERE user_id = $1 ORDER BY created_at, id"
# Locked together, so that of two taken away at once the second sees that the first is gone.
OWN_LOCKED = "SELECT id FROM identities WHERE user_id = $1 ORDER BY id FOR UPDATE"
REMOVE = "DELETE FROM identities WHERE id = $1 AND user_id = $2"


class NotLinked(Exception):
    """Nobody of ours, and nobody becomes it by this. `reason`: the e-mail is `unverified` at the provider;
    an account has it that must `sign_in_first`; that account is `closed`; somebody else has `taken` it."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """An identity that is connected to one's account."""

    id: UUID
    issuer: str
    created_at: datetime
    last_used_at: datetime


async def account_of(session: AsyncSession, company_id: UUID, claims: IdClaims, at: datetime) -> Account:
    """The account that this identity signs in to, opened or linked when there is none. Raises `NotLinked`.

    An e-mail links only when both sides have verified it: the provider's word for an address that nobody
    proved to us would hand the account to whoever registered it first.
    """
    rows = await fetch(session, KNOWN, (claims.issuer, claims.subject))
    if rows:
        found = rows[0]
        if not found.is_active:
            raise NotLinked("closed")
        await fetch(session, USED, (claims.issuer, claims.subject, at))
        return Account(found.user_id, found.name, found.email, found.phone)
    account = await _account_by_email(session, claims, at)
    await _connect(session, company_id, account.user_id, claims, at)
    return account


async def connect_identity(
    session: AsyncSession, company_id: UUID, user_id: UUID, claims: IdClaims, at: datetime
) -> None:
    """Connect it to the account of who is signed in, whatever its e-mail. Raises `NotLinked` (`taken`)."""
    await _connect(session, company_id, user_id, claims, at)


async def disconnect_identity(
    session: AsyncSession,
    database: Database,
    company_id: UUID,
    user_id: UUID,
    identity_id: UUID,
    at: datetime,
) -> None:
    """Take an own identity away. Raises `NotFound` for another's, `Conflict` (`last_way_in`) for the only way
    that this person has to sign in."""
    own = [row[0] for row in await fetch(session, OWN_LOCKED, (user_id,))]
    if identity_id not in own:
        raise NotFound("identity_not_found", "This is not connected to your account, or no longer.")
    profile = await own_profile(database, user_id)
    if len(own) == 1 and not profile.has_password and not profile.phone_verified:
        raise Conflict("last_way_in", "Set a password first: without it you could not sign in again.")
    await fetch(session, REMOVE, (identity_id, user_id))
    await _tell(session, company_id, user_id, "disconnected", at)


async def own_identities(database: Database, user_id: UUID) -> Sequence[OwnIdentity]:
    """What is connected to the account, the first first."""
    return [OwnIdentity(*row) for row in await database.rows(OWN, user_id)]


async def _account_by_email(session: AsyncSession, claims: IdClaims, at: datetime) -> Account:
    if not claims.email_verified:
        raise NotLinked("unverified")  # before any look: the answer tells nothing of who has an account
    try:
        email = normalise_email(claims.email)
    except EmailError:
        raise NotLinked("unverified") from None
    rows = await fetch(session, BY_EMAIL, (email,))
    if rows:
        found = rows[0]
        if not found.is_active:
            raise NotLinked("closed")
        if not found.verified:
            raise NotLinked("sign_in_first")
        return Account(found.user_id, found.name, found.email, found.phone)
    name = _name(claims, email)
    try:
        user_id = await add_user(session, email=email, name=name, password_hash=None)
    except Conflict:  # somebody registered it at this moment
        raise NotLinked("sign_in_first") from None
    await verify_email(session, user_id, email, at)
    return Account(user_id, name, email, None)


async def _connect(
    session: AsyncSession, company_id: UUID, user_id: UUID, claims: IdClaims, at: datetime
) -> None:
    arguments = (new_id(), user_id, claims.issuer, claims.subject, at)
    if await fetch(session, INSERT, arguments):
        await _tell(session, company_id, user_id, "connected", at)
        return
    owner = await fetch(session, OWNER, (claims.issuer, claims.subject))
    if not owner or owner[0][0] != user_id:
        raise NotLinked("taken")


async def _tell(
    session: AsyncSession, company_id: UUID, user_id: UUID, change: WayChange, at: datetime
) -> None:
    await record(session, company_id, SignInWayChanged(user_id=user_id, change=change), at=at)
    await audit_own_act(session, user_id, f"account.way_{change}", company_id=company_id)


def _name(claims: IdClaims, email: str) -> str:
    """What the provider calls the person, else what stands before the @."""
    for text in (claims.name[:200], email.partition("@")[0]):
        with suppress(PersonNameError):
            return normalise_name(text)
    return NAMELESS
