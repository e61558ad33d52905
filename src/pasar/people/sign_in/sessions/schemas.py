"""What travels about one's own sign-ins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pasar.kernel.http.schema import Output
from pasar.people.sign_in.device_words import device_words
from pasar.people.sign_in.sessions.own_sessions import OwnSession


class SessionAnswer(Output):
    """A device that is signed in. `kind` is `pages` or `tokens`; `browser` and `system` are null if unknown;
    `address` is where it signed in or last renewed its tokens. `lastSeenAt` is right to five minutes."""

    id: UUID
    kind: str
    browser: str | None
    system: str | None
    address: str
    created_at: datetime
    last_seen_at: datetime
    current: bool
    second_factor: bool


class EndedAnswer(Output):
    """At how many devices the person was signed out."""

    ended: int


def session_answer(one: OwnSession, current: UUID | None) -> SessionAnswer:
    """Write a sign-in for the wire."""
    words = device_words(one.agent)
    return SessionAnswer(
        id=one.id,
        kind=one.kind,
        browser=words.browser or None,
        system=words.system or None,
        address=one.address,
        created_at=one.created_at,
        last_seen_at=one.last_seen_at,
        current=one.id == current,
        second_factor=one.second_factor_at is not None,
    )
