"""A key of one's own: what it seals is gone for good when the key is destroyed, in backups, too.

For places that can never be changed, such as the audit log.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.crypto import SealBroken, Secrets, context_of
from pasar.kernel.crypto.ring import fresh_key
from pasar.kernel.crypto.sealing import decrypt, encrypt
from pasar.kernel.db.database import fetch
from pasar.people.privacy.models import PERSON_KEY_PURPOSE

# A person's key is not made while they are being erased, in whatever order the two commit.
ALONE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('person ' || $1::uuid::text, 0))"
READ: Final = "SELECT wrapped FROM person_keys WHERE user_id = $1"
ERASED: Final = "SELECT 1 FROM erasures WHERE user_id = $1"
ADD: Final = """
INSERT INTO person_keys (user_id, wrapped) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING
"""
DESTROY: Final = "DELETE FROM person_keys WHERE user_id = $1"


class PersonKeys:
    """Seals under persons' keys, as `people.audit` asks (`PersonSealer`)."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def seal(self, session: AsyncSession, person_id: UUID, plain: bytes) -> bytes | None:
        """`plain` under the person's key, which is made when there is none; None for an erased person."""
        key = await self._key(session, person_id) or await self._made(session, person_id)
        return encrypt(key, plain, person_id.bytes) if key is not None else None

    async def open(self, session: AsyncSession, person_id: UUID, sealed: bytes) -> bytes | None:
        """What was sealed; None when the person has been erased. Raises `SealBroken` for a changed value."""
        key = await self._key(session, person_id)
        return decrypt(key, sealed, person_id.bytes) if key is not None else None

    async def _key(self, session: AsyncSession, person_id: UUID) -> bytes | None:
        rows = await fetch(session, READ, (person_id,))
        if not rows:
            return None
        return await self._secrets.open(PERSON_KEY_PURPOSE, rows[0][0], context=context_of(person_id))

    async def _made(self, session: AsyncSession, person_id: UUID) -> bytes | None:
        await lock_person(session, person_id)
        if await fetch(session, ERASED, (person_id,)):
            return None
        wrapped = await self._secrets.seal(PERSON_KEY_PURPOSE, fresh_key(), context=context_of(person_id))
        await fetch(session, ADD, (person_id, wrapped))
        return await self._key(session, person_id)


async def lock_person(session: AsyncSession, person_id: UUID) -> None:
    """Until the transaction ends nobody else makes this person's key or erases the person."""
    await fetch(session, ALONE, (person_id,))


async def destroy_key(session: AsyncSession, person_id: UUID) -> None:
    """From the commit on nothing that was sealed for the person opens."""
    await fetch(session, DESTROY, (person_id,))


async def seal_for_person(
    secrets: Secrets, session: AsyncSession, user_id: UUID, plain: bytes
) -> bytes | None:
    """`plain` under the person's own key; None for an erased person."""
    return await PersonKeys(secrets).seal(session, user_id, plain)


async def open_for_person(
    secrets: Secrets, session: AsyncSession, user_id: UUID, sealed: bytes
) -> bytes | None:
    """What was sealed for the person; None once they are erased. Raises `SealBroken`."""
    return await PersonKeys(secrets).open(session, user_id, sealed)


__all__ = ["PersonKeys", "SealBroken", "destroy_key", "lock_person", "open_for_person", "seal_for_person"]
