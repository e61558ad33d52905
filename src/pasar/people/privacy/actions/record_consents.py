"""Note what a person agrees to, and no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.ids import new_id
from pasar.people.privacy.consents import LATEST_OF_ONE, PURPOSES
from pasar.people.privacy.person_keys import lock_person

ADD: Final = """
INSERT INTO consents (company_id, id, user_id, purpose, wording, given, at, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def record_consents(
    session: AsyncSession,
    company_id: UUID,
    user_id: UUID,
    answers: Mapping[str, bool],
    *,
    at: datetime,
    address: str,
) -> None:
    """Add a record for each answer that differs from the last. Raises `Unprocessable` `purpose_unknown`."""
    for name in answers:
        if name not in PURPOSES:
            message = f"Nobody is asked about {name}: use one of {', '.join(PURPOSES)}."
            raise Unprocessable(
                "purpose_unknown", message, errors=[FieldProblem("items", "purpose_unknown", message)]
            )
    await lock_person(session, user_id)  # answers take turns: what was said last is written last
    for name, given in answers.items():
        wording = PURPOSES[name].wording
        last = await fetch(session, LATEST_OF_ONE, (company_id, user_id, name))
        if last and (last[0][0], last[0][1]) == (wording, given):
            continue
        if not last and not given:
            continue  # never asked, never given: nothing to note
        await fetch(session, ADD, (company_id, new_id(), user_id, name, wording, given, at, address))
