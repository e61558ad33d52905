"""Reads of who works here, of roles, invitations and API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.people.access.giving import Grant
from pasar.people.access.grants import IS_PLATFORM, grant_of

ROLE = "SELECT role FROM memberships WHERE company_id = $1 AND user_id = $2"
MEMBERS = """
SELECT m.user_id, u.name, u.email, u.is_active, m.role, m.custom_role_id, r.name AS own_name, r.permissions,
       m.created_at
  FROM memberships m
  JOIN user_accounts u ON u.user_id = m.user_id
  LEFT JOIN custom_roles r ON r.company_id = m.company_id AND r.id = m.custom_role_id
 WHERE m.company_id = $1 AND ($2::uuid IS NULL OR m.user_id = $2)
 ORDER BY m.created_at, m.user_id
"""
WORK = """
SELECT m.company_id, m.role, m.custom_role_id, r.name AS own_name, r.permissions
  FROM memberships m
  LEFT JOIN custom_roles r ON r.company_id = m.company_id AND r.id = m.custom_role_id
 WHERE m.user_id = $1
 ORDER BY m.created_at, m.company_id
"""
ROLE_COUNTS = """
SELECT role, count(*) AS members
  FROM memberships WHERE company_id = $1 AND custom_role_id IS NULL GROUP BY role
"""
OWN_ROLES = """
SELECT r.id, r.name, r.permissions, count(m.user_id) AS members
  FROM custom_roles r
  LEFT JOIN memberships m ON m.company_id = r.company_id AND m.custom_role_id = r.id
 WHERE r.company_id = $1
 GROUP BY r.company_id, r.id
 ORDER BY lower(r.name), r.id
"""
INVITATIONS = """
SELECT i.id, i.email, i.locale, i.role, i.custom_role_id, r.name AS own_name, r.permissions,
       u.name AS inviter, i.created_at, i.sent_at, i.expires_at, i.accepted_at, i.revoked_at
  FROM invitations i
  LEFT JOIN custom_roles r ON r.company_id = i.company_id AND r.id = i.custom_role_id
  LEFT JOIN user_accounts u ON u.user_id = i.invited_by
 WHERE i.company_id = $1 AND ($2::uuid IS NULL OR i.id = $2)
 ORDER BY i.id DESC LIMIT 200
"""
KEYS = """
SELECT k.id, k.name, k.scopes, k.created_at, k.expires_at, k.revoked_at, s.prefix, f.good_until,
       x.used_at, x.address, u.name AS maker, m.user_id IS NOT NULL AS maker_works_here
  FROM api_keys k
  JOIN LATERAL (SELECT prefix FROM api_key_secrets s WHERE s.company_id = k.company_id AND s.key_id = k.id
                 ORDER BY s.id DESC LIMIT 1) s ON true
  JOIN LATERAL (SELECT max(good_until) AS good_until FROM api_key_secrets s
                 WHERE s.company_id = k.company_id AND s.key_id = k.id) f ON true
  LEFT JOIN api_key_uses x ON x.company_id = k.company_id AND x.key_id = k.id
  LEFT JOIN user_accounts u ON u.user_id = k.made_by
  LEFT JOIN memberships m ON m.company_id = k.company_id AND m.user_id = k.made_by
 WHERE k.company_id = $1 AND ($2::uuid IS NULL OR k.id = $2)
 ORDER BY k.revoked_at IS NOT NULL, k.id DESC LIMIT 500
"""

InvitationState = Literal["open", "expired", "accepted", "revoked"]
KeyState = Literal["active", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for the company."""

    user_id: UUID
    name: str
    email: str
    is_active: bool
    grant: Grant
    since: datetime


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role that the company made, and how many have it."""

    id: UUID
    name: str
    permissions: frozenset[str]
    members: int


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation. `sent_at` is when its last mail left, `locale` its language; `inviter` is empty for a
    company's first owner."""

    id: UUID
    email: str
    locale: str
    grant: Grant
    inviter: str
    created_at: datetime
    sent_at: datetime | None
    expires_at: datetime
    state: InvitationState


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """An API key without its secret. `old_good_until` is when the last secret before this one ends.

    `maker_left`: who made it no longer works here. The key goes on, as what it serves does; somebody should
    renew it.
    """

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    state: KeyState
    maker: str
    maker_left: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str
    old_good_until: datetime | None


