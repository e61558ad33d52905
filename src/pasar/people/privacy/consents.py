"""What may a person be asked to agree to, in which words, and what did they say last?

New words need a new version: consent to the former ones does not cover them, and counts as not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.i18n import N_


@dataclass(frozen=True, slots=True)
class ConsentPurpose:
    """One purpose: its name, the version of its words, and the words."""

    name: str
    wording: int
    text: str


PURPOSES: Final[Mapping[str, ConsentPurpose]] = {
    purpose.name: purpose
    for purpose in (
        ConsentPurpose("marketing", 1, N_("Send me news and offers of this shop by e-mail.")),
        ConsentPurpose("cart_reminders", 1, N_("Remind me by e-mail of goods that I left in my cart.")),
        ConsentPurpose("analytics", 1, N_("Use what I do in this shop to make the shop better.")),
    )
}
LATEST: Final = """
SELECT DISTINCT ON (purpose) purpose, wording, given, at FROM consents
 WHERE company_id = $1 AND user_id = $2 ORDER BY purpose, id DESC
"""
LATEST_OF_ONE: Final = """
SELECT wording, given FROM consents
 WHERE company_id = $1 AND user_id = $2 AND purpose = $3 ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class ConsentState:
    """One purpose and what the person last said to its present words; `at` is None when nothing."""

    purpose: ConsentPurpose
    given: bool
    at: datetime | None


async def consents_of(database: Database, company_id: UUID, user_id: UUID) -> list[ConsentState]:
    """Every purpose with the person's answer, `given` only where it is yes to the present words."""
    said = {row["purpose"]: row for row in await database.rows(LATEST, company_id, user_id)}
    states = []
    for purpose in PURPOSES.values():
        row = said.get(purpose.name)
        covered = row is not None and row["wording"] == purpose.wording
        states.append(
            ConsentState(
                purpose,
                given=row is not None and covered and row["given"],
                at=row["at"] if row is not None and covered else None,
            )
        )
    return states


async def has_consented(database: Database, company_id: UUID, user_id: UUID, purpose: str) -> bool:
    """Whether the person agrees to `purpose` at this company, in its present words. One indexed read.

    Raises `KeyError` for a purpose that nobody is asked about.
    """
    wording = PURPOSES[purpose].wording
    row = await database.row(LATEST_OF_ONE, company_id, user_id, purpose)
    return row is not None and row["given"] and row["wording"] == wording
