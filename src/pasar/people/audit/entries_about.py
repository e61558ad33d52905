"""What does the audit log say about one person? For the file of their data."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.crypto import SealBroken
from pasar.kernel.db.database import fetch
from pasar.people.audit.sealing import open_values

BY_OR_ABOUT: Final = """
SELECT company_id, id, at, action, object_type, object_id, address, agent, sealed, person_id
  FROM audit_entries WHERE actor_id = $1 OR person_id = $1 ORDER BY id
"""


async def entries_about(session: AsyncSession, user_id: UUID) -> list[dict[str, Any]]:
    """What the person did, and what concerns them, with what was sealed for them; the oldest first.

    What does not open though it should is told as such (`unreadable`): it does not keep the rest from them.
    """
    entries = []
    for row in await fetch(session, BY_OR_ABOUT, (user_id,)):
        company_id, entry_id, at, action, object_type, object_id, address, agent, sealed, person_id = row
        own = person_id == user_id and sealed is not None
        opened, unreadable = None, False
        if own:
            try:
                opened = await open_values(session, user_id, bytes(sealed))
            except SealBroken:
                unreadable = True
        entry = {
            "company_id": company_id,
            "id": entry_id,
            "at": at,
            "action": action,
            "object_type": object_type,
            "object_id": object_id,
            "address": address,
            "agent": agent,
            "personal": opened,
        } | ({"unreadable": True} if unreadable else {})
        entries.append(msgspec.to_builtins(entry))
    return entries
