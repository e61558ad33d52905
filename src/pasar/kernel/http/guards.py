"""Who may come in. Every route carries one of these; a test walks all routes and fails on one without.

A guard settles the caller and the site, and leaves both as a `Context` for the handler.
Guards are `async def`: Litestar would run a plain function in a thread.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from pasar.kernel.acting import Acting, act_as, called_by
from pasar.kernel.errors import BadRequest, Forbidden, Problem, Unauthorised
from pasar.kernel.http.csrf import refuse_forged
from pasar.kernel.http.rate_limiting import EXEMPT, count_address, count_caller
from pasar.kernel.i18n import negotiate
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import GUEST, Caller, Context, Site, company_header, site_of_call

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]
COOKIE = "pasar_session"
SECURE_COOKIE = "__Host-pasar_session"
SENT_ONCE = frozenset(
    {b"authorization", b"x-api-key", b"x-company-id", b"x-session-token", b"idempotency-key", b"host"}
)
# Every API key begins so; it may also come as a Bearer token (decisions, "Identity and access").
API_KEY_BEGINS = "pasar_"
STEP_UP_LIFE = timedelta(minutes=15)
LONGEST_AGENT = 300
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
    elif caller.locale in site.locales:
        locale = caller.locale
    else:
        locale = negotiate(accept, site.locales, site.locale) if accept else site.locale
    agent = connection.headers.get("user-agent", "")[:LONGEST_AGENT].replace("\0", "")
    context = Context(site, caller, state.get("request_id", ""), locale, client_address(connection), agent)
    state["context"] = context
    is_staff = caller.kind == "staff"
    (act_as if is_staff else called_by)(
        Acting(
            kind="key" if caller.api_key_id else "staff" if is_staff else "customer",
            company_id=site.company_id,
            actor_id=caller.api_key_id or caller.user_id,
            address=context.address,
            agent=agent,
            request_id=context.request_id,
        )
    )
    return context


def client_address(connection: Connection) -> str:
    """Where the call came from: the peer, or what a trusted proxy said of it (`kernel.http.proxies`)."""
    return connection.client.host if connection.client else ""


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
    runtime = runtime_of(connection)
    try:
        refuse_repeated_headers(connection)
        caller = await _api_caller(connection, runtime, fresh=fresh)
        site = await site_of_call(connection, runtime.sites, caller.company_id)
    except Problem:
        # Or tokens, keys and companies could be guessed without a limit.
        await count_address(connection, runtime.limiter, client_address(connection))
        raise
    context = settle(connection, site, caller)
    await count_caller(connection, runtime.limiter, context, connection.headers.get("x-session-token"))
    return context


async def _api_caller(connection: Connection, runtime: Runtime, *, fresh: bool) -> Caller:
    token, key = bearer_of(connection), connection.headers.get("x-api-key")
    if token is not None and token.startswith(API_KEY_BEGINS):
        if key is not None and key != token:
            raise BadRequest("credentials_repeated", "Send one key: as x-api-key or as a Bearer token.")
        token, key = None, token
    if key is not None and token is not None:
        raise BadRequest("credentials_repeated", "Send either a token or an API key, not both.")
    if key is not None:
        return await runtime.authenticator.by_key(key, address=client_address(connection))
    if token is not None:
        return await runtime.authenticator.by_bearer(token, company=company_header(connection), fresh=fresh)
    return GUEST


async def anyone(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Open to all, and needs no company: health, documentation, static files."""
    if not connection.scope["path"].startswith(EXEMPT):
        await count_address(connection, runtime_of(connection).limiter, client_address(connection))


def webhook(verify: Callable[[Connection], Awaitable[None]]) -> Guard:
    """A provider's call, which `verify` believes by its signature, or raises a `Problem`.

    Verified calls are never limited (decisions, "Figures"): a provider sends what has happened, however much
    that is. The others count for their address.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        try:
            await verify(connection)
        except Problem:
            await count_address(connection, runtime_of(connection).limiter, client_address(connection))
            raise

    guard.__name__ = "webhook"
    return guard


async def shopper(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Open to guests and customers of a shop; a token, when sent, must be right."""
    await _api_context(connection, fresh=False)


