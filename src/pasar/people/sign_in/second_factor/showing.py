"""Is this the person's second factor? Found by reading, used up in the transaction that it opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.crypto import context_of
from pasar.kernel.db.database import fetch
from pasar.kernel.limits import FailureLimit, forget_failures, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.events import ProvingStep
from pasar.people.sign_in.locking import tell_locked
from pasar.people.sign_in.second_factor.ceremony import (
    Credential,
    PasskeyRefused,
    credential_id_of,
    signed_count,
    user_of,
)
from pasar.people.sign_in.second_factor.models import TOTP_PURPOSE
from pasar.people.sign_in.second_factor.passkey_challenges import Ceremony, take
from pasar.people.sign_in.second_factor.proof import Proof
from pasar.people.sign_in.second_factor.recovery import recovery_hash
from pasar.people.sign_in.second_factor.totp import step_of
from pasar.people.sign_in.second_factor_gate import Method

log = structlog.get_logger(__name__)
T = TypeVar("T")

PER_ACCOUNT: Final = FailureLimit("second_factor.account", 5)
PER_ADDRESS: Final = FailureLimit("second_factor.address", 20)
# By person and by address. Who is signed in has tries of their own: strangers who know the password would
# otherwise use them up from outside.
LIMITS: Final[dict[ProvingStep, tuple[FailureLimit, FailureLimit]]] = {
    "second_factor": (PER_ACCOUNT, PER_ADDRESS),
    "step_up": (FailureLimit("own_factor.account", 5), FailureLimit("own_factor.address", 20)),
}

TOTP = """
SELECT id, secret, last_step FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL
"""
PASSKEY = """
SELECT id, user_id, public_key, sign_count FROM passkeys WHERE credential_id = $1 AND rp_id = $2
"""
REGRESSED = "UPDATE passkeys SET regressed_at = $2 WHERE id = $1"
# Compare and set in one statement: of two who show the same step, code or counter, one changes a row.
USE_STEP = """
UPDATE totp_secrets SET last_step = $2
 WHERE id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL AND $3::timestamptz IS NOT NULL RETURNING 1
"""
USE_CODE = """
UPDATE recovery_codes SET used_at = $3
 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING 1
"""
USE_PASSKEY = """
UPDATE passkeys SET sign_count = $2, last_used_at = $3
 WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING 1
"""
_USE: Final = {"totp": USE_STEP, "passkey": USE_PASSKEY, "recovery": USE_CODE}


class FactorRefused(Exception):
    """Not this person's second factor, or used before."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A factor that fits and waits to be used. `key` and `mark` are what `_USE` asks for."""

    method: Method
    user_id: UUID
    key: UUID
    mark: int | bytes


async def with_factor(
    runtime: Runtime,
    user_id: UUID,
    proof: Proof,
    ceremony: Ceremony,
    address: str,
    work: Callable[[AsyncSession, Shown], Awaitable[T]],
    *,
    step: ProvingStep = "second_factor",
) -> T:
    """Use the factor up and do `work`, in one transaction. `step` says what it is shown for.

    A try counts before it is compared, so that tries sent together learn no more than those sent one after
    another. The failure that locks is told (`tell_locked`). Raises `FactorRefused`, and `TooMany` after 5
    failures of a person or 20 from an address in 15 minutes.
    """
    per_person, per_address = LIMITS[step]
    account, place = (per_person, str(user_id)), (per_address, address)
    await refuse_after_failures(runtime, [place])
    used_up = await note_failure(runtime, [account])
    try:
        shown = await fitting(runtime, user_id, proof, ceremony)
        async with runtime.database.transaction() as session:
            await use(session, shown, runtime.clock.now())
            done = await work(session, shown)
    except FactorRefused:
        log.info("second_factor.failed", way=proof.way, userId=str(user_id))
        if per_person in used_up:
            await tell_locked(runtime, user_id, step)
        await note_failure(runtime, [place])
        raise
    log.info("second_factor.shown", way=shown.method, userId=str(user_id))
    await forget_failures(runtime, *account)
    return done


async def fitting(runtime: Runtime, user_id: UUID, proof: Proof, ceremony: Ceremony) -> Shown:
    """The factor of `user_id` that `proof` shows. Raises `FactorRefused`."""
    if proof.code is not None:
        return await _totp(runtime, user_id, proof.code)
    if proof.recovery_code is not None:
        return Shown("recovery", user_id, user_id, recovery_hash(user_id, proof.recovery_code))
    shown = await passkey_shown(runtime, proof.passkey or {}, ceremony)
    if shown.user_id != user_id:
        raise FactorRefused
    return shown


async def passkey_shown(runtime: Runtime, credential: Credential, ceremony: Ceremony) -> Shown:
    """The passkey that signed the challenge, whosever it is. Raises `FactorRefused`.

    A counter that did not rise is refused and noted: somebody may use a copy (section 6.1.1).
    """
    try:
        challenge = await take(runtime, ceremony, credential)
        row = await runtime.database.row(PASSKEY, credential_id_of(credential), ceremony.party.id)
        if row is None:
            raise PasskeyRefused("unknown")
        count = signed_count(credential, challenge, ceremony.party, row["public_key"])
        named = user_of(credential)
        if named is not None and named != row["user_id"]:
            raise PasskeyRefused("it names another person than its owner")
    except PasskeyRefused as refusal:
        raise FactorRefused from refusal
    if count <= row["sign_count"] and (count, row["sign_count"]) != (0, 0):
        async with runtime.database.transaction() as session:
            await fetch(session, REGRESSED, (row["id"], runtime.clock.now()))
        log.warning("passkey.counter_regressed", passkey=str(row["id"]), user=str(row["user_id"]))
        raise FactorRefused
    return Shown("passkey", row["user_id"], row["id"], count)


async def use(session: AsyncSession, shown: Shown, at: datetime) -> None:
    """Use the factor up. Raises `FactorRefused` when somebody else was faster."""
    if not await fetch(session, _USE[shown.method], (shown.key, shown.mark, at)):
        raise FactorRefused


async def _totp(runtime: Runtime, user_id: UUID, code: str) -> Shown:
    row = await runtime.database.row(TOTP, user_id)
    if row is None:
        raise FactorRefused
    secret = await runtime.secrets.open(TOTP_PURPOSE, row["secret"], context=context_of(user_id))
    step = step_of(secret.decode(), code, runtime.clock.now(), after=row["last_step"])
    if step is None:
        raise FactorRefused
    return Shown("totp", user_id, row["id"], step)
