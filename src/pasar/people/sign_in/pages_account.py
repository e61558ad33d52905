"""The person's own account as pages: name, e-mail and phone, with what is proved of them."""

from __future__ import annotations

from typing import Final

from litestar import Response, get, post

from pasar.kernel.errors import Conflict, TooMany, Unauthorised, Unprocessable
from pasar.kernel.http.guards import page, require_step_up
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.code_sign_in import phone_at, prove_own_phone, send_code
from pasar.people.sign_in.page_parts import (
    LONGEST_EMAIL,
    LONGEST_PASSWORD,
    AnyRequest,
    asking_in,
    inbox_response,
    person_of,
    problem_words,
    status_of,
)
from pasar.people.sign_in.profile import demands_proof, profile_change
from pasar.people.sign_in.schemas import ProfileBody
from pasar.people.sign_in.verifying import ask_for_email_change, resend_verification
from pasar.people.users.public import change_profile, own_profile
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["ACCOUNT_PAGES"]

PROFILE: Final = "people/sign_in/account.html"
EMAIL: Final = "people/sign_in/email.html"
PHONE: Final = "people/sign_in/phone.html"

register_notice("mail-sent", "success", N_("A mail with a new link is on its way."))
register_notice("phone-verified", "success", N_("Your phone is verified. It signs you in, too."))
register_notice("wait-for-mail", "warning", N_("Several mails are on their way already. Wait a while."))


@get("/account", guards=[page], include_in_schema=False)
async def show_account(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show the person's own account."""
    profile = await own_profile(runtime.database, person_of(context))
    values = {"name": profile.name, "phone": profile.phone or ""}
    return await page_response(request, PROFILE, values=values, profile=profile, errors={})


@post("/account", guards=[page], include_in_schema=False)
async def change_account(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Change the person's name and phone."""
    user_id = person_of(context)
    form = await request.form()
    values = {"name": text_of(form, "name"), "phone": text_of(form, "phone")}
    profile = await own_profile(runtime.database, user_id)
    try:
        body = ProfileBody(name=values["name"], phone=values["phone"])
        change = profile_change(body, context.site, profile)
    except Unprocessable as problem:
        return await page_response(
            request,
            PROFILE,
            status=422,
            values=values,
            profile=profile,
            errors=problem_words(problem, translator(context.locale)),
        )
    if demands_proof(change, profile):
        require_step_up(context, runtime.clock.now())
    async with runtime.database.transaction() as session:
        await change_profile(session, context.company_id, user_id, change)
    return see_other("/account", notice="saved")


@post("/account/verify-email", guards=[page], include_in_schema=False)
async def send_again(context: Context, runtime: Runtime) -> Response[bytes]:
    """Send the verification mail again."""
    profile = await own_profile(runtime.database, person_of(context))
    try:
        await resend_verification(runtime, asking_in(context), profile.email, context.address)
    except TooMany:
        return see_other("/account", notice="wait-for-mail")
    return see_other("/account", notice="mail-sent")


@get("/account/email", guards=[page], include_in_schema=False)
async def show_email(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for another e-mail, of who has confirmed lately: asked before the form is filled in."""
    user_id = person_of(context)
    require_step_up(context, runtime.clock.now())
    profile = await own_profile(runtime.database, user_id)
    return await page_response(request, EMAIL, values={"email": ""}, profile=profile, errors={})


@post("/account/email", guards=[page], status_code=200, include_in_schema=False)
async def change_email(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Send a link to the new address; it counts once that was opened."""
    user_id = person_of(context)
    # The password alone is what a thief has; the second factor of who has one is asked for by this.
    require_step_up(context, runtime.clock.now())
    form, words = await request.form(), translator(context.locale)
    email = text_of(form, "email", LONGEST_EMAIL)
    password = text_of(form, "current_password", LONGEST_PASSWORD, strip=False)
    try:
        await ask_for_email_change(runtime, asking_in(context), user_id, email, password, context.address)
    except (Unprocessable, TooMany) as problem:
        return await page_response(
            request,
            EMAIL,
            status=status_of(problem),
            headers=problem.headers,
            values={"email": email},
            profile=await own_profile(runtime.database, user_id),
            errors=problem_words(problem, words),
        )
    return await inbox_response(request, words, "change", email)


@post("/account/phone", guards=[page], status_code=200, include_in_schema=False)
async def send_phone_code(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Send a code to the person's own number, and ask for it: a new way in, so that it is confirmed first."""
    require_step_up(context, runtime.clock.now())
    profile = await own_profile(runtime.database, person_of(context))
    if profile.phone is None:
        return see_other("/account")
    errors: dict[str, str] = {}
    try:
        await send_code(runtime, asking_in(context), profile.phone, context.address)
    except TooMany as problem:
        errors = problem_words(problem, translator(context.locale))
    status = 429 if errors else 200
    return await page_response(request, PHONE, status=status, phone=profile.phone, errors=errors)


@post("/account/phone/code", guards=[page], include_in_schema=False)
async def verify_phone(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Take the code: from now on the number signs in."""
    require_step_up(context, runtime.clock.now())
    user_id, form = person_of(context), await request.form()
    phone = text_of(form, "phone")
    try:
        number = phone_at(context.site, phone)
        code = text_of(form, "code", 100)
        await prove_own_phone(runtime, context.site, user_id, number, code, context.address)
    except (Unauthorised, Unprocessable, Conflict, TooMany) as problem:
        return await page_response(
            request,
            PHONE,
            status=status_of(problem),
            phone=phone,
            errors=problem_words(problem, translator(context.locale), "code"),
        )
    return see_other("/account", notice="phone-verified")


ACCOUNT_PAGES = (
    show_account,
    change_account,
    send_again,
    show_email,
    change_email,
    send_phone_code,
    verify_phone,
)
