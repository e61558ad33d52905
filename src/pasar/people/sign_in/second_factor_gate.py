"""Does somebody whose password fitted owe a second factor? Then nothing starts yet.

`signing_in.let_in`, where every way in ends (password, code, OpenID), calls `second_factor_gate` before
anything starts. What comes out of it is a challenge: a token that opens nothing but the question. The factors
themselves are in `second_factor`, which builds on signing in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

import structlog

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site

log = structlog.get_logger(__name__)

Method = Literal["totp", "passkey", "recovery"]

LIFE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5

HAS = """
SELECT EXISTS (SELECT 1 FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS totp,
       EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1) AS passkey,
       EXISTS (SELECT 1 FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS recovery
"""
CHALLENGE = """
INSERT INTO factor_challenges (token_hash, user_id, company_id, guest_token_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""


class SecondFactorRequired(Unauthorised):
    """The password fitted, and the person has a second factor: show it with `challenge`.

    On the wire 401 `second_factor_required` with `challenge` and `methods` (`totp`, `passkey`, `recovery`).
    """

    title = "Show your second factor"

    def __init__(self, challenge: str, methods: Sequence[Method]) -> None:
        super().__init__(
            "second_factor_required",
            "Send your code, a recovery code or a passkey with this challenge to /api/auth/second-factor.",
            challenge=challenge,
            methods=list(methods),
        )
        self.challenge = challenge
        self.methods = tuple(methods)


async def methods_of(database: Database, user_id: UUID) -> tuple[Method, ...]:
    """How the person can show a second factor; nothing for who has none. Recovery codes alone are none."""
    row = await database.row(HAS, user_id)
    if row is None or not (row["totp"] or row["passkey"]):
        return ()
    every: tuple[Method, ...] = ("totp", "passkey", "recovery")
    return tuple(method for method in every if row[method])


async def second_factor_gate(runtime: Runtime, site: Site, user_id: UUID, guest_token: str | None) -> None:
    """Let pass who has no second factor. Raises `SecondFactorRequired` for everybody else.

    The challenge lives ten minutes and takes five tries; what the guest of `guest_token` has is attached when
    it is answered.
    """
    methods = await methods_of(runtime.database, user_id)
    if not methods:
        return
    challenge, now = new_token(), runtime.clock.now()
    guest = hash_token(guest_token) if guest_token else None
    await runtime.database.rows(
        CHALLENGE, hash_token(challenge), user_id, site.company_id, guest, now, now + LIFE
    )
    log.info("sign_in.second_factor_asked", userId=str(user_id))
    raise SecondFactorRequired(challenge, methods)