async def role_in(session: AsyncSession, company_id: UUID, user_id: UUID) -> str | None:
    """The person's role in the company, or None for those who do not work there."""
    rows = await fetch(session, ROLE, (company_id, user_id))
    return rows[0][0] if rows else None


async def is_platform(database: Database, company_id: UUID) -> bool:
    """Whether this company runs the installation."""
    return bool(await database.rows(IS_PLATFORM, company_id))


async def members_of(database: Database, company_id: UUID) -> list[Member]:
    """Everybody who works for the company, the longest first."""
    return [_member(row) for row in await database.rows(MEMBERS, company_id, None)]


async def member_of(database: Database, company_id: UUID, user_id: UUID) -> Member | None:
    """One of them."""
    row = await database.row(MEMBERS, company_id, user_id)
    return _member(row) if row else None


async def work_of(database: Database, user_id: UUID) -> dict[UUID, Grant]:
    """The companies that the person works for, the first joined first, with what they hold there."""
    return {row["company_id"]: _grant(row) for row in await database.rows(WORK, user_id)}


async def role_counts(database: Database, company_id: UUID) -> dict[str, int]:
    """How many have each of our roles; those that nobody has are left out."""
    return {row["role"]: row["members"] for row in await database.rows(ROLE_COUNTS, company_id)}


async def own_roles(database: Database, company_id: UUID) -> list[OwnRole]:
    """The roles that the company made, by name."""
    rows = await database.rows(OWN_ROLES, company_id)
    return [OwnRole(row["id"], row["name"], frozenset(row["permissions"]), row["members"]) for row in rows]


async def invitations_of(database: Database, company_id: UUID, at: datetime) -> list[InvitationFacts]:
    """The company's last 200 invitations, the newest first."""
    return [_invitation(row, at) for row in await database.rows(INVITATIONS, company_id, None)]


async def invitation_of(
    source: Database | AsyncSession, company_id: UUID, invitation_id: UUID, at: datetime
) -> InvitationFacts | None:
    """One of them."""
    if isinstance(source, Database):
        rows: list[Any] = await source.rows(INVITATIONS, company_id, invitation_id)
    else:
        rows = await fetch(source, INVITATIONS, (company_id, invitation_id))
    return _invitation(rows[0], at) if rows else None


async def keys_of(database: Database, company_id: UUID, at: datetime) -> list[KeyFacts]:
    """The company's keys: those in use first, then by age, the newest first; the last 500."""
    return [_key(row, at) for row in await database.rows(KEYS, company_id, None)]


async def key_of(database: Database, company_id: UUID, key_id: UUID, at: datetime) -> KeyFacts | None:
    """One of them."""
    row = await database.row(KEYS, company_id, key_id)
    return _key(row, at) if row else None


def _grant(row: Any) -> Grant:
    return grant_of(row.role, row.custom_role_id, row.own_name, row.permissions)


def _member(row: Any) -> Member:
    return Member(row.user_id, row.name, row.email or "", row.is_active, _grant(row), row.created_at)


def _invitation(row: Any, at: datetime) -> InvitationFacts:
    state: InvitationState = "open" if row.expires_at > at else "expired"
    if row.accepted_at is not None:
        state = "accepted"
    elif row.revoked_at is not None:
        state = "revoked"
    return InvitationFacts(
        id=row.id,
        email=row.email,
        locale=row.locale,
        grant=_grant(row),
        inviter=row.inviter or "",
        created_at=row.created_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        state=state,
    )


def _key(row: Any, at: datetime) -> KeyFacts:
    state: KeyState = "active"
    if row.revoked_at is not None:
        state = "revoked"
    elif row.expires_at is not None and row.expires_at <= at:
        state = "expired"
    old = row.good_until
    return KeyFacts(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        state=state,
        maker=row.maker or "",
        maker_left=not row.maker_works_here,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.used_at,
        last_used_from=row.address or "",
        old_good_until=old if old is not None and old > at else None,
    )
