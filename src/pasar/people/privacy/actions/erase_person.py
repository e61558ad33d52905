"""Forget a person: everything that modules hold goes in one transaction, or nothing does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.crypto import Secrets, context_of
from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound
from pasar.kernel.ids import new_id
from pasar.kernel.jobs import enqueue
from pasar.people.privacy.models import WAITING_PURPOSE
from pasar.people.privacy.person_keys import destroy_key, lock_person
from pasar.people.privacy.personal_data import Subject, finder, personal_data

# A call that was let in before the erasure may still write a cart line, an address or an order after it: a
# process believes a token for a second. So each erasure is gone over once more, by ids, after a time that is
# far longer than any call takes.
LATECOMERS: Final = timedelta(minutes=5)

NOTE_JOB: Final = "privacy.note_erasure"
NOTE: Final = """
INSERT INTO erasures (id, user_id, company_id, customer_id, companies, customers, waiting, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
UNFINISHED: Final = """
SELECT id, user_id, companies, customers, waiting FROM erasures
 WHERE finished_at IS NULL AND at <= $1 ORDER BY at LIMIT 1000 FOR UPDATE
"""
FINISH: Final = "UPDATE erasures SET finished_at = $2, waiting = NULL WHERE id = $1"


async def erase_person(
    session: AsyncSession, secrets: Secrets, user_id: UUID, at: datetime, *, erasure_id: UUID | None = None
) -> UUID:
    """Erase an account with all its customer records; the erasure's id.

    Raises `NotFound` (`person_not_found`) when there is nobody, or nobody any more, and what modules
    refuse with, such as `last_owner`.
    """
    await lock_person(session, user_id)
    subject = await finder().account(session, user_id, lock=True)
    if subject is None:
        raise NotFound("person_not_found", "There is no such account.")
    return await _erase(session, secrets, subject, at, (user_id, None, None), erasure_id or new_id())


async def erase_guest(
    session: AsyncSession,
    secrets: Secrets,
    company_id: UUID,
    customer_id: UUID,
    at: datetime,
    *,
    erasure_id: UUID | None = None,
) -> UUID:
    """Erase a customer without account at one company; the erasure's id.

    Raises `NotFound` (`customer_not_found`) also for one who was erased, and `Conflict`
    (`customer_has_account`) for one who has an account, which is theirs alone to erase.
    """
    subject = await finder().guest(session, company_id, customer_id)
    if subject is None:
        raise NotFound("customer_not_found", "There is no such customer.")
    return await _erase(
        session, secrets, subject, at, (None, company_id, customer_id), erasure_id or new_id()
    )


async def finish_erasures(session: AsyncSession, secrets: Secrets, at: datetime) -> int:
    """Forget what had to wait for orders under way, and what was written by calls that an erasure overtook;
    how many erasures are finished by that. Those of the last `LATECOMERS` are left for later.
    """
    finished = 0
    rows = await fetch(session, UNFINISHED, (at - LATECOMERS,))
    for erasure_id, user_id, companies, customers, waiting in rows:
        plain = await secrets.open(WAITING_PURPOSE, waiting, context=context_of(erasure_id))
        # The last: rows of the first releases hold all known addresses before it, which prove nothing.
        proved = msgspec.json.decode(plain, type=tuple[tuple[str, ...], ...])[-1]
        subject = Subject(user_id, tuple(zip(companies, customers, strict=True)), proved)
        if await _forget(session, subject, at):
            await fetch(session, FINISH, (erasure_id, at))
            finished += 1
    return finished


async def _erase(
    session: AsyncSession,
    secrets: Secrets,
    subject: Subject,
    at: datetime,
    ids: tuple[UUID | None, UUID | None, UUID | None],
    erasure_id: UUID,
) -> UUID:
    for data in personal_data():
        if data.refuse is not None:
            await data.refuse(session, subject)
    everything = await _forget(session, subject, at)
    if subject.user_id is not None:
        await destroy_key(session, subject.user_id)
    known: tuple[Any, ...] = (erasure_id, *ids, subject.companies, subject.customer_ids)
    # Addresses are kept for orders under way alone: by tomorrow they may be somebody else's.
    plain = msgspec.json.encode(((() if everything else subject.proved),))
    waiting = await secrets.seal(WAITING_PURPOSE, plain, context=context_of(erasure_id))
    await fetch(session, NOTE, (*known, waiting, at))
    await enqueue(session, NOTE_JOB, {"erasure_id": str(erasure_id)})
    return erasure_id


async def _forget(session: AsyncSession, subject: Subject, at: datetime) -> bool:
    everything = True
    for data in personal_data():
        everything = await data.erase(session, subject, at) and everything
    return everything
