"""Signing in and out, as pages: by e-mail or phone and password, or by a code."""

from __future__ import annotations

from typing import Final

from litestar import Response, get, post

from pasar.kernel.errors import TooMany, Unauthorised, Unprocessable
from pasar.kernel.http.guards import cookie_of, locale_of_cookie, page
from pasar.kernel.i18n import translator
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.actions.end_page_session import end_page_session
from pasar.people.sign_in.code_sign_in import phone_at, send_code, sign_in_with_code
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.page_parts import (
    LONGEST_EMAIL,
    LONGEST_PASSWORD,
    LONGEST_PATH,
    AnyRequest,
    asking_in,
    back_of,
    hand_over,
    problem_words,
    status_of,
    welcome,
)
from pasar.people.sign_in.signing_in import sign_in_with_password, start_pages
from pasar.web.answering import page_response, see_other, set_session_cookie
from pasar.web.form_values import text_of

__all__ = ["SIGN_IN_OUT_PAGES"]

FORM: Final = "people/sign_in/sign_in.html"
PHONE_FORM: Final = "people/sign_in/code_phone.html"
CODE_FORM: Final = "people/sign_in/code_enter.html"


@get("/sign-in", guards=[page], include_in_schema=False)
async def show_sign_in(request: AnyRequest) -> Response[bytes]:
    """Ask for e-mail or phone, and password."""
    values = {"email": "", "back": back_of(request)}
    return await page_response(request, FORM, values=values, errors={})


@post("/sign-in", guards=[page], include_in_schema=False)
async def sign_in(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Sign the browser in and go where it came from."""
    form = await request.form()
    values = {"email": text_of(form, "email", LONGEST_EMAIL), "back": text_of(form, "back", LONGEST_PATH)}
    password = text_of(form, "password", LONGEST_PASSWORD, strip=False)
    try:
        done = await sign_in_with_password(
            runtime, context.site, values["email"], password, device_of(context), cookie_of(request)
        )
    except (Unauthorised, TooMany) as problem:
        return hand_over(request, problem, values["back"]) or await page_response(
            request,
            FORM,
            status=status_of(problem),
            headers=problem.headers if isinstance(problem, TooMany) else None,
            values=values,
            errors=problem_words(problem, translator(context.locale), "email"),
        )
    return welcome(request, done, values["back"])


@get("/sign-in/code", guards=[page], include_in_schema=False)
async def show_phone_form(request: AnyRequest) -> Response[bytes]:
    """Ask for the number that a code is to be sent to."""
    return await page_response(request, PHONE_FORM, values={"phone": "", "back": back_of(request)}, errors={})


@post("/sign-in/code", guards=[page], status_code=200, include_in_schema=False)
async def ask_code(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Send the code and ask for it. The number stays in forms: in an address it would be kept by others."""
    form = await request.form()
    values = {"phone": text_of(form, "phone"), "back": text_of(form, "back", LONGEST_PATH)}
    try:
        phone = phone_at(context.site, values["phone"])
        await send_code(runtime, asking_in(context), phone, context.address)
    except (Unprocessable, TooMany) as problem:
        errors = problem_words(problem, translator(context.locale), "phone")
        return await page_response(
            request,
            PHONE_FORM,
            status=status_of(problem),
            headers=problem.headers,
            values=values,
            errors=errors,
        )
    values["phone"] = phone
    return await page_response(request, CODE_FORM, values=values | {"name": ""}, errors={})


@post("/sign-in/code/enter", guards=[page], include_in_schema=False)
async def enter_code(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Sign in whoever holds the phone, or open an account."""
    form = await request.form()
    values = {name: text_of(form, name) for name in ("phone", "name")}
    values["back"] = text_of(form, "back", LONGEST_PATH)
    device, cookie = device_of(context), cookie_of(request)
    try:
        done = await sign_in_with_code(
            runtime,
            context.site,
            phone_at(context.site, values["phone"]),
            text_of(form, "code", 100),
            values["name"],
            device,
            cookie,
            start_pages(runtime, context.site, cookie, device),
        )
    except (Unauthorised, Unprocessable, TooMany) as problem:
        return hand_over(request, problem, values["back"]) or await page_response(
            request,
            CODE_FORM,
            status=status_of(problem),
            headers=problem.headers if isinstance(problem, TooMany) else None,
            values=values,
            errors=problem_words(problem, translator(context.locale), "code"),
        )
    return welcome(request, done, values["back"])


@post("/sign-out", guards=[page], include_in_schema=False)
async def sign_out(request: AnyRequest, runtime: Runtime) -> Response[bytes]:
    """End the browser's session and begin an empty one."""
    cookie = cookie_of(request)
    if cookie:
        async with runtime.database.transaction() as session:
            await end_page_session(session, cookie, runtime.clock.now())
    answer, locale, fresh = see_other("/", notice="signed-out"), locale_of_cookie(request), new_token()
    set_session_cookie(request, answer, f"{fresh}.{locale}" if locale else fresh)
    return answer


SIGN_IN_OUT_PAGES = (show_sign_in, sign_in, show_phone_form, ask_code, enter_code, sign_out)
