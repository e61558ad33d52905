"""What follows a new factor, whichever it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Unauthorised
from pasar.people.sign_in.events import FactorChange
from pasar.people.sign_in.second_factor.actions.make_recovery_codes import replace_codes
from pasar.people.sign_in.second_factor.actions.telling import Changer, tell_change

SHOWN = """
UPDATE sign_ins SET second_factor_at = coalesce(second_factor_at, $2)
 WHERE id = $1 AND revoked_at IS NULL RETURNING 1
"""
UNCONFIRM = """
UPDATE sign_ins SET confirmed_at = NULL
 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND confirmed_at IS NOT NULL
"""


async def finish_enrolment(
    session: AsyncSession, changer: Changer, change: FactorChange, *, first: bool, at: datetime
) -> list[str]:
    """The present sign-in has shown the new factor, and the person is told of it.

    With the first factor, the person's other sign-ins must confirm anew before they change what matters: so
    far less than that factor confirmed them. Answers ten recovery codes with the first factor, else none. The
    caller holds the lock.

    Raises `Unauthorised` (`sign_in_required`) when the sign-in has ended meanwhile: a password that is reset
    takes every factor away, and none may slip in behind it.
    """
    if not await fetch(session, SHOWN, (changer.sign_in_id, at)):
        raise Unauthorised("sign_in_required", "This sign-in has ended. Sign in again.")
    await tell_change(session, changer.user_id, changer.company_id, change, at)
    if not first:
        return []
    await fetch(session, UNCONFIRM, (changer.user_id, changer.sign_in_id))
    return await replace_codes(session, changer.user_id, at)
