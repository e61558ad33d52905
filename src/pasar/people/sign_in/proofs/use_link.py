"""Take the token of a link: whose is it, and it is used from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Unprocessable
from pasar.kernel.ids import hash_token
from pasar.kernel.limits import FailureLimit, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.proof_kinds import LinkKind

PER_ADDRESS: Final = FailureLimit("proof.address", 20)

FIND = """
SELECT id, kind, user_id, recipient, company_id, locale FROM proofs
 WHERE secret_hash = $1 AND kind = ANY ($2::text[]) AND used_at IS NULL
   AND expires_at > $3 AND user_id IS NOT NULL
"""
USE = """
UPDATE proofs SET used_at = $2
 WHERE id = $1 AND used_at IS NULL AND expires_at > $2
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a link proves: that whoever holds it reads the mail of `recipient`."""

    id: UUID
    kind: LinkKind
    user_id: UUID
    recipient: str
    company_id: UUID
    locale: str


async def find_link(runtime: Runtime, kinds: Sequence[LinkKind], token: str, address: str) -> Proven:
    """What the token stands for; it is not used by this. One indexed read.

    Raises `Unprocessable` (`link_over`) for one that is unknown, of another kind, used or over, and
    `TooMany` after 20 such from one address in 15 minutes.
    """
    limits = [(PER_ADDRESS, address)]
    await refuse_after_failures(runtime, limits)
    row = await runtime.database.row(FIND, hash_token(token), list(kinds), runtime.clock.now())
    if row is None:
        await note_failure(runtime, limits)
        raise link_over()
    return Proven(*row)


async def use_link(session: AsyncSession, runtime: Runtime, proven: Proven) -> None:
    """Use it, once: whoever comes second waits for the first. Raises `Unprocessable` (`link_over`)."""
    if not await fetch(session, USE, (proven.id, runtime.clock.now())):
        raise link_over()


def link_over() -> Unprocessable:
    """The one answer to every link that does not work."""
    return Unprocessable("link_over", "This link is over, or was used already. Ask for a new one.")
