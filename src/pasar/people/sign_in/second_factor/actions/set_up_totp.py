"""Set up an authenticator app: make a secret, and let it count once a code proves that the app has it."""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.crypto import context_of
from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Unprocessable
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.second_factor.actions.finish_enrolment import finish_enrolment
from pasar.people.sign_in.second_factor.actions.telling import Changer
from pasar.people.sign_in.second_factor.factors import has_factor, lock_factors
from pasar.people.sign_in.second_factor.models import TOTP_PURPOSE
from pasar.people.sign_in.second_factor.totp import new_secret, step_of

BEGIN = """
INSERT INTO totp_secrets (id, user_id, secret, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (user_id) WHERE confirmed_at IS NULL DO UPDATE SET secret = $3, created_at = $4
"""
PENDING = "SELECT secret FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NULL"
FORMER = "DELETE FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL"
CONFIRM = """
UPDATE totp_secrets SET confirmed_at = $3, last_step = $4
 WHERE user_id = $1 AND confirmed_at IS NULL AND secret = $2 RETURNING 1
"""


async def begin_totp(runtime: Runtime, user_id: UUID) -> str:
    """A new secret that waits for its first code, in place of any that waited. One that counts stays."""
    secret = new_secret()
    sealed = await runtime.secrets.seal(TOTP_PURPOSE, secret.encode(), context=context_of(user_id))
    async with runtime.database.transaction() as session:
        await fetch(session, BEGIN, (new_id(), user_id, sealed, runtime.clock.now()))
    return secret


async def pending_totp(runtime: Runtime, user_id: UUID) -> str | None:
    """The secret that waits for its first code, if one does."""
    sealed = await runtime.database.value(PENDING, user_id)
    return await _opened(runtime, user_id, sealed) if sealed is not None else None


async def confirm_totp(runtime: Runtime, changer: Changer, code: str) -> list[str]:
    """Let the waiting secret count, in place of the one before it. Answers recovery codes with the first
    factor, else nothing.

    Raises `Unprocessable` (`wrong_code`), and `Conflict` (`no_setup`) when nothing waits.
    """
    now = runtime.clock.now()
    async with runtime.database.transaction() as session:
        await lock_factors(session, changer.user_id)
        rows = await fetch(session, PENDING, (changer.user_id,))
        if not rows:
            raise Conflict("no_setup", "Begin the setup of the authenticator app first.")
        step = step_of(await _opened(runtime, changer.user_id, rows[0][0]), code, now, after=0)
        if step is None:
            detail = "This is not the app's present code. Wait for the next one and check the phone's clock."
            raise Unprocessable("wrong_code", detail, errors=[FieldProblem("code", "wrong_code", detail)])
        first = not await has_factor(session, changer.user_id)
        await fetch(session, FORMER, (changer.user_id,))
        if not await fetch(session, CONFIRM, (changer.user_id, rows[0][0], now, step)):
            raise Conflict("no_setup", "The setup was begun anew elsewhere. Use the newest QR code.")
        return await finish_enrolment(session, changer, "totp_added", first=first, at=now)


async def _opened(runtime: Runtime, user_id: UUID, sealed: bytes) -> str:
    plain = await runtime.secrets.open(TOTP_PURPOSE, sealed, context=context_of(user_id))
    return plain.decode()
