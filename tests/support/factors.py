"""People with second factors: set up over the API, as anybody would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pyotp

from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.person import SignedIn
from support.authenticators import SoftPasskey
from support.people import PASSWORD, bearer, make_person, tokens_for
from support.shops import Shop

STEP = timedelta(seconds=30)


@dataclass(slots=True)
class Guarded:
    """A person with a factor, and headers of the sign-in that set it up."""

    person: SignedIn
    headers: dict[str, str]
    secret: str
    codes: list[str]

    def code(self, at: datetime) -> str:
        """The app's code at that moment."""
        return pyotp.TOTP(self.secret).at(at)


async def make_guarded(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Guarded:
    """A customer with an authenticator app; the code of the present step is used up."""
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    setup = await client.post("/api/auth/factors/totp", headers=headers)
    assert setup.status_code == 201, setup.text
    secret = setup.json()["secret"]
    code = pyotp.TOTP(secret).at(runtime.clock.now())
    done = await client.post("/api/auth/factors/totp/confirm", headers=headers, json={"code": code})
    assert done.status_code == 200, done.text
    return Guarded(person, headers, secret, done.json()["recoveryCodes"])


async def add_passkey(
    client: httpx.AsyncClient, headers: dict[str, str], passkey: SoftPasskey | None = None, **tampered: Any
) -> tuple[SoftPasskey, httpx.Response]:
    """Register a passkey with the person behind `headers`."""
    passkey = passkey or SoftPasskey()
    options = await client.post("/api/auth/factors/passkeys/options", headers=headers)
    assert options.status_code == 200, options.text
    made = passkey.make(options.json()["publicKey"], **tampered)
    body = {"passkey": made, "name": "Laptop"}
    return passkey, await client.post("/api/auth/factors/passkeys", headers=headers, json=body)


async def log_in(client: httpx.AsyncClient, shop: Shop, email: str, **headers: str) -> httpx.Response:
    """Sign in by the password."""
    body = {"email": email, "password": PASSWORD}
    return await client.post("/api/auth/login", headers=shop.headers | headers, json=body)


async def challenged(client: httpx.AsyncClient, shop: Shop, email: str, **headers: str) -> str:
    """The challenge that signing in answers for who has a factor."""
    answer = await log_in(client, shop, email, **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required"), answer.text
    return str(answer.json()["challenge"])


async def show(client: httpx.AsyncClient, shop: Shop, challenge: str, **proof: Any) -> httpx.Response:
    """Show a factor with a challenge."""
    body = {"challenge": challenge} | proof
    return await client.post("/api/auth/second-factor", headers=shop.headers, json=body)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which holds no token."""
    assert "accessToken" not in answer.text
    return answer.status_code, answer.json()["code"]
