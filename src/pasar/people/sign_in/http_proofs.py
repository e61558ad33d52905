"""Proofs of e-mail and phone over HTTP: verify, forget and change passwords, sign in by a code."""

from __future__ import annotations

from typing import Final

from litestar import post

from pasar.kernel.http.guards import shopper, signed_in
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.code_sign_in import phone_at, send_code, sign_in_with_code
from pasar.people.sign_in.device import device_of
from pasar.people.sign_in.http import AnyRequest, guest_token
from pasar.people.sign_in.proofs.request_proof import Asking
from pasar.people.sign_in.resetting import change_password, forgot_password, reset_password
from pasar.people.sign_in.schemas import (
    ChangePasswordBody,
    CodeBody,
    EmailBody,
    NewPasswordBody,
    PhoneBody,
    TokenAnswer,
    TokenBody,
    Told,
    token_answer,
)
from pasar.people.sign_in.signing_in import start_tokens
from pasar.people.sign_in.verifying import resend_verification, verify_by_link

__all__ = ["PROOF_ROUTES"]

# The same for known and unknown people.
RESENT: Final = Told(message="If this address waits to be verified, a mail with a new link is on its way.")
RESET_SENT: Final = Told(message="If there is an account with this e-mail, a mail with a link is on its way.")
CODE_SENT: Final = Told(message="A code is on its way to this number. It is taken for a few minutes.")
VERIFIED: Final = Told(message="The e-mail is verified.")
RESET: Final = Told(message="The password is changed, and every sign-in has ended. Sign in anew.")
CHANGED: Final = Told(message="The password is changed, and every other sign-in has ended.")
TAGS: Final = ["Sign-in"]


@post("/api/auth/verify-email", status_code=200, guards=[shopper], summary="Verify an e-mail", tags=TAGS)
async def verify_email(data: TokenBody, context: Context, runtime: Runtime) -> Told:
    """Take the link of a mail, by its token. It works once, for a day."""
    await verify_by_link(runtime, asking_in(context), data.token, context.address)
    return VERIFIED


@post(
    "/api/auth/resend-verification",
    status_code=202,
    guards=[shopper],
    summary="Send the verification mail again",
    tags=TAGS,
)
async def resend(data: EmailBody, context: Context, runtime: Runtime) -> Told:
    """Send a new link, if the address has an account that is not verified; the answer is always the same."""
    await resend_verification(runtime, asking_in(context), data.email, context.address)
    return RESENT


@post(
    "/api/auth/forgot-password",
    status_code=202,
    guards=[shopper],
    summary="Ask for a link to a new password",
    tags=TAGS,
)
async def forgot(data: EmailBody, context: Context, runtime: Runtime) -> Told:
    """Send a link, if the address has an account; the answer is always the same."""
    await forgot_password(runtime, asking_in(context), data.email, context.address)
    return RESET_SENT


@post(
    "/api/auth/reset-password",
    status_code=200,
    guards=[shopper],
    summary="Choose a new password by a link",
    tags=TAGS,
)
async def reset(data: NewPasswordBody, context: Context, runtime: Runtime) -> Told:
    """Store the new password; the link works once, for an hour, and every sign-in ends."""
    await reset_password(runtime, asking_in(context), data.token, data.new_password, context.address)
    return RESET


@post(
    "/api/auth/change-password",
    status_code=200,
    guards=[signed_in],
    summary="Choose a new password",
    tags=TAGS,
)
async def change(data: ChangePasswordBody, context: Context, runtime: Runtime) -> Told:
    """Store the new password of somebody who knows the present one; every other sign-in ends."""
    await change_password(
        runtime,
        asking_in(context),
        context.user_id,
        context.caller.sign_in_id,
        data.current_password,
        data.new_password,
        context.address,
    )
    return CHANGED


@post("/api/auth/sendOTP", status_code=202, guards=[shopper], summary="Send a code to a phone", tags=TAGS)
async def send_otp(data: PhoneBody, context: Context, runtime: Runtime) -> Told:
    """Send a code of six digits; the answer is the same for every number. Three in an hour, at most."""
    await send_code(runtime, asking_in(context), phone_at(context.site, data.phone), context.address)
    return CODE_SENT


@post("/api/auth/verifyOTP", status_code=200, guards=[shopper], summary="Sign in by a code", tags=TAGS)
async def verify_otp(request: AnyRequest, data: CodeBody, context: Context, runtime: Runtime) -> TokenAnswer:
    """Sign in the account of whoever holds the phone, or open one; three tries, then a new code is needed."""
    device = device_of(context)
    return token_answer(
        await sign_in_with_code(
            runtime,
            context.site,
            phone_at(context.site, data.phone),
            data.otp,
            data.full_name(),
            device,
            guest_token(request),
            start_tokens(runtime, device),
        )
    )


def asking_in(context: Context) -> Asking:
    """At which shop and in which language the call asks."""
    return Asking(context.site, context.locale)


PROOF_ROUTES = (verify_email, resend, forgot, reset, change, send_otp, verify_otp)
