"""Whose API key is this?"""

from __future__ import annotations

import hmac
from datetime import datetime

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unauthorised
from pasar.kernel.tenancy import Caller
from pasar.people.access.key_format import key_hash
from pasar.people.access.key_uses import note_key_use
from pasar.people.access.roles import ORDINARY

FIND = """
SELECT s.company_id, s.key_id, s.key_hash, s.good_until, k.name, k.scopes, k.expires_at, k.revoked_at,
       u.used_at, d.admitted_from
  FROM api_key_secrets s
  JOIN api_keys k ON k.company_id = s.company_id AND k.id = s.key_id
  JOIN company_demands d ON d.company_id = s.company_id
  LEFT JOIN api_key_uses u ON u.company_id = s.company_id AND u.key_id = s.key_id
 WHERE s.key_hash = $1
"""


async def caller_of_key(database: Database, key: str, *, address: str, at: datetime) -> Caller:
    """The caller behind an API key: its company, and its scopes as permissions. One indexed read each time,
    so that what changed holds from the next call on; `address` is noted as its last use.

    The company's admitted networks bind keys as they bind staff: one that was stolen is of no use elsewhere.
    Raises `Unauthorised` (`key_invalid`) alike for one that is unknown, malformed, expired, revoked or
    replaced: all take the same read, and only hashes are compared.
    """
    asked = key_hash(key)
    row = await database.row(FIND, asked)
    stored = row["key_hash"] if row else bytes(len(asked))
    if row is None or not hmac.compare_digest(stored, asked) or not _good(row, at):
        raise Unauthorised(
            "key_invalid",
            "This API key is unknown, expired or revoked. Make a new one under /admin/api-keys.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    note_key_use(database, row["company_id"], row["key_id"], last=row["used_at"], address=address, at=at)
    return Caller(
        kind="staff",
        company_id=row["company_id"],
        # What is stored, less what no key may hold: a second lock behind that of making them.
        permissions=frozenset(row["scopes"]) & ORDINARY,
        name=row["name"],
        role="key",
        api_key_id=row["key_id"],
        admitted_from=tuple(row["admitted_from"]),
    )


def _good(row: object, at: datetime) -> bool:
    revoked_at, *ends = (getattr(row, name) for name in ("revoked_at", "expires_at", "good_until"))
    return revoked_at is None and all(end is None or at < end for end in ends)
