"""How the limit on calls is asked and told over HTTP. Who counts, and how many, is `kernel.rate_limits`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from litestar.connection import ASGIConnection

from pasar.kernel.errors import TooMany
from pasar.kernel.rate_limits.limiter import RateLimiter, Standing, Subject, of_address, subjects_of
from pasar.kernel.tenancy import Context

Connection = ASGIConnection[Any, Any, Any, Any]

LOOKING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
EXEMPT: Final = ("/health", "/api/health", "/static/", "/media/", "/uploads/")
"""Orchestrators ask often, and a page's pictures and styles are many, cached and cheap."""


async def count_caller(
    connection: Connection, limiter: RateLimiter, context: Context, session_token: str | None
) -> None:
    """Count this call for who makes it; `session_token` is what a guest of the API sent.

    Raises `TooMany` `too_many_requests` with `Retry-After` when it is one too many.
    """
    await _count(connection, limiter, subjects_of(limiter, context.caller, context.address, session_token))


async def count_address(connection: Connection, limiter: RateLimiter, address: str) -> None:
    """Count this call for where it comes from, and raise as `count_caller`."""
    await _count(connection, limiter, (of_address(address),))


async def _count(connection: Connection, limiter: RateLimiter, subjects: Sequence[Subject]) -> None:
    """Count this call, and leave its standing for the answer's headers."""
    scope: Any = connection.scope  # of HTTP: there are no web sockets here
    standing = await limiter.count(subjects, write=scope["method"] not in LOOKING)
    scope["state"]["standing"] = standing
    if standing.left < 0:
        raise TooMany(
            "too_many_requests",
            f"Too many calls in a short time. Wait {standing.seconds} seconds, then go on.",
            headers={"Retry-After": str(standing.seconds)},
        )


def standing_headers(standing: Standing) -> list[tuple[bytes, bytes]]:
    """As answers of the API tell it; `Reset` is in seconds from now."""
    return [
        (b"x-ratelimit-limit", b"%d" % standing.limit),
        (b"x-ratelimit-remaining", b"%d" % max(0, standing.left)),
        (b"x-ratelimit-reset", b"%d" % standing.seconds),
    ]