async def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Any person with a token, customer or staff; no API key."""
    context = await _api_context(connection, fresh=True)
    if context.caller.kind == "guest":
        raise _sign_in()
    _ = context.user_id  # raises for API keys


async def customer(connection: Connection, _handler: BaseRouteHandler) -> None:
    """A signed-in customer of the shop."""
    context = await _api_context(connection, fresh=False)
    if context.caller.kind == "guest":
        raise _sign_in()
    _ = context.customer_id  # raises for staff who are no customers


def staff(permission: str, *, step_up: bool = False) -> Guard:
    """Staff of the company who hold `permission`, such as `orders:write`; looked up in the database.

    With `step_up` they have proved within `STEP_UP_LIFE` that it is still them (`POST /api/auth/step-up`);
    API keys then may not at all.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        context = await _api_context(connection, fresh=True)
        require(context, permission)
        if step_up:
            require_step_up(context, runtime_of(connection).clock.now())

    guard.__name__ = f"staff[{permission}{',step_up' if step_up else ''}]"
    return guard


def require(context: Context, permission: str) -> None:
    """Let in who may.

    Raises `Unauthorised` for guests, and `Forbidden` for everybody without `permission`, from an address that
    the company does not admit (`address_not_admitted`), or without the second factor that it demands
    (`second_factor_required`).
    """
    caller = context.caller
    if caller.kind == "guest":
        raise _sign_in()
    if caller.kind != "staff":
        raise _missing(permission)
    if caller.admitted_from and not _within(context.address, caller.admitted_from):
        raise Forbidden(
            "address_not_admitted",
            "Your company lets staff work from listed networks only, and this is none of them.",
        )
    if caller.needs_factor:
        raise Forbidden(
            "second_factor_required",
            "Your company asks for a second factor. Set one up under Account, Security, then come back.",
        )
    if not caller.may(permission):
        raise _missing(permission)


def require_step_up(context: Context, now: datetime) -> None:
    """Raise `Forbidden`: `people_only` for API keys, `step_up_required` for who has not proved lately."""
    _ = context.user_id
    confirmed = context.caller.confirmed_at
    if confirmed is None or confirmed <= now - STEP_UP_LIFE:
        raise Forbidden(
            "step_up_required",
            "Confirm that it is you: POST /api/auth/step-up with your password or a code, then try again.",
        )


def _missing(permission: str) -> Forbidden:
    return Forbidden("permission_missing", f"This needs the permission {permission}. Ask an owner for it.")


def _within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False  # a Unix socket or a test without a peer: nowhere that could be listed
    return any(found in ipaddress.ip_network(network, strict=False) for network in networks)


async def page(connection: Connection, _handler: BaseRouteHandler) -> None:
    """A page of the shop: the browser's session, or a guest. A form that is sent carries its token."""
    runtime = runtime_of(connection)
    site = await site_of_call(connection, runtime.sites, None)
    cookie = cookie_of(connection)
    caller = await runtime.authenticator.by_cookie(cookie, site=site) if cookie else GUEST
    await count_caller(connection, runtime.limiter, settle(connection, site, caller), None)
    await refuse_forged(cast("Request[Any, Any, Any]", connection), runtime, cookie)


def staff_page(permission: str, *, step_up: bool = False) -> Guard:
    """A page of the back office, for staff who hold `permission`; others are sent to sign in.

    With `step_up`, who has not proved lately to be there is asked to first (`/account/confirm`).
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        await page(connection, _handler)
        context = context_of(connection)
        require(context, permission)
        if step_up:
            require_step_up(context, runtime_of(connection).clock.now())

    guard.__name__ = f"staff_page[{permission}{',step_up' if step_up else ''}]"
    return guard


def _sign_in() -> Unauthorised:
    return Unauthorised(
        "sign_in_required",
        "Sign in, and send the token as: Authorization: Bearer TOKEN",
        headers={"WWW-Authenticate": "Bearer"},
    )
