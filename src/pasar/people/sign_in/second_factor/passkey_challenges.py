"""What was an authenticator asked to sign, by which session, and has it been used?

The challenge itself is the key: 64 random bytes that come back in the signed answer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.second_factor.ceremony import Credential, Options, PasskeyRefused, challenge_of
from pasar.people.sign_in.second_factor.relying_party import RelyingParty

Purpose = Literal["register", "sign_in", "second_factor", "step_up"]

LIFE: Final = timedelta(minutes=5)

REMEMBER = """
INSERT INTO passkey_challenges (challenge_hash, purpose, rp_id, bound_to, expires_at)
VALUES ($1, $2, $3, $4, $5)
"""
# Gone with its first use, whatever comes of it.
TAKE = """
DELETE FROM passkey_challenges WHERE challenge_hash = $1
RETURNING purpose = $2 AND rp_id = $3 AND bound_to = $4 AND expires_at > $5
"""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """Why an authenticator is asked, for which host, and by whom."""

    purpose: Purpose
    party: RelyingParty
    bound_to: bytes


def bound_to_sign_in(sign_in_id: UUID) -> bytes:
    """What binds a challenge to a person who is signed in."""
    return hash_token(f"sign-in:{sign_in_id}")


async def remember(runtime: Runtime, ceremony: Ceremony, options: Options) -> None:
    """Note that these options were given away."""
    await runtime.database.rows(
        REMEMBER,
        hashlib.sha256(options.challenge).digest(),
        ceremony.purpose,
        ceremony.party.id,
        ceremony.bound_to,
        runtime.clock.now() + LIFE,
    )


async def take(runtime: Runtime, ceremony: Ceremony, credential: Credential) -> bytes:
    """The challenge that `credential` answers; from here on it is used.

    Raises `PasskeyRefused` for one that we never gave, that another session, purpose or host was given,
    that was used, or is older than five minutes.
    """
    challenge = challenge_of(credential)
    fits = await runtime.database.value(
        TAKE,
        hashlib.sha256(challenge).digest(),
        ceremony.purpose,
        ceremony.party.id,
        ceremony.bound_to,
        runtime.clock.now(),
    )
    if not fits:
        raise PasskeyRefused("no such challenge")
    return challenge
