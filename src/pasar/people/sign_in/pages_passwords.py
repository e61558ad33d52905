"""Forgotten and changed passwords, as pages."""

from __future__ import annotations

from typing import Final

from litestar import Response, get, post

from pasar.kernel.errors import TooMany, Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
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
from pasar.people.sign_in.resetting import change_password, forgot_password, reset_password
from pasar.people.users.public import own_profile
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["PASSWORD_PAGES"]

FORGOT: Final = "people/sign_in/forgot.html"
RESET: Final = "people/sign_in/reset.html"
CHANGE: Final = "people/sign_in/password.html"
HOME: Final = "/account/password"

register_notice(
    "password-reset", "success", N_("Your password is changed, and every sign-in has ended. Sign in anew.")
)
register_notice(
    "password-changed", "success", N_("Your password is changed. You are signed out everywhere else.")
)


@get("/forgot-password", guards=[page], include_in_schema=False)
async def show_forgot(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask for the address of the account."""
    return await page_response(request, FORGOT, values={"email": context.caller.email}, errors={})


@post("/forgot-password", guards=[page], status_code=200, include_in_schema=False)
async def forgot(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Send a link, if there is an account; the page says the same to everybody."""
    email, words = text_of(await request.form(), "email", LONGEST_EMAIL), translator(context.locale)
    try:
        await forgot_password(runtime, asking_in(context), email, context.address)
    except TooMany as problem:
        return await page_response(
            request,
            FORGOT,
            status=429,
            headers=problem.headers,
            values={"email": email},
            errors=problem_words(problem, words),
        )
    return await inbox_response(request, words, "reset", email)


@get("/reset-password/{token:str}", guards=[page], include_in_schema=False)
async def show_reset(request: AnyRequest, token: str) -> Response[bytes]:
    """Ask for the new password."""
    return await page_response(request, RESET, token=token, errors={})


@post("/reset-password/{token:str}", guards=[page], include_in_schema=False)
async def reset(request: AnyRequest, context: Context, runtime: Runtime, token: str) -> Response[bytes]:
    """Store the new password, and have its owner sign in."""
    new = text_of(await request.form(), "new_password", LONGEST_PASSWORD, strip=False)
    try:
        await reset_password(runtime, asking_in(context), token, new, context.address)
    except (Unprocessable, TooMany) as problem:
        return await page_response(
            request,
            RESET,
            status=status_of(problem),
            headers=problem.headers,
            token=token,
            errors=problem_words(problem, translator(context.locale)),
        )
    return see_other("/sign-in", notice="password-reset")


@get(HOME, guards=[page], include_in_schema=False)
async def show_change(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for the present password and the new one."""
    profile = await own_profile(runtime.database, person_of(context))
    return await page_response(request, CHANGE, profile=profile, errors={})


@post(HOME, guards=[page], include_in_schema=False)
async def change(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Store the new password; every other sign-in ends."""
    user_id, form = person_of(context), await request.form()
    current, new = (
        text_of(form, name, LONGEST_PASSWORD, strip=False) for name in ("current_password", "new_password")
    )
    try:
        await change_password(
            runtime, asking_in(context), user_id, context.caller.sign_in_id, current, new, context.address
        )
    except (Unprocessable, TooMany) as problem:
        return await page_response(
            request,
            CHANGE,
            status=status_of(problem),
            headers=problem.headers,
            profile=await own_profile(runtime.database, user_id),
            errors=problem_words(problem, translator(context.locale)),
        )
    return see_other(HOME, notice="password-changed")


PASSWORD_PAGES = (show_forgot, forgot, show_reset, reset, show_change, change)
