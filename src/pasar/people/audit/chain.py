"""What is the hash of an entry, and of its link? Pure.

An entry's hash is SHA-256 over a JSON array of all that it says, in a fixed order; a link's is SHA-256 over
the hash of the link before (32 zero bytes for the first), its position, its time and its entry's hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

BEFORE_THE_FIRST: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry as the chain sees it. `before` and `after` are the text of their jsonb, as PostgreSQL writes
    it: its keys are in one order always, and no number loses a digit."""

    company_id: UUID
    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    before: str | None
    after: str | None
    withheld: list[str]
    person_id: UUID | None
    sealed: bytes | None
    address: str
    agent: str
    request_id: str


def entry_hash(entry: ChainedEntry) -> bytes:
    """The 32 bytes that stand for all that the entry says."""
    said = (
        entry.company_id.hex,
        entry.id.hex,
        _moment(entry.at),
        entry.actor_kind,
        entry.actor_id.hex if entry.actor_id else None,
        entry.actor_name,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.before,
        entry.after,
        list(entry.withheld),
        entry.person_id.hex if entry.person_id else None,
        entry.sealed.hex() if entry.sealed is not None else None,
        entry.address,
        entry.agent,
        entry.request_id,
    )
    return hashlib.sha256(msgspec.json.encode(said)).digest()


def link_hash(previous: bytes, position: int, linked_at: datetime, hashed: bytes) -> bytes:
    """The 32 bytes of the link at `position` (from 1) behind the one whose hash is `previous`."""
    place = f"{position}|{_moment(linked_at)}|".encode()
    return hashlib.sha256(previous + place + hashed).digest()


def _moment(at: datetime) -> str:
    """To the microsecond, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
