"""The page that asks again who is there, before something that matters."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Problem, TooMany, Unauthorised, Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.second_factor.own_factors import passkey_to_use
from pasar.people.sign_in.second_factor.page_parts import (
    LONGEST_PATH,
    options_response,
    proof_field,
    proof_from,
)
from pasar.people.sign_in.second_factor.page_words import factor_words
from pasar.people.sign_in.second_factor.relying_party import relying_party
from pasar.people.sign_in.second_factor.stepping_up import (
    confirming,
    step_up_with_factor,
    step_up_with_password,
)
from pasar.people.sign_in.second_factor_gate import methods_of
from pasar.web.answering import local_path, page_response, see_other
from pasar.web.form_values import text_of

AnyRequest = Request[Any, Any, Any]
LONGEST_PASSWORD = 1000


@get("/account/confirm", guards=[page], include_in_schema=False)
async def show_confirm(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for the second factor, or for the password of who has none."""
    signed_in_only(context)
    back = local_path(request.query_params.get("back", "")[:LONGEST_PATH], "/account")
    return await _confirm_page(request, context, runtime, back, {})


@post("/account/confirm", guards=[page], include_in_schema=False)
async def send_confirm(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Confirm this sign-in, and go on with what was begun."""
    signed_in_only(context)
    form = await request.form()
    back = local_path(text_of(form, "back", LONGEST_PATH), "/account")
    password = text_of(form, "password", LONGEST_PASSWORD, strip=False)
    try:
        if password:
            await step_up_with_password(runtime, context, password)
        else:
            party = relying_party(request, runtime, context.site)
            await step_up_with_factor(runtime, context, proof_from(form), party)
    except (Unprocessable, Conflict, TooMany) as problem:
        said = {proof_field(form): factor_words(problem, translator(context.locale))}
        return await _confirm_page(request, context, runtime, back, said, problem)
    return see_other(back)


@post("/account/confirm/passkey-options", guards=[page], include_in_schema=False)
async def confirm_options(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Options for a passkey that confirms this sign-in."""
    signed_in_only(context)
    ceremony = confirming(context, relying_party(request, runtime, context.site))
    return options_response(await passkey_to_use(runtime, ceremony, context.user_id))


def signed_in_only(context: Context) -> None:
    """Raise `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")


async def _confirm_page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    back: str,
    errors: dict[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    status = 200 if problem is None else 429 if isinstance(problem, TooMany) else 422
    return await page_response(
        request,
        "people/sign_in/second_factor/confirm.html",
        status=status,
        headers=problem.headers if problem else None,
        methods=await methods_of(runtime.database, context.user_id),
        back=back,
        errors=errors,
    )


CONFIRM_PAGES = (show_confirm, send_confirm, confirm_options)
