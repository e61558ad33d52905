"""Add a passkey that the person's browser has just made."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.people.sign_in.second_factor.actions.finish_enrolment import finish_enrolment
from pasar.people.sign_in.second_factor.actions.telling import Changer
from pasar.people.sign_in.second_factor.ceremony import NewCredential
from pasar.people.sign_in.second_factor.factors import has_factor, lock_factors

MOST_PASSKEYS: Final = 20

COUNT = "SELECT count(*) FROM passkeys WHERE user_id = $1"
# A credential belongs to one person for good: who sends a known one adds nothing (section 7.1, step 26).
INSERT = """
INSERT INTO passkeys
    (id, user_id, rp_id, credential_id, public_key, sign_count, name, transports, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (credential_id) DO NOTHING RETURNING 1
"""


async def add_passkey(
    session: AsyncSession, changer: Changer, made: NewCredential, *, rp_id: str, name: str, at: datetime
) -> list[str]:
    """Keep the passkey under `name`. Answers recovery codes with the first factor, else nothing.

    Raises `Conflict`: `passkey_known` for a credential that is there, `too_many_passkeys` after twenty.
    """
    await lock_factors(session, changer.user_id)
    ((already,),) = await fetch(session, COUNT, (changer.user_id,))
    if already >= MOST_PASSKEYS:
        raise Conflict("too_many_passkeys", f"{MOST_PASSKEYS} passkeys are the most. Remove one first.")
    first = not await has_factor(session, changer.user_id)
    row = (
        new_id(),
        changer.user_id,
        rp_id,
        made.credential_id,
        made.public_key,
        made.sign_count,
        name,
        made.transports,
        at,
    )
    if not await fetch(session, INSERT, row):
        raise Conflict("passkey_known", "This passkey is registered already. Use another one.")
    return await finish_enrolment(session, changer, "passkey_added", first=first, at=at)
