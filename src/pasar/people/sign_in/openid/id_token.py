"""What does an id_token say, and is it meant for us? OpenID Connect Core 1.0, section 3.1.3.7; no I/O."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import jwt

# Signatures by a key that only the provider has. Never `none`, never HS256: with these, whoever knows the
# public key, or nothing at all, could write tokens.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SKEW_SECONDS: Final = 60
LONGEST_SUBJECT: Final = 255
"""Characters; the standard's own bound."""


class IdTokenRefused(Exception):
    """Not a token that says who this browser's person is. The text is for logs, not for people."""


class UnknownKey(IdTokenRefused):
    """Signed by a key that is not among those known: the provider may have a new one."""


@dataclass(frozen=True, slots=True)
class IdClaims:
    """Who it is, at the provider. `email` is empty unless the provider said one."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


def read_id_token(
    token: str, keys: Sequence[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str, at: datetime
) -> IdClaims:
    """The claims of `token`, signed by one of `keys` (JSON Web Keys). Raises `IdTokenRefused`."""
    payload = _verified(token, keys, issuer, client_id)
    _refuse_wrong_audience(payload, client_id)
    expires, issued = payload["exp"], payload["iat"]
    if not all(type(moment) in (int, float) for moment in (expires, issued)):
        raise IdTokenRefused("times that are no numbers")
    now = at.timestamp()
    if expires <= now - SKEW_SECONDS:
        raise IdTokenRefused("expired")
    if issued > now + SKEW_SECONDS:
        raise IdTokenRefused("issued in the future")
    if not hmac.compare_digest(_text(payload.get("nonce")).encode(), nonce.encode()):
        raise IdTokenRefused("another nonce")
    return claims_of(issuer, payload)


def claims_of(issuer: str, payload: Mapping[str, Any]) -> IdClaims:
    """The person that `payload`, of an id_token or of userinfo, is about. Raises `IdTokenRefused`."""
    subject = _text(payload.get("sub"))
    said = payload.get("email_verified")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise IdTokenRefused("no subject")
    return IdClaims(
        issuer=issuer,
        subject=subject,
        email=_text(payload.get("email")),
        # Some write the word: Amazon Cognito, Apple.
        email_verified=said is True or said == "true",
        name=_text(payload.get("name")),
    )


def _text(value: object) -> str:
    """A claim that is a text; empty for anything else, for NUL and half characters, which nothing stores."""
    if not isinstance(value, str) or "\0" in value:
        return ""
    return value if value == value.encode(errors="replace").decode() else ""


def _verified(token: str, keys: Sequence[Mapping[str, Any]], issuer: str, client_id: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise IdTokenRefused("an algorithm that is not allowed")
        key = _key_for(header, keys)
        payload: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=issuer,
            # Times are compared by our own clock.
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError) as problem:
        raise IdTokenRefused(type(problem).__name__) from None
    return payload


def _key_for(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> jwt.PyJWK:
    """The key that the header names; without a name, the only one that signs. Raises `UnknownKey`."""
    signing = [key for key in keys if key.get("use", "sig") == "sig" and key.get("kty") != "oct"]
    named = header.get("kid")
    fit = [key for key in signing if key.get("kid") == named] if named is not None else signing
    if len(fit) != 1:
        raise UnknownKey("a key that is not known")
    stated = fit[0].get("alg")
    if stated is not None and stated != header["alg"]:
        raise IdTokenRefused("another algorithm than the key's")
    return jwt.PyJWK(dict(fit[0]), algorithm=header["alg"])


def _refuse_wrong_audience(payload: Mapping[str, Any], client_id: str) -> None:
    """A token for several must have been asked for by us."""
    audience, authorised = payload["aud"], payload.get("azp")
    if isinstance(audience, list) and len(audience) > 1 and authorised is None:
        raise IdTokenRefused("several audiences, and none that asked")
    if authorised is not None and authorised != client_id:
        raise IdTokenRefused("asked for by another client")
