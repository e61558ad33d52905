"""The pages between a password that fitted and being signed in, and signing in by a passkey alone."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request, Response, get, post

from pasar.kernel.errors import Problem, TooMany, Unauthorised, Unprocessable
from pasar.kernel.http.guards import cookie_of, page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.second_factor.completing import (
    Visit,
    answer_challenge,
    asked_by,
    challenged_person,
    sign_in_with_passkey,
)
from pasar.people.sign_in.second_factor.own_factors import passkey_to_use
from pasar.people.sign_in.second_factor.page_parts import (
    CHALLENGE_PAGE,
    LONGEST_PATH,
    challenge_of_browser,
    options_response,
    passkey_from,
    proof_field,
    proof_from,
    signed_in_response,
)
from pasar.people.sign_in.second_factor.page_words import factor_words
from pasar.people.sign_in.second_factor.passkey_challenges import Ceremony
from pasar.people.sign_in.second_factor.relying_party import relying_party
from pasar.people.sign_in.second_factor_gate import methods_of
from pasar.people.sign_in.signing_in import PageSignIn, start_pages
from pasar.web.answering import local_path, page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, slots

AnyRequest = Request[Any, Any, Any]
TEMPLATE = "people/sign_in/second_factor/challenge.html"

slots.fill("sign_in_ways", Filling("passkey", "people/sign_in/second_factor/sign_in_way.html", order=10))
register_notice("challenge-over", "warning", N_("That took too long, or too many tries. Sign in once more."))
register_notice(
    "passkey-refused", "error", N_("This passkey does not open an account here. Sign in another way.")
)
register_notice(
    "verify-first",
    "warning",
    N_("This shop asks for a verified e-mail address. Open the link in our mail first, then sign in again."),
)
register_notice(
    "too-many-tries", "error", N_("Too many tries failed. Wait a quarter of an hour, then try again.")
)


@get(CHALLENGE_PAGE, guards=[page], include_in_schema=False)
async def show_challenge(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for the second factor."""
    back = local_path(request.query_params.get("back", "")[:LONGEST_PATH], "")
    return await _challenge_page(request, context, runtime, back, {})


@post(CHALLENGE_PAGE, guards=[page], include_in_schema=False)
async def send_challenge(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Finish signing in, and go where it began."""
    form = await request.form()
    back = local_path(text_of(form, "back", LONGEST_PATH), "")
    challenge = challenge_of_browser(request)
    if challenge is None:
        return see_other("/sign-in", notice="challenge-over")
    starter = partial(start_pages, runtime, context.site, cookie_of(request))
    try:
        visit = _visit(request, context, runtime)
        done = await answer_challenge(runtime, visit, challenge, proof_from(form), starter)
    except (Unauthorised, Unprocessable, TooMany) as problem:
        if problem.code == "challenge_invalid":
            return see_other("/sign-in", notice="challenge-over")
        said = {proof_field(form): factor_words(problem, translator(context.locale))}
        return await _challenge_page(request, context, runtime, back, said, problem)
    return _welcome(request, done, back)


@post(f"{CHALLENGE_PAGE}/passkey-options", guards=[page], include_in_schema=False)
async def challenge_options(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Options for a passkey that answers this browser's challenge."""
    challenge = challenge_of_browser(request)
    if challenge is None:
        return see_other("/sign-in", notice="challenge-over")
    user_id = await challenged_person(runtime, context.site, challenge)
    ceremony = asked_by(challenge, relying_party(request, runtime, context.site))
    return options_response(await passkey_to_use(runtime, ceremony, user_id))


@post("/sign-in/passkey-options", guards=[page], include_in_schema=False)
async def sign_in_options(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Options for any passkey of this host."""
    return options_response(await passkey_to_use(runtime, _alone(request, context, runtime), None))


@post("/sign-in/passkey", guards=[page], include_in_schema=False)
async def sign_in_by_passkey(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Sign the browser in by a passkey alone."""
    form = await request.form()
    back = local_path(text_of(form, "back", LONGEST_PATH), "")
    starter = partial(start_pages, runtime, context.site, cookie_of(request))
    try:
        done = await sign_in_with_passkey(
            runtime,
            _visit(request, context, runtime),
            _alone(request, context, runtime),
            passkey_from(form) or {},
            cookie_of(request),
            starter,
        )
    except Unauthorised as problem:
        refused = "verify-first" if problem.code == "not_verified" else "passkey-refused"
        return see_other("/sign-in", notice=refused)
    except TooMany:
        return see_other("/sign-in", notice="too-many-tries")
    return _welcome(request, done, back)


async def _challenge_page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    back: str,
    errors: dict[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    challenge = challenge_of_browser(request)
    try:
        if challenge is None:
            return see_other("/sign-in")
        user_id = await challenged_person(runtime, context.site, challenge)
    except Unauthorised:
        return see_other("/sign-in", notice="challenge-over")
    status = 200 if problem is None else 429 if isinstance(problem, TooMany) else 422
    return await page_response(
        request,
        TEMPLATE,
        status=status,
        headers={**(problem.headers if problem else {}), "Cache-Control": "no-store"},
        methods=await methods_of(runtime.database, user_id),
        back=back,
        errors=errors,
    )


def _welcome(request: AnyRequest, done: PageSignIn, back: str) -> Response[bytes]:
    home = "/admin" if done.person.kind == "staff" else "/account"
    return signed_in_response(request, done.cookie, back or home)


def _visit(request: AnyRequest, context: Context, runtime: Runtime) -> Visit:
    return Visit(context.site, relying_party(request, runtime, context.site), device_of(context))


def _alone(request: AnyRequest, context: Context, runtime: Runtime) -> Ceremony:
    """Bound to the browser's cookie: nobody signs another browser in as themselves."""
    party = relying_party(request, runtime, context.site)
    return Ceremony("sign_in", party, hash_token(f"pages:{context.company_id}:{cookie_of(request)}"))


FACTOR_SIGN_IN_PAGES = (
    show_challenge,
    send_challenge,
    challenge_options,
    sign_in_options,
    sign_in_by_passkey,
)
