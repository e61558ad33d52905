"""Which providers sign one in: connecting another, and taking one away."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Forbidden, NotFound, Unauthorised
from pasar.kernel.http.guards import cookie_of, page, require_step_up
from pasar.kernel.i18n import N_
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.openid.attempts import KEY_PURPOSE, provider_named
from pasar.people.sign_in.openid.identities import disconnect_identity, own_identities
from pasar.people.sign_in.openid.pages import CONNECTIONS, send_to
from pasar.web.answering import page_response, see_other
from pasar.web.notices import register_notice

__all__ = ["CONNECTION_PAGES"]

AnyRequest = Request[Any, Any, Any]
TOKEN: Final = "t"  # noqa: S105  a parameter's name

register_notice("way-connected", "success", N_("Connected. You can sign in that way from now on."))
register_notice("way-removed", "success", N_("Removed. Nobody signs in to your account that way any more."))
register_notice("way-gone", "info", N_("That was removed already."))
register_notice("last-way-in", "warning", N_("Set a password first: without it you could not sign in again."))


@get(CONNECTIONS, guards=[page], include_in_schema=False)
async def show_connections(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show which providers sign the person in."""
    own = await own_identities(runtime.database, _person(context))
    labels = {provider.issuer: provider.label for provider in runtime.settings.openid}
    connected = {one.issuer for one in own}
    cookie = cookie_of(request) or ""
    return await page_response(
        request,
        "people/sign_in/openid/connections.html",
        identities=[(one, labels.get(one.issuer, one.issuer)) for one in own],
        choices=[
            (provider, _token(runtime, cookie, provider.name))
            for provider in runtime.settings.openid
            if provider.issuer not in connected
        ],
    )


@get(CONNECTIONS + "/{provider:str}/connect", guards=[page], include_in_schema=False)
async def connect(request: AnyRequest, context: Context, runtime: Runtime, provider: str) -> Response[bytes]:
    """Send the person to the provider, to connect it.

    A link and no form, since our policy lets forms lead nowhere but here; so it carries a token of its own,
    that no other page can know.
    """
    _person(context)
    known, cookie = provider_named(runtime, provider), cookie_of(request) or ""
    given = request.query_params.get(TOKEN, "")
    if not hmac.compare_digest(given.encode(errors="replace"), _token(runtime, cookie, known.name).encode()):
        raise Forbidden("form_expired", "This link is too old. Open your account again and repeat it there.")
    require_step_up(context, runtime.clock.now())
    return await send_to(request, context, runtime, known, back=CONNECTIONS, connect=True)


@post(CONNECTIONS + "/{identity_id:uuid}/remove", guards=[page], include_in_schema=False)
async def remove(identity_id: UUID, context: Context, runtime: Runtime) -> Response[bytes]:
    """Take a provider away from one's account."""
    user_id = _person(context)
    now = runtime.clock.now()
    require_step_up(context, now)
    try:
        async with runtime.database.transaction() as session:
            await disconnect_identity(
                session, runtime.database, context.company_id, user_id, identity_id, now
            )
    except NotFound:
        return see_other(CONNECTIONS, notice="way-gone")
    except Conflict:
        return see_other(CONNECTIONS, notice="last-way-in")
    return see_other(CONNECTIONS, notice="way-removed")


CONNECTION_PAGES = (show_connections, connect, remove)


def _token(runtime: Runtime, cookie: str, provider: str) -> str:
    told = f"connect:{provider}:{cookie}".encode()
    return hmac.new(runtime.key(KEY_PURPOSE), told, hashlib.sha256).hexdigest()


def _person(context: Context) -> UUID:
    """The signed-in person's id. Raises `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    return context.caller.user_id
