"""Sign-in over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post, put
from litestar.openapi import ResponseSpec

from pasar.kernel.http.guards import (
    LONGEST_AGENT,
    anyone,
    client_address,
    require_step_up,
    shopper,
    signed_in,
)
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, company_header, site_of_call
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.person import Device
from pasar.people.sign_in.profile import demands_proof, profile_change
from pasar.people.sign_in.refreshing import find_refreshable, refresh, sign_out
from pasar.people.sign_in.registering import register, register_unseen, registration, verifies_first
from pasar.people.sign_in.schemas import (
    LoginBody,
    ProfileAnswer,
    ProfileBody,
    RefreshBody,
    RegisterBody,
    TokenAnswer,
    Told,
    token_answer,
)
from pasar.people.sign_in.signing_in import sign_in, start_tokens
from pasar.people.sign_in.staff_company import staff_company
from pasar.people.users.public import change_profile, own_profile
from pasar.web.uploads import upload_path

AnyRequest = Request[Any, Any, Any]
CHECK_INBOX = Told(message="Look into your mailbox: our mail tells how to go on.")


@post(
    ["/api/auth/register", "/api/auth/signup"],
    guards=[shopper],
    summary="Open an account",
    tags=["Sign-in"],
    responses={
        202: ResponseSpec(
            Told, description="A mail tells how to go on: the shop verifies first", generate_examples=False
        )
    },
)
async def register_account(
    request: AnyRequest, data: RegisterBody, context: Context, runtime: Runtime
) -> Response[TokenAnswer]:
    """Open an account, make its person a customer of the shop, and sign in; a mail asks to prove the address.

    A shop that verifies first answers 202 to everybody, without tokens: the mail tells how to go on.
    """
    device = device_of(context)
    filled = registration(
        email=data.email,
        password=data.password,
        name=data.full_name(),
        phone=data.phone,
        site=context.site,
    )
    if await verifies_first(runtime, context.site):
        await register_unseen(runtime, context.site, filled, device, locale=context.locale)
        return Response(CHECK_INBOX, status_code=202)  # type: ignore[arg-type]  # the answer named above
    signed_in = await register(
        runtime,
        context.site,
        filled,
        device,
        guest_token(request),
        start_tokens(runtime, device),
        locale=context.locale,
    )
    return Response(token_answer(signed_in), status_code=201)


@post("/api/auth/login", status_code=200, guards=[shopper], summary="Sign in", tags=["Sign-in"])
async def login(request: AnyRequest, data: LoginBody, context: Context, runtime: Runtime) -> TokenAnswer:
    """Sign in with an e-mail, or a verified phone, and a password; the guest's cart comes along."""
    return token_answer(
        await sign_in(
            runtime,
            context.site,
            data.login(),
            data.password,
            device_of(context),
            guest_token(request),
            start_tokens(runtime, device_of(context)),
        )
    )


@post("/api/auth/refresh", status_code=200, guards=[anyone], summary="Renew the tokens", tags=["Sign-in"])
async def refresh_tokens(request: AnyRequest, data: RefreshBody, runtime: Runtime) -> TokenAnswer:
    """Exchange a refresh token for new tokens; it works once, and a second use ends the whole sign-in."""
    found = await find_refreshable(runtime, data.refresh_token)
    # The refresh token settles the company as an access token does, so no guard could have done it.
    company_id = found.company_id or staff_company(found.roles, company_header(request))
    site = await site_of_call(request, runtime.sites, company_id)
    device = Device(request.headers.get("user-agent", "")[:LONGEST_AGENT], client_address(request))
    return token_answer(await refresh(runtime, found, site.company_id, device))


@post("/api/auth/logout", status_code=204, guards=[anyone], summary="Sign out", tags=["Sign-in"])
async def logout(data: RefreshBody, runtime: Runtime) -> None:
    """End the sign-in that the refresh token belongs to."""
    await sign_out(runtime, data.refresh_token)


@get("/api/auth/me", guards=[signed_in], summary="Who am I?", tags=["Sign-in"])
async def show_me(context: Context, runtime: Runtime) -> ProfileAnswer:
    """Show one's own account."""
    return await _profile(context, runtime)


@put("/api/auth/me", guards=[signed_in], summary="Change my account", tags=["Sign-in"])
async def change_me(data: ProfileBody, context: Context, runtime: Runtime) -> ProfileAnswer:
    """Change one's own name, phone and language. Another phone needs a step-up; a fresh sign-in counts."""
    present = await own_profile(runtime.database, context.user_id)
    change = profile_change(data, context.site, present)
    if demands_proof(change, present):
        require_step_up(context, runtime.clock.now())
    async with runtime.database.transaction() as session:
        await change_profile(session, context.company_id, context.user_id, change)
    return await _profile(context, runtime)


async def _profile(context: Context, runtime: Runtime) -> ProfileAnswer:
    caller, own = context.caller, await own_profile(runtime.database, context.user_id)
    return ProfileAnswer(
        id=context.user_id,
        email=own.email,
        name=own.name,
        phone=own.phone,
        email_verified=own.email_verified,
        phone_verified=own.phone_verified,
        locale=own.locale,
        photo=upload_path(runtime.files, own.photo) if own.photo else None,
        role=caller.role,
        company_id=context.company_id,
        customer_id=caller.customer_id,
        permissions=sorted(caller.permissions),
    )


def guest_token(request: AnyRequest) -> str | None:
    """The guest that the caller was until now."""
    return request.headers.get("x-session-token") or None


ROUTES = (register_account, login, refresh_tokens, logout, show_me, change_me)
