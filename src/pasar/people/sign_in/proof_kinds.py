"""Which proofs are there, and how long does each live? Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from pasar.kernel.config import Settings

ProofKind = Literal[
    "verify_email",
    "change_email",
    "reset_password",
    "phone_code",
    "email_taken",
    "password_changed",
    "email_changed",
]
LinkKind = Literal["verify_email", "change_email", "reset_password"]

BY_LINK: Final[frozenset[ProofKind]] = frozenset({"verify_email", "change_email", "reset_password"})
MOST_TRIES: Final = 3
CODE_DIGITS: Final = 6

_LIVES: Final[dict[ProofKind, timedelta]] = {
    "verify_email": timedelta(hours=24),
    "change_email": timedelta(hours=24),
    "reset_password": timedelta(hours=1),
}
# News need no secret; a day is long enough for a mail server that was away.
_NEWS_LIFE: Final = timedelta(days=1)


def life_of(kind: ProofKind, settings: Settings) -> timedelta:
    """How long after its request the proof is taken."""
    if kind == "phone_code":
        return timedelta(minutes=settings.code_minutes)
    return _LIVES.get(kind, _NEWS_LIFE)
