"""Account, Security: one's own second factors as pages. Every change asks for a sign-in confirmed lately."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from markupsafe import Markup

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.second_factor import own_factors
from pasar.people.sign_in.second_factor.factors import factors_of
from pasar.people.sign_in.second_factor.page_parts import LONGEST_CODE, options_response, passkey_from
from pasar.people.sign_in.second_factor.page_words import factor_words
from pasar.people.sign_in.second_factor.pages_confirm import signed_in_only
from pasar.people.sign_in.second_factor.relying_party import relying_party
from pasar.people.sign_in.second_factor.totp import grouped, qr_svg
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, slots

AnyRequest = Request[Any, Any, Any]

HOME: Final = "/account/security"
TEMPLATES: Final = "people/sign_in/second_factor"
NO_STORE: Final = {"Cache-Control": "no-store"}

slots.fill("account_tabs", Filling("security", f"{TEMPLATES}/account_tab.html", order=60))
register_notice(
    "factor-demanded",
    "warning",
    N_("Your company asks its staff for a second factor. Set one up here, or confirm with yours, to go on."),
)
register_notice("factor-added", "success", N_("Done. From now on it is asked for when you sign in."))
register_notice("factor-removed", "success", N_("Removed."))


@get(HOME, guards=[page], include_in_schema=False)
async def show_security(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show how one signs in."""
    signed_in_only(context)
    return await _security_page(request, context, runtime)


@post(f"{HOME}/totp", guards=[page], include_in_schema=False)
async def begin_totp(context: Context, runtime: Runtime) -> Response[bytes]:
    """Make a secret for an authenticator app."""
    signed_in_only(context)
    await own_factors.start_totp(runtime, context)
    return see_other(f"{HOME}/totp")


