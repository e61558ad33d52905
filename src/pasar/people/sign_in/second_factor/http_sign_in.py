"""The second factor at sign-in, a passkey instead of a password, and step-up, over HTTP."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request, post

from pasar.kernel.errors import Unprocessable
from pasar.kernel.http.guards import shopper, signed_in
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.schemas import TokenAnswer, token_answer
from pasar.people.sign_in.second_factor.completing import (
    Visit,
    answer_challenge,
    asked_by,
    challenged_person,
    sign_in_with_passkey,
)
from pasar.people.sign_in.second_factor.own_factors import passkey_to_use
from pasar.people.sign_in.second_factor.passkey_challenges import Ceremony
from pasar.people.sign_in.second_factor.relying_party import relying_party
from pasar.people.sign_in.second_factor.schemas import (
    ChallengeBody,
    PasskeyOptionsAnswer,
    PasskeySignInBody,
    SecondFactorBody,
    StepUpBody,
)
from pasar.people.sign_in.second_factor.stepping_up import (
    confirming,
    step_up_with_factor,
    step_up_with_password,
)
from pasar.people.sign_in.signing_in import start_tokens

AnyRequest = Request[Any, Any, Any]


@post(
    "/api/auth/second-factor",
    status_code=200,
    guards=[shopper],
    summary="Show the second factor",
    tags=["Second factor"],
)
async def show_second_factor(
    request: AnyRequest, data: SecondFactorBody, context: Context, runtime: Runtime
) -> TokenAnswer:
    """Finish a sign-in that answered `second_factor_required`; the tokens answer as sign-in's."""
    visit = _visit(request, context, runtime)
    done = await answer_challenge(
        runtime, visit, data.challenge, data.proof(), partial(start_tokens, runtime)
    )
    return token_answer(done)


@post(
    "/api/auth/second-factor/passkey-options",
    status_code=200,
    guards=[shopper],
    summary="Begin to show a passkey",
    tags=["Second factor"],
)
async def second_factor_options(
    request: AnyRequest, data: ChallengeBody, context: Context, runtime: Runtime
) -> PasskeyOptionsAnswer:
    """Options for a passkey that answers the challenge of a sign-in."""
    user_id = await challenged_person(runtime, context.site, data.challenge)
    ceremony = asked_by(data.challenge, relying_party(request, runtime, context.site))
    options = await passkey_to_use(runtime, ceremony, user_id)
    return PasskeyOptionsAnswer(public_key=options.public_key)


@post(
    "/api/auth/passkey-options",
    status_code=200,
    guards=[shopper],
    summary="Begin to sign in with a passkey",
    tags=["Second factor"],
)
async def passkey_options(request: AnyRequest, context: Context, runtime: Runtime) -> PasskeyOptionsAnswer:
    """Options for any passkey of this host: no account is named."""
    options = await passkey_to_use(runtime, _alone(request, context, runtime), None)
    return PasskeyOptionsAnswer(public_key=options.public_key)


@post(
    "/api/auth/passkey",
    status_code=200,
    guards=[shopper],
    summary="Sign in with a passkey",
    tags=["Second factor"],
)
async def passkey_sign_in(
    request: AnyRequest, data: PasskeySignInBody, context: Context, runtime: Runtime
) -> TokenAnswer:
    """Sign in by a passkey alone: it is two factors in one."""
    done = await sign_in_with_passkey(
        runtime,
        _visit(request, context, runtime),
        _alone(request, context, runtime),
        data.passkey.plain(),
        request.headers.get("x-session-token") or None,
        partial(start_tokens, runtime),
    )
    return token_answer(done)


@post(
    "/api/auth/step-up",
    status_code=204,
    guards=[signed_in],
    summary="Confirm that it is still you",
    tags=["Second factor"],
)
async def step_up(request: AnyRequest, data: StepUpBody, context: Context, runtime: Runtime) -> None:
    """Confirm this sign-in for a quarter of an hour: by the second factor, or without one by the password."""
    if data.password is None:
        party = relying_party(request, runtime, context.site)
        await step_up_with_factor(runtime, context, data.proof(), party)
    elif (data.code, data.recovery_code, data.passkey) == (None, None, None):
        await step_up_with_password(runtime, context, data.password)
    else:
        raise Unprocessable("one_proof_required", "Send either the password or a second factor.")


@post(
    "/api/auth/step-up/passkey-options",
    status_code=200,
    guards=[signed_in],
    summary="Begin to confirm with a passkey",
    tags=["Second factor"],
)
async def step_up_options(request: AnyRequest, context: Context, runtime: Runtime) -> PasskeyOptionsAnswer:
    """Options for a passkey that confirms this sign-in."""
    ceremony = confirming(context, relying_party(request, runtime, context.site))
    options = await passkey_to_use(runtime, ceremony, context.user_id)
    return PasskeyOptionsAnswer(public_key=options.public_key)


def _visit(request: AnyRequest, context: Context, runtime: Runtime) -> Visit:
    return Visit(context.site, relying_party(request, runtime, context.site), device_of(context))


def _alone(request: AnyRequest, context: Context, runtime: Runtime) -> Ceremony:
    """Bound to the guest's token, where the client has one."""
    guest = request.headers.get("x-session-token", "")
    party = relying_party(request, runtime, context.site)
    return Ceremony("sign_in", party, hash_token(f"{context.company_id}:{guest}"))


SIGN_IN_FACTOR_ROUTES = (
    show_second_factor,
    second_factor_options,
    passkey_options,
    passkey_sign_in,
    step_up,
    step_up_options,
)
