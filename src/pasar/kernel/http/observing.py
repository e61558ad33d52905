"""What surrounds every request: its id, its log line, its figures and the security headers.

A bare ASGI wrapper rather than framework middleware: it also sees what fails before routing,
and costs a few microseconds.
"""

from __future__ import annotations

import re
import time
from functools import lru_cache
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Histogram
from structlog.contextvars import bind_contextvars

from pasar.kernel.acting import act_as
from pasar.kernel.config.edge import Networks
from pasar.kernel.http.proxies import believe
from pasar.kernel.http.rate_limiting import standing_headers
from pasar.kernel.http.told_paths import template_of, told_path
from pasar.kernel.ids import new_id
from pasar.kernel.logs import access_log
from pasar.kernel.metrics import REQUEST_SECONDS

GIVEN_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
SECURITY_HEADERS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
NO_STORE = (b"cache-control", b"no-store")
# Answers to calls that bear one of these are about somebody.
CREDENTIALS = frozenset({b"authorization", b"x-api-key", b"x-session-token"})
READING = frozenset({"GET", "HEAD"})
TRANSPORT_SECURITY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class Observed:
    """Wraps the application."""

    def __init__(
        self, app: ASGIApp, *, production: bool, tells: bool = True, proxies: Networks | None = None
    ) -> None:
        """`tells` writes a line for each request; without, only what goes wrong is logged.

        `proxies` are the networks whose word on where a call came from is believed.
        """
        self.app = app
        self.proxies = proxies
        self.tells = tells
        self.headers = [*SECURITY_HEADERS, *([TRANSPORT_SECURITY] if production else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; watch HTTP."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        state: dict[str, Any] = {"request_id": _request_id(scope)}
        scope["state"] = state
        bind_contextvars(requestId=state["request_id"])
        act_as(None)  # nothing is left of whoever called in this task before
        if self.proxies:
            believe(scope, self.proxies)
        started = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                standing = state.get("standing") if scope["path"].startswith("/api/") else None
                message["headers"] = [
                    *message["headers"],
                    *self.headers,
                    *(standing_headers(standing) if standing else ()),
                    *((NO_STORE,) if _is_personal(scope) and _says_nothing_of_caches(message) else ()),
                    (b"x-request-id", state["request_id"].encode()),
                ]
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            act_as(None)
            self._note(scope, state, status, time.perf_counter() - started)

    def _note(self, scope: Any, state: dict[str, Any], status: int, seconds: float) -> None:
        # The pattern, never the path: anybody can invent these.
        _histogram(scope["method"], template_of(scope), status).observe(seconds)
        if not self.tells:
            return
        context = state.get("context")
        caller = context.caller if context else None
        access_log.tell(
            requestId=state["request_id"],
            method=scope["method"],
            path=told_path(scope),
            status=status,
            # Why it was refused: attempts to get past guards, rules and limits are found by it.
            code=state.get("refused"),
            ms=round(seconds * 1000, 1),
            companyId=str(context.company_id) if context else None,
            userId=str(caller.user_id) if caller and caller.user_id else None,
        )


@lru_cache(maxsize=4096)
def _histogram(method: str, template: str, status: int) -> Histogram:
    """The histogram of one route's answers; finding it anew costs more than counting."""
    return REQUEST_SECONDS.labels(method, template, str(status))


def _is_personal(scope: Any) -> bool:
    """Whether an answer of the API may be about somebody: the call says who it is, or is no mere look."""
    if not scope["path"].startswith("/api/"):
        return False  # pages say for themselves how long they are kept
    return scope["method"] not in READING or any(name in CREDENTIALS for name, _ in scope["headers"])


def _says_nothing_of_caches(message: Any) -> bool:
    return all(name != b"cache-control" for name, _ in message["headers"])


def _request_id(scope: Any) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given: str = value.decode("latin-1")
            if GIVEN_ID.match(given):
                return given
    return new_id().hex
