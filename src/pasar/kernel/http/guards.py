"""Who may come in. Every route carries one of these; a test walks all routes and fails on one without.

A guard settles the caller and the site, and leaves both as a `Context` for the handler.
Guards are `async def`: Litestar would run a plain function in a thread.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from pasar.kernel.errors import BadRequest, Forbidden, Unauthorised
from pasar.kernel.http.csrf import refuse_forged
from pasar.kernel.i18n import negotiate
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import GUEST, Caller, Context, Site, company_header, site_of_call

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]
COOKIE = "pasar_session"
SECURE_COOKIE = "__Host-pasar_session"
SENT_ONCE = frozenset({b"authorization", b"x-company-id", b"x-session-token", b"idempotency-key", b"host"})
COOKIE_VALUE = re.compile(r"(?P<token>[0-9a-f]{64})(?:\.(?P<locale>[A-Za-z-]{2,10}))?")


def runtime_of(connection: Connection) -> Runtime:
    """The process's runtime."""
    runtime: Runtime = connection.app.state.runtime
    return runtime


def context_of(connection: Connection) -> Context:
    """What the guard found out. Only behind a guard other than `anyone`."""
    context: Context = connection.scope["state"]["context"]
    return context


def cookie_name(*, production: bool) -> str:
    """The name of the one cookie."""
    return SECURE_COOKIE if production else COOKIE


def _cookie_parts(connection: Connection) -> tuple[str | None, str | None]:
    value = connection.cookies.get(cookie_name(production=runtime_of(connection).settings.production), "")
    match = COOKIE_VALUE.fullmatch(value)
    return (match["token"], match["locale"]) if match else (None, None)


def cookie_of(connection: Connection) -> str | None:
    """The browser's session token (64 hex digits), if it sent a cookie of the right shape."""
    return _cookie_parts(connection)[0]


def locale_of_cookie(connection: Connection) -> str | None:
    """The language that the visitor chose, which the one cookie carries behind its token."""
    return _cookie_parts(connection)[1]


def settle(connection: Connection, site: Site, caller: Caller) -> Context:
    """Leave the context for the handler."""
    state = connection.scope["state"]
    accept = connection.headers.get("accept-language", "")
    chosen = locale_of_cookie(connection) if "cookie" in connection.headers else None
    if chosen in site.locales:
        locale = chosen
    else:
        locale = negotiate(accept, site.locales, site.locale) if accept else site.locale
    context = Context(site, caller, state.get("request_id", ""), locale)
    state["context"] = context
    return context


def bearer_of(connection: Connection) -> str | None:
    """The token in `Authorization: Bearer …`. Raises `Unauthorised` for another scheme."""
    header = connection.headers.get("authorization")
    if not header:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorised("token_malformed", "Send the token as: Authorization: Bearer TOKEN")
    return token.strip()


def refuse_repeated_headers(connection: Connection) -> None:
    """Raise `BadRequest` when a header that settles who calls, or for whom, is there twice."""
    names = [name for name, _ in connection.scope["headers"] if name in SENT_ONCE]
    if len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1).decode()
        raise BadRequest("header_repeated", f"The header {name} is there twice. Send it once.")


async def _api_context(connection: Connection, *, fresh: bool) -> Context:
    refuse_repeated_headers(connection)
    runtime = runtime_of(connection)
    token = bearer_of(connection)
    caller = GUEST
    if token is not None:
        caller = await runtime.authenticator.by_bearer(token, company=company_header(connection), fresh=fresh)
    site = await site_of_call(connection, runtime.sites, caller.company_id)
    return settle(connection, site, caller)


async def anyone(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Open to all, and needs no company: health, documentation, static files."""


async def shopper(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Open to guests and customers of a shop; a token, when sent, must be right."""
    await _api_context(connection, fresh=False)


async def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Any person with a token, customer or staff."""
    if (await _api_context(connection, fresh=True)).caller.kind == "guest":
        raise _sign_in()


async def customer(connection: Connection, _handler: BaseRouteHandler) -> None:
    """A signed-in customer of the shop."""
    context = await _api_context(connection, fresh=False)
    if context.caller.kind == "guest":
        raise _sign_in()
    _ = context.customer_id  # raises for staff who are no customers


def staff(permission: str) -> Guard:
    """Staff of the company who hold `permission`, such as `orders:write`; looked up in the database."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        require(await _api_context(connection, fresh=True), permission)

    guard.__name__ = f"staff[{permission}]"
    return guard


def require(context: Context, permission: str) -> None:
    """Raise `Unauthorised` for guests and `Forbidden` for everybody without `permission`."""
    if context.caller.kind == "guest":
        raise _sign_in()
    if context.caller.kind != "staff" or not context.caller.may(permission):
        raise Forbidden("permission_missing", f"This needs the permission {permission}. Ask an owner for it.")


async def page(connection: Connection, _handler: BaseRouteHandler) -> None:
    """A page of the shop: the browser's session, or a guest. A form that is sent carries its token."""
    runtime = runtime_of(connection)
    site = await site_of_call(connection, runtime.sites, None)
    cookie = cookie_of(connection)
    caller = await runtime.authenticator.by_cookie(cookie, site=site) if cookie else GUEST
    settle(connection, site, caller)
    await refuse_forged(cast("Request[Any, Any, Any]", connection), runtime, cookie)


def staff_page(permission: str) -> Guard:
    """A page of the back office, for staff who hold `permission`; others are sent to sign in."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        await page(connection, _handler)
        require(context_of(connection), permission)

    guard.__name__ = f"staff_page[{permission}]"
    return guard


def _sign_in() -> Unauthorised:
    return Unauthorised(
        "sign_in_required",
        "Sign in, and send the token as: Authorization: Bearer TOKEN",
        headers={"WWW-Authenticate": "Bearer"},
    )
