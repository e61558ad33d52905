"""Which pages of other origins may call the API? (details, "Identity": strict per site)

Those at a domain of the company that the call is for, of `FRONTEND_URL` and of `CORS_ORIGINS`. Others get no
word of CORS at all, and their browser keeps the answer from them. Credentials are allowed to nobody: the API
knows callers by headers that they must know, never by cookies.

A preflight carries no header of ours, so it cannot say which company it is for: it is settled by the host
called, and where that is no site's, any site's domain passes; the call itself is then held to its company.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from pasar.kernel.config.edge import origin_of
from pasar.kernel.db.database import OUTAGE_ERRORS
from pasar.kernel.tenancy import Site, SiteDirectory

log = structlog.get_logger(__name__)

API: Final = "/api/"
METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE"
REQUEST_HEADERS: Final = (
    b"authorization, content-type, idempotency-key, x-api-key, x-company-id, x-request-id, x-session-token"
)
EXPOSED: Final = (
    b"Idempotency-Replayed, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
    b"X-Request-Id"
)
PREFLIGHT_SECONDS: Final = b"600"
VARY: Final = (b"vary", b"Origin")


class CrossOrigin:
    """Wraps the application, inside `Observed`."""

    def __init__(
        self, app: ASGIApp, sites: SiteDirectory, *, origins: frozenset[str], production: bool
    ) -> None:
        """`origins` are those that every company admits. In production a site's page is one of https."""
        self.app = app
        self.sites = sites
        self.origins = origins
        self.production = production

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflights that pass; tell browsers who may read the API's other answers."""
        if scope["type"] != ScopeType.HTTP or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return
        sent = _headers_of(scope)
        origin = sent.get(b"origin", b"").decode("latin-1")
        if (
            origin
            and scope["method"] == "OPTIONS"
            and b"access-control-request-method" in sent
            and await self._admits_before(origin, sent)
        ):
            await _answer_preflight(send, origin)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                allowed = bool(origin) and await self._admits(origin, sent, scope)
                message["headers"] = [*message["headers"], VARY, *(_read_by(origin) if allowed else ())]
            await send(message)

        await self.app(scope, receive, sending)

    async def _admits(self, origin: str, sent: dict[bytes, bytes], scope: Any) -> bool:
        """Whether a page of `origin` may read the answer to this call."""
        context = scope["state"].get("context")
        if context is None:  # refused before it was settled, or open to all: nothing of a company is in it
            return await self._admits_before(origin, sent)
        if origin in self.origins:
            return True
        site = await self._site_of(origin)
        return site is not None and site.company_id == context.company_id

    async def _admits_before(self, origin: str, sent: dict[bytes, bytes]) -> bool:
        """Whether a page of `origin` may ask at all, before the company is settled."""
        if origin in self.origins:
            return True
        site = await self._site_of(origin)
        if site is None:
            return False
        called = await self._at(_without_port(sent.get(b"host", b"").decode("latin-1")))
        return called is None or called.company_id == site.company_id

    async def _site_of(self, origin: str) -> Site | None:
        """The site whose page `origin` is, if any."""
        if origin_of(origin) != origin:  # `null`, capitals, a path: no browser sends these for a page of ours
            return None
        parts = urlsplit(origin)
        if self.production and (parts.scheme != "https" or parts.port is not None):
            return None
        return await self._at(parts.hostname or "")

    async def _at(self, host: str) -> Site | None:
        try:
            return await self.sites.by_host(host)
        except OUTAGE_ERRORS:  # nothing is known of any site yet: nobody is admitted
            log.warning("cors.sites_unknown")
            return None


def _headers_of(scope: Any) -> dict[bytes, bytes]:
    wanted = (b"origin", b"host", b"access-control-request-method")
    return {name: value for name, value in scope["headers"] if name in wanted}


def _without_port(host: str) -> str:
    return host.lower() if host.endswith("]") else host.lower().rsplit(":", 1)[0]


def _read_by(origin: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", EXPOSED),
    ]


async def _answer_preflight(send: Send, origin: str) -> None:
    headers = [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", REQUEST_HEADERS),
        (b"access-control-max-age", PREFLIGHT_SECONDS),
        VARY,
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
