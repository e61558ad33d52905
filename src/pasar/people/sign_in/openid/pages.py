"""Signing in by a provider: sending the browser there, and taking it back."""

from __future__ import annotations

from typing import Any, Final, cast

import structlog
from litestar import Request, Response, get

from pasar.kernel.config.openid import OpenIdProvider
from pasar.kernel.http.guards import context_of, cookie_of, page
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.checking import verified_only
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.openid.attempts import Attempt, begin_attempt, provider_named, take_attempt
from pasar.people.sign_in.openid.documents import ProviderAway
from pasar.people.sign_in.openid.exchanging import exchange_code
from pasar.people.sign_in.openid.id_token import IdClaims, IdTokenRefused
from pasar.people.sign_in.openid.identities import NotLinked, account_of, connect_identity
from pasar.people.sign_in.second_factor.page_parts import ask_second_factor, signed_in_response
from pasar.people.sign_in.second_factor_gate import SecondFactorRequired
from pasar.people.sign_in.signing_in import PageSignIn, let_in, start_pages
from pasar.people.users.public import own_profile
from pasar.web.answering import local_path, page_response, see_other, set_session_cookie
from pasar.web.rendering import url
from pasar.web.slots import Filling, slots

__all__ = ["OPENID_PAGES"]

AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger(__name__)

HOME: Final = "/sign-in/with/{provider:str}"
CONNECTIONS: Final = "/account/connections"
LONGEST: Final = 1000
STATUSES: Final = {"away": 503, "sign_in_first": 409, "taken": 409, "verify_first": 403}

slots.fill("sign_in_ways", Filling("openid", "people/sign_in/openid/ways.html", order=20))


@get(HOME, guards=[page], include_in_schema=False)
async def go_there(request: AnyRequest, runtime: Runtime, context: Context, provider: str) -> Response[bytes]:
    """Send the browser to the provider."""
    back = local_path(request.query_params.get("back", "")[:LONGEST], "")
    return await send_to(request, context, runtime, provider_named(runtime, provider), back=back)


async def send_to(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    provider: OpenIdProvider,
    *,
    back: str,
    connect: bool = False,
) -> Response[bytes]:
    """Send the browser to the provider; with `connect`, to connect it to the account that is signed in."""
    had = cookie_of(request)
    browser = had or new_token()
    try:
        address = await begin_attempt(
            runtime,
            provider,
            browser=browser,
            redirect_uri=_redirect_uri(request, runtime, provider),
            back=back,
            user_id=context.user_id if connect else None,
        )
    except ProviderAway as problem:
        log.warning("openid.away", provider=provider.name, reason=str(problem))
        return await _told(request, provider, "away", back)
    # Not `see_other`, which is for paths of our own.
    answer: Response[bytes] = Response(
        b"", status_code=303, headers={"Location": address, "Cache-Control": "no-store"}
    )
    if had is None:
        set_session_cookie(request, answer, browser)
    return answer


@get(HOME + "/callback", guards=[page], include_in_schema=False)
async def come_back(
    request: AnyRequest, runtime: Runtime, context: Context, provider: str
) -> Response[bytes]:
    """Take the browser back, and sign its person in or connect the identity."""
    known, query = provider_named(runtime, provider), request.query_params
    attempt = await take_attempt(
        runtime, known, browser=cookie_of(request), state=query.get("state", "")[:LONGEST]
    )
    if attempt is None:
        return await _told(request, known, "over", "")
    if query.get("error"):  # the person changed their mind there
        home = CONNECTIONS if attempt.user_id else url("/sign-in", back=attempt.back or None)
        return see_other(home)
    try:
        # RFC 9207: a code of another provider is not for this one.
        if query.get("iss", known.issuer) != known.issuer:
            raise IdTokenRefused("a code of another issuer")
        claims = await exchange_code(
            runtime,
            known,
            attempt,
            code=query.get("code", ""),
            redirect_uri=_redirect_uri(request, runtime, known),
        )
    except ProviderAway as problem:
        log.warning("openid.away", provider=known.name, reason=str(problem))
        return await _told(request, known, "away", attempt.back)
    except IdTokenRefused as problem:
        log.warning("openid.refused", provider=known.name, reason=str(problem))
        return await _told(request, known, "refused", attempt.back)
    try:
        if attempt.user_id is not None:
            return await _connected(request, runtime, context, known, attempt, claims)
        return await _signed_in(request, runtime, context, known, attempt, claims)
    except NotLinked as refusal:
        log.info("sign_in.failed", way=known.name, reason=refusal.reason)
        return await _told(request, known, refusal.reason, attempt.back)


async def _connected(
    request: AnyRequest,
    runtime: Runtime,
    context: Context,
    provider: OpenIdProvider,
    attempt: Attempt,
    claims: IdClaims,
) -> Response[bytes]:
    """Connect the identity, if it is still the same person who asked for it."""
    if attempt.user_id is None or context.caller.user_id != attempt.user_id:
        return await _told(request, provider, "over", "")
    async with runtime.database.transaction() as session:
        await connect_identity(session, context.company_id, attempt.user_id, claims, runtime.clock.now())
    return see_other(CONNECTIONS, notice="way-connected")


async def _signed_in(
    request: AnyRequest,
    runtime: Runtime,
    context: Context,
    provider: OpenIdProvider,
    attempt: Attempt,
    claims: IdClaims,
) -> Response[bytes]:
    """Sign in the account behind the identity, by the same way as after a password."""
    # A transaction of its own: what was linked stays so while a second factor is asked for.
    async with runtime.database.transaction() as session:
        account = await account_of(session, context.company_id, claims, runtime.clock.now())
    if await verified_only(runtime, context.site, account.user_id):
        profile = await own_profile(runtime.database, account.user_id)
        if not profile.email_verified:
            return await _told(request, provider, "verify_first", attempt.back)
    cookie, device = cookie_of(request), device_of(context)
    start = start_pages(runtime, context.site, cookie, device)
    try:
        async with runtime.database.transaction() as session:
            done: PageSignIn = await let_in(session, runtime, context.site, account, device, cookie, start)
    except SecondFactorRequired as asked:
        return ask_second_factor(request, asked, attempt.back)
    home = "/admin" if done.person.kind == "staff" else "/account"
    return signed_in_response(request, done.cookie, local_path(attempt.back, home))


async def _told(request: AnyRequest, provider: OpenIdProvider, reason: str, back: str) -> Response[bytes]:
    """Say why it did not work, and what to do instead."""
    return await page_response(
        request,
        "people/sign_in/openid/problem.html",
        status=STATUSES.get(reason, 422),
        reason=reason,
        provider=provider.label,
        back=back,
        signed_in=context_of(cast("Any", request)).caller.kind != "guest",
    )


def _redirect_uri(request: AnyRequest, runtime: Runtime, provider: OpenIdProvider) -> str:
    """Where the provider sends the browser back to: the host that it looks at, whose the cookie is.

    In production that is always by TLS, whatever the proxy in front tells.
    """
    scheme = "https" if runtime.settings.production else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '')}/sign-in/with/{provider.name}/callback"


OPENID_PAGES = (go_there, come_back)
