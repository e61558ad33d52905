"""Signing in, registering, signing out, and the person's own account, as pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Problem, TooMany, Unauthorised, Unprocessable
from pasar.kernel.http.guards import cookie_of, locale_of_cookie, page
from pasar.kernel.i18n import Translator, translator
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.actions.end_page_session import end_page_session
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.page_words import field_words
from pasar.people.sign_in.profile import profile_change
from pasar.people.sign_in.registering import register_on_page, registration
from pasar.people.sign_in.schemas import ProfileBody
from pasar.people.sign_in.second_factor.page_parts import ask_second_factor
from pasar.people.sign_in.second_factor_gate import SecondFactorRequired
from pasar.people.sign_in.signing_in import PageSignIn, sign_in_with_password
from pasar.people.users.public import change_profile, name_and_phone_of, own_profile
from pasar.web.answering import local_path, page_response, see_other, set_session_cookie
from pasar.web.form_values import text_of

__all__ = ["SIGN_IN_PAGES"]

AnyRequest = Request[Any, Any, Any]
LONGEST_EMAIL, LONGEST_PASSWORD, LONGEST_PATH = 320, 1000, 1000


@get("/sign-in", guards=[page], include_in_schema=False)
async def show_sign_in(request: AnyRequest) -> Response[bytes]:
    """Ask for e-mail and password."""
    values = {"email": "", "back": request.query_params.get("back", "")[:LONGEST_PATH]}
    return await page_response(request, "people/sign_in/sign_in.html", values=values, errors={})


@post("/sign-in", guards=[page], include_in_schema=False)
async def sign_in(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Sign the browser in and go where it came from."""
    form = await request.form()
    values = {"email": text_of(form, "email", LONGEST_EMAIL), "back": text_of(form, "back", LONGEST_PATH)}
    password = text_of(form, "password", LONGEST_PASSWORD, strip=False)
    words = translator(context.locale)
    try:
        signed_in = await sign_in_with_password(
            runtime, context.site, values["email"], password, device_of(context), cookie_of(request)
        )
    except SecondFactorRequired as asked:
        return ask_second_factor(request, asked, values["back"])
    except (Unauthorised, TooMany) as problem:
        said = (
            _too_many(words)
            if isinstance(problem, TooMany)
            else words.gettext("The e-mail or the password is not right. Check both and try again.")
        )
        return await page_response(
            request,
            "people/sign_in/sign_in.html",
            status=429 if isinstance(problem, TooMany) else 422,
            headers=problem.headers if isinstance(problem, TooMany) else None,
            values=values,
            errors={"email": said},
        )
    home = "/admin" if signed_in.person.kind == "staff" else "/account"
    return _signed_in(request, signed_in, local_path(values["back"], home))


@get("/register", guards=[page], include_in_schema=False)
async def show_register(request: AnyRequest) -> Response[bytes]:
    """Ask for what an account needs."""
    values = {
        "name": "",
        "email": "",
        "phone": "",
        "back": request.query_params.get("back", "")[:LONGEST_PATH],
    }
    return await page_response(request, "people/sign_in/register.html", values=values, errors={})


@post("/register", guards=[page], include_in_schema=False)
async def register(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Open an account and sign the browser in."""
    form = await request.form()
    values = {name: text_of(form, name) for name in ("name", "email", "phone")}
    values["back"] = text_of(form, "back", LONGEST_PATH)
    password = text_of(form, "password", LONGEST_PASSWORD, strip=False)
    words = translator(context.locale)
    try:
        filled = registration(
            email=values["email"], password=password, name=values["name"], phone=values["phone"] or None
        )
        signed_in = await register_on_page(
            runtime, context.site, filled, device_of(context), cookie_of(request)
        )
    except (Unprocessable, Conflict, TooMany) as problem:
        return await page_response(
            request,
            "people/sign_in/register.html",
            status=429 if isinstance(problem, TooMany) else 422,
            headers=problem.headers,
            values=values,
            errors=_register_errors(problem, words),
        )
    return _signed_in(request, signed_in, local_path(values["back"], "/account"))


@post("/sign-out", guards=[page], include_in_schema=False)
async def sign_out(request: AnyRequest, runtime: Runtime) -> Response[bytes]:
    """End the browser's session and begin an empty one."""
    cookie = cookie_of(request)
    if cookie:
        async with runtime.database.transaction() as session:
            await end_page_session(session, cookie, runtime.clock.now())
    answer = see_other("/", notice="signed-out")
    set_session_cookie(request, answer, _with_locale(request, new_token()))
    return answer


@get("/account", guards=[page], include_in_schema=False)
async def show_account(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show the person's own account."""
    user_id = _person(context)
    name, phone = await name_and_phone_of(runtime.database, user_id)
    return await page_response(
        request,
        "people/sign_in/account.html",
        values={"name": name, "phone": phone or ""},
        email=context.caller.email,
        errors={},
    )


@post("/account", guards=[page], include_in_schema=False)
async def change_account(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Change the person's name and phone."""
    user_id = _person(context)
    form = await request.form()
    values = {"name": text_of(form, "name"), "phone": text_of(form, "phone")}
    try:
        present = await own_profile(runtime.database, user_id)
        body = ProfileBody(name=values["name"], phone=values["phone"])
        change = profile_change(body, context.site, present)
    except Unprocessable as problem:
        return await page_response(
            request,
            "people/sign_in/account.html",
            status=422,
            values=values,
            email=context.caller.email,
            errors=field_words(problem.errors, translator(context.locale)),
        )
    async with runtime.database.transaction() as session:
        await change_profile(session, context.company_id, user_id, change)
    return see_other("/account", notice="saved")


SIGN_IN_PAGES = (show_sign_in, sign_in, show_register, register, sign_out, show_account, change_account)


def _signed_in(request: AnyRequest, signed_in: PageSignIn, path: str) -> Response[bytes]:
    answer = see_other(path, notice="signed-in")
    set_session_cookie(request, answer, _with_locale(request, signed_in.cookie))
    return answer


def _with_locale(request: AnyRequest, token: str) -> str:
    """The new cookie keeps the language that the visitor chose."""
    locale = locale_of_cookie(request)
    return f"{token}.{locale}" if locale else token


def _register_errors(problem: Problem, words: Translator) -> dict[str, str]:
    if isinstance(problem, Conflict):
        return {"email": words.gettext("This e-mail has an account already. Sign in instead.")}
    if isinstance(problem, TooMany):
        return {"": _too_many(words)}
    return field_words(problem.errors, words)


def _too_many(words: Translator) -> str:
    return words.gettext("Too many tries failed. Wait a quarter of an hour, then try again.")


def _person(context: Context) -> UUID:
    """The signed-in person's id. Raises `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    return context.caller.user_id
