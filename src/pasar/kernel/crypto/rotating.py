"""Rotate: a new key for sealing and one for signing, and every key wrapped by the present root key.

Old keys stay, for reading and for verifying tokens that still live. Running processes notice within a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.crypto.ring import KeyPurpose, fresh_key, unwrap, wrap
from pasar.kernel.crypto.sealing import SealBroken
from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id

PURPOSES: Final[tuple[KeyPurpose, ...]] = ("data", "signing")

# Two rotations at once take turns, and nobody makes a first key meanwhile; reading goes on.
LOCK = "LOCK TABLE secret_keys IN SHARE ROW EXCLUSIVE MODE"
RETIRE = "UPDATE secret_keys SET retired_at = $2 WHERE purpose = $1 AND retired_at IS NULL"
ADD = "INSERT INTO secret_keys (id, purpose, root_id, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)"
OTHER_ROOTS = "SELECT id, purpose, root_id, wrapped FROM secret_keys WHERE root_id <> $1 ORDER BY id"
REWRAP = "UPDATE secret_keys SET root_id = $2, wrapped = $3 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: the new keys' ids, and how many keys went over to the present root key."""

    data: UUID
    signing: UUID
    rewrapped: int


async def rotate(session: AsyncSession, roots: Sequence[RootKey], at: datetime) -> Rotation:
    """Add a key of each purpose, retire those before, and wrap all by `roots[0]`.

    Raises `SealBroken`, changing nothing, when a key's own root key is not among `roots`: left behind, what
    it sealed would be lost with the next root key.
    """
    await fetch(session, LOCK)
    rewrapped = await rewrap(session, roots)
    made: dict[KeyPurpose, UUID] = {}
    for purpose in PURPOSES:
        key_id = made[purpose] = new_id()
        await fetch(session, RETIRE, (purpose, at))
        wrapped = wrap(roots[0], key_id, purpose, fresh_key())
        await fetch(session, ADD, (key_id, purpose, roots[0].id, wrapped, at))
    return Rotation(made["data"], made["signing"], rewrapped)


async def rewrap(session: AsyncSession, roots: Sequence[RootKey]) -> int:
    """Wrap by the present root key what others wrapped; how many those were. Raises `SealBroken`."""
    present = roots[0]
    rows = await fetch(session, OTHER_ROOTS, (present.id,))
    for key_id, purpose, root_id, wrapped in rows:
        key = unwrap(roots, root_id, key_id, purpose, wrapped)
        if key is None:
            raise SealBroken(
                f"the root key {root_id} is not in PASAR_DATA_KEYS, or is another than it was. "
                "Put it behind the new one until the rotation is done."
            )
        await fetch(session, REWRAP, (key_id, present.id, wrap(present, key_id, purpose, key)))
    return len(rows)
