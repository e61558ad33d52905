"""Make, renew and revoke an API key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, NotFound, Unprocessable
from pasar.kernel.ids import new_id
from pasar.people.access.giving import refuse_beyond
from pasar.people.access.key_format import NewSecret, new_secret
from pasar.people.access.labels import label
from pasar.people.access.roles import ORDINARY, PERMISSIONS

MOST_KEYS: Final = 100
OLD_KEY_HOURS: Final = 24
LONGEST_OLD_KEY_HOURS: Final = 168

COUNT: Final = """
SELECT count(*) FROM api_keys
 WHERE company_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""
INSERT: Final = """
INSERT INTO api_keys (company_id, id, name, scopes, made_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
INSERT_HASH: Final = """
INSERT INTO api_key_secrets (company_id, id, key_id, prefix, key_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
LOCK: Final = """
SELECT revoked_at, expires_at, scopes FROM api_keys WHERE company_id = $1 AND id = $2 FOR UPDATE
"""
END_SECRETS: Final = """
UPDATE api_key_secrets SET good_until = $3
 WHERE company_id = $1 AND key_id = $2 AND (good_until IS NULL OR good_until > $3)
"""
REVOKE: Final = "UPDATE api_keys SET revoked_at = coalesce(revoked_at, $3) WHERE company_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made or renewed. `secret.key` is told now and never again."""

    id: UUID
    secret: NewSecret


async def create_key(
    session: AsyncSession,
    company_id: UUID,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None,
    by: UUID,
    held: frozenset[str],
    at: datetime,
) -> MadeKey:
    """Make a key; `held` is what its maker `by` may.

    The answer holds the secret, so that it is never kept to be told again (no `Idempotency-Key`). Raises
    `Unprocessable` (`invalid_fields`, `scope_unknown`, `expires_in_past`), `Forbidden` (`beyond_own_rights`)
    and `Conflict` (`too_many_keys`).
    """
    wanted = _scopes(scopes)
    refuse_beyond(held, wanted)
    if expires_at is not None and expires_at <= at:
        raise _unfit("expires_in_past", "expiresAt", "Choose a moment to come.")
    ((count,),) = await fetch(session, COUNT, (company_id, at))
    if count >= MOST_KEYS:
        raise Conflict("too_many_keys", f"A company has at most {MOST_KEYS} keys. Revoke those not in use.")
    key_id = new_id()
    ordered = [one for one in PERMISSIONS if one in wanted]
    await fetch(session, INSERT, (company_id, key_id, label(name), ordered, by, at, expires_at))
    return MadeKey(key_id, await _add_secret(session, company_id, key_id, at))


async def rotate_key(
    session: AsyncSession,
    company_id: UUID,
    key_id: UUID,
    *,
    held: frozenset[str],
    at: datetime,
    old_key_hours: int = OLD_KEY_HOURS,
) -> MadeKey:
    """Give a key a new secret; those before are good for `old_key_hours` more, 0 to 168, then no longer.

    Whoever renews a key holds it: its scopes must be within `held`. Raises `NotFound` (`key_not_found`),
    `Forbidden` (`beyond_own_rights`) and `Conflict` (`key_ended`) for one that is revoked or has expired.
    """
    rows = await fetch(session, LOCK, (company_id, key_id))
    if not rows:
        raise _not_found()
    revoked_at, expires_at, scopes = rows[0]
    if revoked_at is not None or (expires_at is not None and expires_at <= at):
        raise Conflict("key_ended", "This key is revoked or has expired. Make a new one.")
    refuse_beyond(held, frozenset(scopes))
    await fetch(session, END_SECRETS, (company_id, key_id, at + timedelta(hours=old_key_hours)))
    return MadeKey(key_id, await _add_secret(session, company_id, key_id, at))


async def revoke_key(session: AsyncSession, company_id: UUID, key_id: UUID, at: datetime) -> None:
    """End a key with all its secrets, at once; a second time changes nothing. Raises `NotFound`."""
    if not await fetch(session, LOCK, (company_id, key_id)):
        raise _not_found()
    await fetch(session, REVOKE, (company_id, key_id, at))


async def _add_secret(session: AsyncSession, company_id: UUID, key_id: UUID, at: datetime) -> NewSecret:
    secret = new_secret()
    await fetch(session, INSERT_HASH, (company_id, new_id(), key_id, secret.prefix, secret.key_hash, at))
    return secret


def _scopes(scopes: Collection[str]) -> frozenset[str]:
    wanted = frozenset(scopes)
    if not wanted:
        raise _unfit("scope_unknown", "scopes", "Choose at least one scope.")
    if wanted - ORDINARY:
        raise _unfit(
            "scope_unknown",
            "scopes",
            "A key takes permissions by name, but never those to change staff, roles or keys, nor `*`.",
        )
    return wanted


def _unfit(code: str, field: str, told: str) -> Unprocessable:
    return Unprocessable(code, told, errors=[FieldProblem(field, code, told)])


def _not_found() -> NotFound:
    return NotFound("key_not_found", "This company has no such key.")
