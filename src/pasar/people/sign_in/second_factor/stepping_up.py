"""Is it still the person who signed in? Asked before what matters; good for a quarter of an hour."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Unprocessable
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.checking import check_own_password
from pasar.people.sign_in.second_factor.actions.telling import tell_change
from pasar.people.sign_in.second_factor.passkey_challenges import Ceremony, bound_to_sign_in
from pasar.people.sign_in.second_factor.proof import Proof
from pasar.people.sign_in.second_factor.relying_party import RelyingParty
from pasar.people.sign_in.second_factor.showing import FactorRefused, Shown, with_factor
from pasar.people.sign_in.second_factor_gate import methods_of
from pasar.people.users.public import credentials_by_id

CONFIRM = """
UPDATE sign_ins
   SET confirmed_at = $2,
       second_factor_at = CASE WHEN $3 THEN coalesce(second_factor_at, $2) ELSE second_factor_at END
 WHERE id = $1 AND revoked_at IS NULL
"""
WRONG_CODE: Final = "This is not right, or was used before. Try again with a new code, or a recovery code."


def sign_in_of(context: Context) -> UUID:
    """The sign-in that the call belongs to. Raises `Forbidden` (`people_only`) for guests and API keys."""
    _ = context.user_id
    assert context.caller.sign_in_id is not None, "every person comes by a sign-in"
    return context.caller.sign_in_id


def confirming(context: Context, party: RelyingParty) -> Ceremony:
    """The ceremony of a passkey that confirms this sign-in."""
    return Ceremony("step_up", party, bound_to_sign_in(sign_in_of(context)))


async def step_up_with_password(runtime: Runtime, context: Context, password: str) -> None:
    """Confirm this sign-in by the password, for who has no second factor.

    Raises `Unprocessable`: `factor_required` for who has one, `wrong_password`; `Conflict`
    (`sign_in_again`) for who has neither; and `TooMany` as sign-in does.
    """
    sign_in_id = sign_in_of(context)
    if await methods_of(runtime.database, context.user_id):
        raise _wrong("password", "factor_required", "You have a second factor: confirm with it instead.")
    found = await credentials_by_id(runtime.database, context.user_id)
    if found is None or found.password_hash is None:
        raise Conflict(
            "sign_in_again", "Your account has no password. Sign out and in again: that confirms it as well."
        )
    try:
        await check_own_password(runtime, context.user_id, password, context.address)
    except Unprocessable:
        raise _wrong("password", "wrong_password", "This is not your password. Try again.") from None
    async with runtime.database.transaction() as session:
        await fetch(session, CONFIRM, (sign_in_id, runtime.clock.now(), False))


async def step_up_with_factor(runtime: Runtime, context: Context, proof: Proof, party: RelyingParty) -> None:
    """Confirm this sign-in by a second factor, which it then has shown.

    Raises `Unprocessable` (`wrong_code`), and as `with_factor`.
    """
    sign_in_id = sign_in_of(context)

    async def confirm(session: AsyncSession, shown: Shown) -> None:
        now = runtime.clock.now()
        await fetch(session, CONFIRM, (sign_in_id, now, True))
        if shown.method == "recovery":
            await tell_change(session, context.user_id, context.company_id, "recovery_code_used", now)

    try:
        ceremony = confirming(context, party)
        await with_factor(runtime, context.user_id, proof, ceremony, context.address, confirm, step="step_up")
    except FactorRefused:
        raise _wrong(_field_of(proof), "wrong_code", WRONG_CODE) from None


def _field_of(proof: Proof) -> str:
    if proof.passkey is not None:
        return "passkey"
    return "code" if proof.code is not None else "recoveryCode"


def _wrong(field: str, code: str, detail: str) -> Unprocessable:
    return Unprocessable(code, detail, errors=[FieldProblem(field, code, detail)])
