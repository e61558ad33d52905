"""A person's own second factors over HTTP, under our names and under those of the affiliates' sheet (`2fa`).

Every change asks for a sign-in that was confirmed lately (`POST /api/auth/step-up`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, patch, post
from litestar.datastructures import CacheControlHeader

from pasar.kernel.http.guards import signed_in
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.second_factor import own_factors
from pasar.people.sign_in.second_factor.factors import factors_of, passkeys_of
from pasar.people.sign_in.second_factor.relying_party import relying_party
from pasar.people.sign_in.second_factor.schemas import (
    CodeBody,
    FactorsAnswer,
    NewPasskeyBody,
    PasskeyAnswer,
    PasskeyNameBody,
    PasskeyOptionsAnswer,
    RecoveryCodesAnswer,
    TotpSetupAnswer,
    factors_answer,
    passkey_answer,
    setup_answer,
)

AnyRequest = Request[Any, Any, Any]
TAGS = ("Second factor",)
SECRET = CacheControlHeader(no_store=True)


@get("/api/auth/factors", guards=[signed_in], summary="My second factors", tags=TAGS)
async def list_factors(context: Context, runtime: Runtime) -> FactorsAnswer:
    """Show the own second factors, and how many recovery codes are left."""
    return factors_answer(await factors_of(runtime.database, context.user_id))


@post(
    ["/api/auth/factors/totp", "/api/auth/2fa/setup"],
    guards=[signed_in],
    cache_control=SECRET,
    summary="Begin with an authenticator app",
    tags=TAGS,
)
async def begin_totp(context: Context, runtime: Runtime) -> TotpSetupAnswer:
    """Make a secret for an authenticator app. It counts once a code has confirmed it."""
    return setup_answer(*await own_factors.start_totp(runtime, context))


@post(
    ["/api/auth/factors/totp/confirm", "/api/auth/2fa/verify"],
    status_code=200,
    guards=[signed_in],
    cache_control=SECRET,
    summary="Confirm the authenticator app",
    tags=TAGS,
)
async def confirm_totp(data: CodeBody, context: Context, runtime: Runtime) -> RecoveryCodesAnswer:
    """Let the app count by its first code. With the first factor come ten recovery codes, shown this once."""
    return RecoveryCodesAnswer(recovery_codes=await own_factors.finish_totp(runtime, context, data.code))


@delete("/api/auth/factors/totp", guards=[signed_in], summary="Turn the authenticator app off", tags=TAGS)
async def remove_totp(context: Context, runtime: Runtime) -> None:
    """Turn the app off; refused when it is the last factor and a company demands one."""
    await own_factors.drop_totp(runtime, context)


@post(
    "/api/auth/2fa/disable",
    status_code=204,
    guards=[signed_in],
    summary="Turn the authenticator app off",
    tags=TAGS,
)
async def disable_totp(context: Context, runtime: Runtime) -> None:
    """The same as `DELETE /api/auth/factors/totp`."""
    await own_factors.drop_totp(runtime, context)


@post(
    ["/api/auth/factors/recovery-codes", "/api/auth/2fa/backup-codes"],
    guards=[signed_in],
    cache_control=SECRET,
    summary="Make new recovery codes",
    tags=TAGS,
)
async def make_recovery_codes(context: Context, runtime: Runtime) -> RecoveryCodesAnswer:
    """Ten new codes, shown this once; those before them are void."""
    return RecoveryCodesAnswer(recovery_codes=await own_factors.new_recovery_codes(runtime, context))


@get("/api/auth/factors/passkeys", guards=[signed_in], summary="My passkeys", tags=TAGS)
async def list_passkeys(context: Context, runtime: Runtime) -> list[PasskeyAnswer]:
    """Show the own passkeys, the oldest first."""
    return [passkey_answer(one) for one in await passkeys_of(runtime.database, context.user_id)]


@post(
    "/api/auth/factors/passkeys/options",
    status_code=200,
    guards=[signed_in],
    summary="Begin with a passkey",
    tags=TAGS,
)
async def passkey_options(request: AnyRequest, context: Context, runtime: Runtime) -> PasskeyOptionsAnswer:
    """Options for `navigator.credentials.create`, good for five minutes and one passkey."""
    party = relying_party(request, runtime, context.site)
    options = await own_factors.passkey_to_make(runtime, context, party)
    return PasskeyOptionsAnswer(public_key=options.public_key)


@post(
    "/api/auth/factors/passkeys",
    guards=[signed_in],
    cache_control=SECRET,
    summary="Add a passkey",
    tags=TAGS,
)
async def add_passkey(
    request: AnyRequest, data: NewPasskeyBody, context: Context, runtime: Runtime
) -> RecoveryCodesAnswer:
    """Keep the passkey that the browser made. With the first factor come ten recovery codes."""
    party = relying_party(request, runtime, context.site)
    codes = await own_factors.keep_passkey(runtime, context, party, data.passkey.plain(), data.name)
    return RecoveryCodesAnswer(recovery_codes=codes)


@patch(
    "/api/auth/factors/passkeys/{passkey_id:uuid}",
    status_code=204,
    guards=[signed_in],
    summary="Rename a passkey",
    tags=TAGS,
)
async def rename_passkey(passkey_id: UUID, data: PasskeyNameBody, context: Context, runtime: Runtime) -> None:
    """Give a passkey another name."""
    await own_factors.name_passkey(runtime, context, passkey_id, data.name)


@delete(
    "/api/auth/factors/passkeys/{passkey_id:uuid}",
    guards=[signed_in],
    summary="Remove a passkey",
    tags=TAGS,
)
async def remove_passkey(passkey_id: UUID, context: Context, runtime: Runtime) -> None:
    """Forget a passkey; refused when it is the last factor and a company demands one."""
    await own_factors.drop_passkey(runtime, context, passkey_id)


FACTOR_ROUTES = (
    list_factors,
    begin_totp,
    confirm_totp,
    remove_totp,
    disable_totp,
    make_recovery_codes,
    list_passkeys,
    passkey_options,
    add_passkey,
    rename_passkey,
    remove_passkey,
)
