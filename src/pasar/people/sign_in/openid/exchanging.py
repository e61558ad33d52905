"""Exchange the code that a browser brought for what the provider says of its person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import httpx

from pasar.kernel.config.openid import OpenIdProvider
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.openid.attempts import Attempt
from pasar.people.sign_in.openid.documents import (
    Endpoints,
    ProviderAway,
    documents,
    get_json,
    json_object,
)
from pasar.people.sign_in.openid.id_token import (
    IdClaims,
    IdTokenRefused,
    UnknownKey,
    claims_of,
    read_id_token,
)

LONGEST_CODE: Final = 2000


async def exchange_code(
    runtime: Runtime, provider: OpenIdProvider, attempt: Attempt, *, code: str, redirect_uri: str
) -> IdClaims:
    """Who it is. Raises `ProviderAway` and `IdTokenRefused`."""
    if not 0 < len(code) <= LONGEST_CODE:
        raise IdTokenRefused("no code")
    endpoints = await documents.endpoints(runtime, provider)
    answer = await _ask_for_tokens(runtime, provider, endpoints, attempt, code, redirect_uri)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise IdTokenRefused("no id_token")
    claims = await _read(runtime, provider, attempt, token)
    if claims.email or not endpoints.userinfo or not isinstance(answer.get("access_token"), str):
        return claims
    return await _with_userinfo(runtime, endpoints, claims, answer["access_token"])


async def _ask_for_tokens(
    runtime: Runtime,
    provider: OpenIdProvider,
    endpoints: Endpoints,
    attempt: Attempt,
    code: str,
    redirect_uri: str,
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": attempt.verifier,
    }
    basic: httpx.Auth = httpx.Auth()  # adds nothing
    if endpoints.by_form:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    else:  # each half is encoded first (RFC 6749, section 2.3.1)
        basic = httpx.BasicAuth(quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))
    try:
        return json_object(await runtime.http.post(endpoints.token, data=form, auth=basic))
    except httpx.HTTPError as problem:
        raise ProviderAway(type(problem).__name__) from problem


async def _read(runtime: Runtime, provider: OpenIdProvider, attempt: Attempt, token: str) -> IdClaims:
    """Read the token, with newer keys when it names one that is not known yet."""
    for missed in (False, True):
        keys = await documents.keys(runtime, provider, missed=missed)
        try:
            return read_id_token(
                token,
                keys,
                issuer=provider.issuer,
                client_id=provider.client_id,
                nonce=attempt.nonce,
                at=runtime.clock.now(),
            )
        except UnknownKey:
            if missed:
                raise
    raise AssertionError("the second look answers or raises")


async def _with_userinfo(
    runtime: Runtime, endpoints: Endpoints, claims: IdClaims, access_token: str
) -> IdClaims:
    """Some say the e-mail there alone. It must be about the same person (Core 1.0, section 5.3.2)."""
    more = claims_of(claims.issuer, await get_json(runtime, endpoints.userinfo, bearer=access_token))
    if more.subject != claims.subject:
        raise IdTokenRefused("userinfo of somebody else")
    return replace(
        claims, email=more.email, email_verified=more.email_verified, name=claims.name or more.name
    )
