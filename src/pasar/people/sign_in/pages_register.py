"""Opening an account, and proving its e-mail, as pages."""

from __future__ import annotations

from typing import Final

from litestar import Response, get, post

from pasar.kernel.errors import Conflict, TooMany, Unprocessable
from pasar.kernel.http.guards import cookie_of, page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.page_parts import (
    LONGEST_EMAIL,
    LONGEST_PASSWORD,
    LONGEST_PATH,
    AnyRequest,
    asking_in,
    back_of,
    inbox_response,
    problem_words,
    status_of,
    welcome,
)
from pasar.people.sign_in.registering import (
    register_on_page,
    register_unseen,
    registration,
    verifies_first,
)
from pasar.people.sign_in.verifying import resend_verification, verify_by_link
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["REGISTER_PAGES"]

FORM: Final = "people/sign_in/register.html"
VERIFY: Final = "people/sign_in/verify.html"
AGAIN: Final = "people/sign_in/verify_again.html"

register_notice("email-verified", "success", N_("Your e-mail is verified."))
register_notice(
    "registered", "success", N_("Welcome. Your account is open. A mail asks you to verify the address.")
)


@get("/register", guards=[page], include_in_schema=False)
async def show_register(request: AnyRequest) -> Response[bytes]:
    """Ask for what an account needs."""
    values = {"name": "", "email": "", "phone": "", "back": back_of(request)}
    return await page_response(request, FORM, values=values, errors={})


@post("/register", guards=[page], include_in_schema=False)
async def register(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Open an account and sign the browser in; or say what the mail tells, where the shop verifies first."""
    form = await request.form()
    values = {name: text_of(form, name) for name in ("name", "email", "phone")}
    values["back"] = text_of(form, "back", LONGEST_PATH)
    password = text_of(form, "password", LONGEST_PASSWORD, strip=False)
    device, words = device_of(context), translator(context.locale)
    try:
        filled = registration(
            email=values["email"],
            password=password,
            name=values["name"],
            phone=values["phone"] or None,
            site=context.site,
        )
        if await verifies_first(runtime, context.site):
            await register_unseen(runtime, context.site, filled, device, locale=context.locale)
            return await inbox_response(request, words, "register", filled.email)
        done = await register_on_page(
            runtime, context.site, filled, device, cookie_of(request), locale=context.locale
        )
    except (Unprocessable, Conflict, TooMany) as problem:
        return await page_response(
            request,
            FORM,
            status=status_of(problem),
            headers=problem.headers,
            values=values,
            errors=problem_words(problem, words, "email"),
        )
    return welcome(request, done, values["back"], "registered")


@get("/verify-email", guards=[page], include_in_schema=False)
async def show_verify_again(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask for the address that a new link is to be sent to."""
    return await page_response(request, AGAIN, values={"email": context.caller.email}, errors={})


@post("/verify-email", guards=[page], status_code=200, include_in_schema=False)
async def verify_again(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Send a new link, if the address waits for one; the page says the same to everybody."""
    email, words = text_of(await request.form(), "email", LONGEST_EMAIL), translator(context.locale)
    try:
        await resend_verification(runtime, asking_in(context), email, context.address)
    except TooMany as problem:
        return await page_response(
            request,
            AGAIN,
            status=429,
            headers=problem.headers,
            values={"email": email},
            errors=problem_words(problem, words),
        )
    return await inbox_response(request, words, "resend", email)


@get("/verify-email/{token:str}", guards=[page], include_in_schema=False)
async def show_verify(request: AnyRequest, token: str) -> Response[bytes]:
    """Ask for one click more: programs that look at the links of a mail verify nothing by it."""
    return await page_response(request, VERIFY, token=token, errors={})


@post("/verify-email/{token:str}", guards=[page], include_in_schema=False)
async def verify(request: AnyRequest, context: Context, runtime: Runtime, token: str) -> Response[bytes]:
    """Take the link."""
    try:
        await verify_by_link(runtime, asking_in(context), token, context.address)
    except (Unprocessable, Conflict, TooMany) as problem:
        return await page_response(
            request,
            VERIFY,
            status=status_of(problem),
            headers=problem.headers,
            token=token,
            errors=problem_words(problem, translator(context.locale)),
        )
    home = "/sign-in" if context.caller.kind == "guest" else "/account"
    return see_other(home, notice="email-verified")


REGISTER_PAGES = (show_register, register, show_verify_again, verify_again, show_verify, verify)
