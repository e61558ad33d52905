"""What does an access token say, and is it ours? A JWT, signed with HS256 and checked without a database.

Once keys have been rotated its header names the key (`kid`, RFC 7515 section 4.1.4). The name is looked up
among the keys for signing, and nowhere else: what else a header offers (`jwk`, `jku`, `x5u`, `alg`) is never
believed.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

import jwt

from pasar.kernel.crypto import Secrets
from pasar.kernel.ids import parse_id

KEY_PURPOSE: Final = "jwt"
ALGORITHM: Final = "HS256"  # pinned: what a token's header asks for is never believed
ISSUER: Final = "pasar"
AUDIENCE: Final = "pasar-api"
# Two machines' clocks may differ; a token from further in the future was not made by us.
SKEW_SECONDS: Final = 60
REMEMBERED: Final = 4096
LONGEST_HEAD: Final = 300  # ours have 120 letters at most

_REQUIRED: Final = ("sub", "sid", "kind", "iat", "exp", "iss", "aud")

TokenKind = Literal["customer", "staff"]


class TokenRefused(Exception):
    """Not a token of ours, or no longer. `over` when it once was good."""

    def __init__(self, *, over: bool = False) -> None:
        super().__init__("expired" if over else "not a token of this installation")
        self.over = over


@dataclass(frozen=True, slots=True)
class Claims:
    """Who signed in: `family` is the sign-in that this token belongs to.

    Customers' tokens carry their company (`cid`) and customer id (`cus`); staff tokens carry neither, for
    whom staff act is looked up at each call.
    """

    user_id: UUID
    family: UUID
    kind: TokenKind
    name: str
    company_id: UUID | None = None
    customer_id: UUID | None = None


def mint(key: bytes, claims: Claims, *, at: datetime, seconds: int, kid: str | None = None) -> str:
    """A token that is good for `seconds` from `at`. `kid` and `key` are those of `Secrets.signing_key`."""
    issued = int(at.timestamp())
    payload: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(claims.user_id),
        "sid": str(claims.family),
        "kind": claims.kind,
        "name": claims.name,
        "iat": issued,
        "exp": issued + seconds,
    }
    if claims.company_id is not None:
        payload["cid"] = str(claims.company_id)
    if claims.customer_id is not None:
        payload["cus"] = str(claims.customer_id)
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid} if kid is not None else None)


async def read_signed(secrets: Secrets, token: str, *, at: datetime) -> Claims:
    """What `token` says, verified by the key that it names. No look into the database but for a key that this
    process has not met yet. Raises `TokenRefused`."""
    kid = _kid(token.partition(".")[0])
    key = secrets.verifying_key(kid)
    if key is None and kid is not None:
        key = await secrets.learn(kid)
    if key is None:
        raise TokenRefused
    return read(key, token, at=at)


def read(key: bytes, token: str, *, at: datetime) -> Claims:
    """What `token` says. Raises `TokenRefused` for a forged, foreign, malformed or expired one."""
    claims, issued, expires = _verified(key, token)
    if issued > at.timestamp() + SKEW_SECONDS:
        raise TokenRefused
    if expires <= at.timestamp():
        raise TokenRefused(over=True)
    return claims


@lru_cache(maxsize=REMEMBERED)
def _kid(head: str) -> str | None:
    """Which key a token's head names, if any. Raises `TokenRefused` for a head that is none."""
    if len(head) > LONGEST_HEAD:
        raise TokenRefused
    try:
        said = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError:  # of base64, of UTF-8 and of JSON
        raise TokenRefused from None
    kid = said.get("kid") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(kid, str | None):
        raise TokenRefused
    return kid


@lru_cache(maxsize=REMEMBERED)
def _verified(key: bytes, token: str) -> tuple[Claims, int, int]:
    """The claims of a token with a right signature, and when it begins and ends, in seconds since 1970.

    A signature stays right, so what was verified once is remembered (60 µs a call saved); refusals are not,
    and the time is compared at every call.
    """
    try:
        payload = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            # Times are compared by our own clock.
            options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        raise TokenRefused from None
    issued, expires = payload["iat"], payload["exp"]
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise TokenRefused
    return _claims(payload), issued, expires


def _claims(payload: dict[str, Any]) -> Claims:
    user_id, family = _id(payload, "sub"), _id(payload, "sid")
    company_id, customer_id = _id(payload, "cid"), _id(payload, "cus")
    kind = payload["kind"]
    if user_id is None or family is None or kind not in ("customer", "staff"):
        raise TokenRefused
    if (kind == "customer") != (company_id is not None and customer_id is not None):
        raise TokenRefused
    return Claims(user_id, family, kind, str(payload.get("name", "")), company_id, customer_id)


def _id(payload: dict[str, Any], name: str) -> UUID | None:
    value = payload.get(name)
    return parse_id(value) if isinstance(value, str) else None
