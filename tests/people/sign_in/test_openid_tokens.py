"""What a provider must not get us to believe: tokens that are for others, over, or forged."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from support.openid_browser import Browser, says, users
from support.openid_issuer import CLIENT_ID, CLIENT_SECRET, Issuer, SigningKey
from support.people import new_email

Changes = dict[str, Any]
WRONG: dict[str, Changes] = {
    "another audience": {"aud": "somebody else"},
    "an audience among several, asked for by another": {"aud": [CLIENT_ID, "other"], "azp": "other"},
    "several audiences, and none that asked": {"aud": [CLIENT_ID, "other"]},
    "asked for by another": {"azp": "other"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://accounts.example.com"},
    "another nonce": {"nonce": "n" * 43},
    "no nonce": {"nonce": None},
    "an expired one": {"exp": int(time.time()) - 120},
    "one without an end": {"exp": None},
    "one from the future": {"iat": int(time.time()) + 7200, "exp": int(time.time()) + 9000},
    "one without a beginning": {"iat": None},
    "an end that is no number": {"exp": "tomorrow"},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "a subject without end": {"sub": "s" * 256},
    "a subject with NUL": {"sub": "a\0b"},
    "a subject of half a character": {"sub": "\ud800"},
    "a nonce of half a character": {"nonce": "\ud800"},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
async def test_a_token_that_is_not_for_us_lets_nobody_in(
    browser: Browser, issuer: Issuer, changes: Changes
) -> None:
    email = new_email()
    says(issuer, email)
    issuer.changes = changes
    answer = await browser.sign_in(issuer)
    assert answer.status_code == 422
    assert "we let nobody in by it" in answer.text
    assert await browser.who() is None
    assert await users(browser.runtime, email) == 0
    issuer.changes = {}
    assert (await browser.sign_in(issuer)).status_code == 303, "and a right one still does"


async def test_several_audiences_are_fine_when_we_asked(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    issuer.changes = {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID}
    assert (await browser.sign_in(issuer)).status_code == 303


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims)}."


def by_the_public_key(issuer: Issuer) -> Any:
    """The classic: HMAC with what everybody can read."""

    def forge(claims: dict[str, Any]) -> str:
        public = issuer.keys[0].private.public_key()
        secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        told = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
        tail = base64.urlsafe_b64encode(hmac.digest(secret, told.encode(), "sha256"))
        return f"{told}.{tail.rstrip(b'=').decode()}"

    return forge


def by_our_own_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, CLIENT_SECRET * 3, algorithm="HS256", headers={"kid": "first"})


def with_its_own_key(claims: dict[str, Any]) -> str:
    own = SigningKey("first")
    return own.sign(claims, jwk=own.public(), jku="https://evil.example.com/keys")


def swapped(issuer: Issuer) -> Any:
    """A right signature, of other claims."""

    def forge(claims: dict[str, Any]) -> str:
        head, _, tail = issuer.keys[0].sign(claims).split(".")
        return f"{head}.{part(claims | {'sub': 'somebody else'})}.{tail}"

    return forge


@pytest.mark.parametrize(
    "forgery",
    [
        lambda _: unsigned,
        by_the_public_key,
        lambda _: by_our_own_secret,
        lambda _: SigningKey("first").sign,
        lambda _: with_its_own_key,
        lambda _: SigningKey("unknown").sign,
        swapped,
        lambda _: lambda _claims: "a.b.c",
        lambda _: lambda _claims: "",
        lambda _: lambda _claims: 7,
        lambda _: lambda _claims: None,
    ],
    ids=[
        "alg none",
        "HS256 by the public key",
        "HS256 by the client's secret",
        "another key of that name",
        "a key that it brings along",
        "an unknown key",
        "other claims",
        "nonsense",
        "nothing",
        "a number",
        "null",
    ],
)
async def test_forged_tokens_let_nobody_in(browser: Browser, issuer: Issuer, forgery: Any) -> None:
    says(issuer, new_email())
    issuer.forge = forgery(issuer)
    answer = await browser.sign_in(issuer)
    assert answer.status_code == 422
    assert await browser.who() is None
