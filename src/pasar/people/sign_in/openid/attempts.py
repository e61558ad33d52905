"""Send a browser to a provider, and know it again when it comes back: once, soon, and only that browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from pasar.kernel.config.openid import OpenIdProvider
from pasar.kernel.errors import NotFound
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.openid.documents import documents

LIFE: Final = timedelta(minutes=10)
KEY_PURPOSE: Final = "openid"
SCOPE: Final = "openid email profile"

INSERT = """
INSERT INTO openid_attempts (state_hash, browser_hash, provider, back, user_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
# Taken by whoever comes first; a copied address finds nothing.
TAKE = """
DELETE FROM openid_attempts
 WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3
RETURNING back, user_id, expires_at
"""
FORGET = "DELETE FROM openid_attempts WHERE expires_at < now()"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way. `verifier` and `nonce` are derived from the state, so that nothing that could
    finish it is stored; `user_id` is the account that an identity is to be connected to."""

    back: str
    user_id: UUID | None
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)


def provider_named(runtime: Runtime, name: str) -> OpenIdProvider:
    """The provider of that name. Raises `NotFound` (`provider_unknown`)."""
    for provider in runtime.settings.openid:
        if provider.name == name:
            return provider
    raise NotFound("provider_unknown", "This shop does not sign in that way. Choose another one.")


async def begin_attempt(
    runtime: Runtime,
    provider: OpenIdProvider,
    *,
    browser: str,
    redirect_uri: str,
    back: str,
    user_id: UUID | None = None,
) -> str:
    """The provider's address to send the browser to, which holds the session token `browser`.

    With `user_id`, an identity is to be connected to that account. Raises `ProviderAway`.
    """
    endpoints = await documents.endpoints(runtime, provider)
    state = new_token()
    expires = runtime.clock.now() + LIFE
    arguments = (hash_token(state), hash_token(browser), provider.name, back, user_id, expires)
    await runtime.database.rows(INSERT, *arguments)
    return _with_query(
        endpoints.authorization,
        {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": state,
            "nonce": _derived(runtime, "nonce", state),
            "code_challenge": challenge_of(_derived(runtime, "verifier", state)),
            "code_challenge_method": "S256",
        },
    )


async def take_attempt(
    runtime: Runtime, provider: OpenIdProvider, *, browser: str | None, state: str
) -> Attempt | None:
    """The attempt that this browser comes back from; None for an unknown, used, late or another's state."""
    if not browser or not state:
        return None
    row = await runtime.database.row(TAKE, hash_token(state), hash_token(browser), provider.name)
    if row is None or row["expires_at"] <= runtime.clock.now():
        return None
    return Attempt(
        back=row["back"],
        user_id=row["user_id"],
        verifier=_derived(runtime, "verifier", state),
        nonce=_derived(runtime, "nonce", state),
    )


async def forget_attempts(runtime: Runtime) -> None:
    """Delete those that nobody came back from."""
    await runtime.database.rows(FORGET)


def challenge_of(verifier: str) -> str:
    """PKCE's challenge by S256 (RFC 7636, section 4.2)."""
    return _unpadded(hashlib.sha256(verifier.encode()).digest())


def _derived(runtime: Runtime, what: str, state: str) -> str:
    """43 characters that only this installation can make of `state`."""
    return _unpadded(hmac.digest(runtime.key(KEY_PURPOSE), f"{what}:{state}".encode(), "sha256"))


def _unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _with_query(address: str, query: Mapping[str, str]) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *query.items()])))
