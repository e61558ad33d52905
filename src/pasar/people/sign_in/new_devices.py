"""Is this device new to the person? Then it is told, in case somebody else has come in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.events import record
from pasar.people.sign_in.device_words import device_words
from pasar.people.sign_in.events import SignedInElsewhere

# Ended ones too: who signs out and in again sits at the same device.
KNOWN = "SELECT DISTINCT agent FROM sign_ins WHERE user_id = $1 AND id <> $2"


async def note_new_device(
    session: AsyncSession, company_id: UUID, user_id: UUID, sign_in_id: UUID, agent: str, at: datetime
) -> None:
    """Record `user.signed_in_elsewhere` unless the device is known, or this is the person's first sign-in.

    A device is known by its browser and system: an update must not frighten, and an address changes daily.
    """
    known = [row[0] for row in await fetch(session, KNOWN, (user_id, sign_in_id))]
    words = device_words(agent)
    if known and all(device_words(other) != words for other in known):
        await record(session, company_id, SignedInElsewhere(user_id=user_id, sign_in_id=sign_in_id), at=at)
