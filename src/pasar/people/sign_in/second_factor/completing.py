"""Let somebody in who has shown the second factor, or a passkey alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token
from pasar.kernel.limits import note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.attaching import AttachGuest, attach_guest
from pasar.people.sign_in.person import Account, Device, SignedIn
from pasar.people.sign_in.second_factor.actions.telling import tell_change
from pasar.people.sign_in.second_factor.ceremony import Credential
from pasar.people.sign_in.second_factor.factors import Owner, owner_of
from pasar.people.sign_in.second_factor.passkey_challenges import Ceremony
from pasar.people.sign_in.second_factor.proof import Proof
from pasar.people.sign_in.second_factor.relying_party import RelyingParty
from pasar.people.sign_in.second_factor.showing import (
    PER_ADDRESS,
    FactorRefused,
    Shown,
    passkey_shown,
    use,
    with_factor,
)
from pasar.people.sign_in.second_factor_gate import MOST_TRIES
from pasar.people.sign_in.signing_in import Start, let_in

log = structlog.get_logger(__name__)

T = TypeVar("T")
Starter = Callable[[Device], Start[T]]

FIND = """
SELECT user_id FROM factor_challenges
 WHERE token_hash = $1 AND company_id = $2 AND expires_at > $3 AND tries < $4
"""
# The try counts before anything is compared.
TRY = """
UPDATE factor_challenges SET tries = tries + 1
 WHERE token_hash = $1 AND company_id = $2 AND expires_at > $3 AND tries < $4 RETURNING user_id
"""
ANSWERED = "DELETE FROM factor_challenges WHERE token_hash = $1 RETURNING guest_token_hash"

WRONG: Final = "This is not right, or was used before. Try again with a new code, or use a recovery code."


@dataclass(frozen=True, slots=True)
class Visit:
    """A call that wants in: where, with what, and how what it gets begins."""

    site: Site
    party: RelyingParty
    device: Device


def asked_by(challenge: str, party: RelyingParty) -> Ceremony:
    """The ceremony of a passkey that answers `challenge`."""
    return Ceremony("second_factor", party, hash_token(challenge))


async def challenged_person(runtime: Runtime, site: Site, challenge: str) -> UUID:
    """Who owes the factor. Raises `Unauthorised` (`challenge_invalid`) when the challenge is over."""
    now = runtime.clock.now()
    found = await runtime.database.value(FIND, hash_token(challenge), site.company_id, now, MOST_TRIES)
    if found is None:
        raise _over()
    user_id: UUID = found
    return user_id


async def answer_challenge(
    runtime: Runtime, visit: Visit, challenge: str, proof: Proof, starter: Starter[T]
) -> T:
    """Check the factor, use the challenge up, let the person in and start, in one transaction.

    Raises `Unauthorised`: `challenge_invalid` for one that is unknown, of another company, over, answered or
    tried five times; `wrong_code` for a factor that does not fit. Raises what `with_factor` does.
    """
    now = runtime.clock.now()
    site = visit.site
    user_id = await runtime.database.value(TRY, hash_token(challenge), site.company_id, now, MOST_TRIES)
    if user_id is None:
        raise _over()
    owner = await owner_of(runtime.database, user_id)

    async def enter(session: AsyncSession, shown: Shown) -> T:
        answered = await fetch(session, ANSWERED, (hash_token(challenge),))
        if not answered or not owner.is_active:
            raise _over()
        if shown.method == "recovery":
            await tell_change(session, user_id, site.company_id, "recovery_code_used", now)
        return await _let_in(runtime, session, visit, owner, answered[0][0], starter)

    try:
        return await with_factor(
            runtime, user_id, proof, asked_by(challenge, visit.party), visit.device.address, enter
        )
    except FactorRefused:
        raise Unauthorised("wrong_code", WRONG) from None


async def sign_in_with_passkey(
    runtime: Runtime,
    visit: Visit,
    ceremony: Ceremony,
    credential: Credential,
    guest_token: str | None,
    starter: Starter[T],
) -> T:
    """Let in whoever's passkey this is: possession and a finger or PIN, so two factors at once.

    Raises `Unauthorised` (`passkey_refused`; `not_verified` where the shop verifies first), and `TooMany`
    after 20 failures from an address in 15 minutes.
    """
    place = (PER_ADDRESS, visit.device.address)
    await refuse_after_failures(runtime, [place])
    try:
        shown = await passkey_shown(runtime, credential, ceremony)
        owner = await owner_of(runtime.database, shown.user_id)
        if not owner.is_active:
            raise FactorRefused
        guest = hash_token(guest_token) if guest_token else None
        async with runtime.database.transaction() as session:
            await use(session, shown, runtime.clock.now())
            return await _let_in(runtime, session, visit, owner, guest, starter)
    except FactorRefused:
        log.info("sign_in.failed", way="passkey", reason="passkey_refused")
        await note_failure(runtime, [place])
        raise Unauthorised(
            "passkey_refused", "This passkey does not open an account here. Sign in another way."
        ) from None


async def _let_in(
    runtime: Runtime,
    session: AsyncSession,
    visit: Visit,
    owner: Owner,
    guest_token_hash: bytes | None,
    starter: Starter[T],
) -> T:
    """Let the person in as one who has shown the second factor."""
    device = replace(visit.device, second_factor=True)
    start = starter(device)

    async def attach_and_start(session: AsyncSession, person: SignedIn) -> T:
        # Of the guest's token a challenge keeps the hash only, so attaching is done here.
        if guest_token_hash is not None and person.customer_id is not None:
            at = runtime.clock.now()
            await attach_guest(session, AttachGuest(visit.site, person.customer_id, guest_token_hash, at))
        return await start(session, person)

    account = Account(owner.user_id, owner.name, owner.email, owner.phone)
    return await let_in(session, runtime, visit.site, account, device, None, attach_and_start)


def _over() -> Unauthorised:
    return Unauthorised(
        "challenge_invalid", "This sign-in took too long, or too many tries. Begin again with your password."
    )