@get(f"{HOME}/totp", guards=[page], include_in_schema=False)
async def show_totp(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show the secret that waits for its first code."""
    signed_in_only(context)
    return await _totp_page(request, context, runtime)


@post(f"{HOME}/totp/confirm", guards=[page], include_in_schema=False)
async def confirm_totp(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Let the app count; show the recovery codes that come with the first factor."""
    signed_in_only(context)
    form = await request.form()
    try:
        codes = await own_factors.finish_totp(runtime, context, text_of(form, "code", LONGEST_CODE))
    except Unprocessable as problem:
        said = translator(context.locale).gettext(
            "This is not the app's present code. Wait for the next one and check the phone's clock."
        )
        return await _totp_page(request, context, runtime, {"code": said}, problem.status)
    except Conflict as problem:
        return await _security_page(request, context, runtime, problem)
    return await _added(request, codes)


@get(f"{HOME}/totp/remove", guards=[page], include_in_schema=False)
async def ask_remove_totp(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask before the app is turned off."""
    signed_in_only(context)
    words = translator(context.locale)
    return await page_response(
        request,
        f"{TEMPLATES}/sure.html",
        title=words.gettext("Turn the authenticator app off?"),
        consequence=words.gettext("Its codes no longer open your account, and are no longer asked for."),
        action=f"{HOME}/totp/remove",
        label=words.gettext("Turn off"),
    )


@post(f"{HOME}/totp/remove", guards=[page], include_in_schema=False)
async def remove_totp(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Turn the app off."""
    signed_in_only(context)
    try:
        await own_factors.drop_totp(runtime, context)
    except (Conflict, NotFound) as problem:
        return await _security_page(request, context, runtime, problem)
    return see_other(HOME, notice="factor-removed")


@post(f"{HOME}/passkeys/options", guards=[page], include_in_schema=False)
async def passkey_options(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Options for making a passkey."""
    signed_in_only(context)
    party = relying_party(request, runtime, context.site)
    return options_response(await own_factors.passkey_to_make(runtime, context, party))


@post(f"{HOME}/passkeys", guards=[page], include_in_schema=False)
async def add_passkey(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Keep the passkey that the browser made."""
    signed_in_only(context)
    form = await request.form()
    party = relying_party(request, runtime, context.site)
    credential = passkey_from(form) or {}
    try:
        codes = await own_factors.keep_passkey(runtime, context, party, credential, text_of(form, "name"))
    except (Unprocessable, Conflict) as problem:
        return await _security_page(request, context, runtime, problem)
    return await _added(request, codes)


@post(f"{HOME}/passkeys/{{passkey_id:uuid}}", guards=[page], include_in_schema=False)
async def rename_passkey(
    request: AnyRequest, passkey_id: UUID, context: Context, runtime: Runtime
) -> Response[bytes]:
    """Give a passkey another name."""
    signed_in_only(context)
    name = text_of(await request.form(), f"name-{passkey_id.hex}")
    try:
        await own_factors.name_passkey(runtime, context, passkey_id, name)
    except (Unprocessable, NotFound) as problem:
        return await _security_page(request, context, runtime, problem)
    return see_other(HOME, notice="saved")


@get(f"{HOME}/passkeys/{{passkey_id:uuid}}/remove", guards=[page], include_in_schema=False)
async def ask_remove_passkey(request: AnyRequest, passkey_id: UUID, context: Context) -> Response[bytes]:
    """Ask before a passkey is forgotten."""
    signed_in_only(context)
    words = translator(context.locale)
    return await page_response(
        request,
        f"{TEMPLATES}/sure.html",
        title=words.gettext("Remove this passkey?"),
        consequence=words.gettext("It no longer opens your account. Your device may go on listing it."),
        action=f"{HOME}/passkeys/{passkey_id}/remove",
        label=words.gettext("Remove"),
    )


@post(f"{HOME}/passkeys/{{passkey_id:uuid}}/remove", guards=[page], include_in_schema=False)
async def remove_passkey(
    request: AnyRequest, passkey_id: UUID, context: Context, runtime: Runtime
) -> Response[bytes]:
    """Forget a passkey."""
    signed_in_only(context)
    try:
        await own_factors.drop_passkey(runtime, context, passkey_id)
    except (Conflict, NotFound) as problem:
        return await _security_page(request, context, runtime, problem)
    return see_other(HOME, notice="factor-removed")


@get(f"{HOME}/recovery-codes", guards=[page], include_in_schema=False)
async def ask_recovery_codes(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask before the present codes become void."""
    signed_in_only(context)
    words = translator(context.locale)
    return await page_response(
        request,
        f"{TEMPLATES}/sure.html",
        title=words.gettext("Make new recovery codes?"),
        consequence=words.gettext("The codes that you have now stop working."),
        action=f"{HOME}/recovery-codes",
        label=words.gettext("Make new recovery codes"),
    )


@post(f"{HOME}/recovery-codes", guards=[page], include_in_schema=False)
async def make_recovery_codes(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show ten new codes, this once."""
    signed_in_only(context)
    try:
        codes = await own_factors.new_recovery_codes(runtime, context)
    except Conflict as problem:
        return await _security_page(request, context, runtime, problem)
    return await _codes_page(request, codes)


async def _added(request: AnyRequest, codes: list[str]) -> Response[bytes]:
    return await _codes_page(request, codes) if codes else see_other(HOME, notice="factor-added")


async def _codes_page(request: AnyRequest, codes: list[str]) -> Response[bytes]:
    return await page_response(request, f"{TEMPLATES}/codes.html", headers=NO_STORE, codes=codes)


async def _totp_page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response[bytes]:
    waiting = await own_factors.waiting_totp(runtime, context)
    if waiting is None:
        return see_other(HOME)
    secret, uri = waiting
    return await page_response(
        request,
        f"{TEMPLATES}/totp.html",
        status=status,
        headers=NO_STORE,
        secret=grouped(secret),
        uri=uri,
        qr=Markup(qr_svg(uri)),  # noqa: S704  our own drawing of squares
        errors=errors or {},
    )


async def _security_page(
    request: AnyRequest, context: Context, runtime: Runtime, problem: Problem | None = None
) -> Response[bytes]:
    return await page_response(
        request,
        f"{TEMPLATES}/security.html",
        status=problem.status if problem else 200,
        factors=await factors_of(runtime.database, context.user_id),
        errors={"": factor_words(problem, translator(context.locale))} if problem else {},
    )


SECURITY_PAGES = (
    show_security,
    begin_totp,
    show_totp,
    confirm_totp,
    ask_remove_totp,
    remove_totp,
    passkey_options,
    add_passkey,
    rename_passkey,
    ask_remove_passkey,
    remove_passkey,
    ask_recovery_codes,
    make_recovery_codes,
)
