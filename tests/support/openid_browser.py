"""A browser that goes to a provider of OpenID Connect and comes back, and accounts that it may find here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from pasar.kernel.http.csrf import csrf_token
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import add_user, verify_email
from support.openid_issuer import Issuer
from support.people import CHEAP_HASH, new_email
from support.shops import Shop

COOKIE = "pasar_session"


@dataclass
class Browser:
    """A browser at a shop, with its cookies."""

    client: httpx.AsyncClient
    runtime: Runtime
    shop: Shop
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        return self.cookies.get(COOKIE, "").partition(".")[0]

    async def get(self, address: str) -> httpx.Response:
        return await self._send("GET", address)

    async def post(self, address: str) -> httpx.Response:
        return await self._send("POST", address, data={"_csrf_token": csrf_token(self.runtime, self.cookie)})

    async def _send(self, method: str, address: str, **more: Any) -> httpx.Response:
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**self.shop.headers, **({"cookie": sent} if sent else {})}
        answer = await self.client.request(method, address, headers=headers, **more)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        self.client.cookies.clear()
        return answer

    async def begin(self, back: str = "") -> str:
        """Press the button; answers the provider's address."""
        answer = await self.get(f"/sign-in/with/local?back={back}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def sign_in(self, issuer: Issuer, back: str = "") -> httpx.Response:
        """The whole way there and back."""
        return await self.get(local(issuer.authorize(await self.begin(back))))

    async def who(self) -> str | None:
        """The e-mail under Account; None for a guest."""
        answer = await self.get("/account")
        if answer.status_code == 303:
            return None
        assert answer.status_code == 200
        shown = re.search(r"person-[0-9a-f]{32}@example\.com", answer.text)
        return shown[0] if shown else ""


def local(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == "localhost"
    return f"{parts.path}?{parts.query}"


def another(browser: Browser) -> Browser:
    return Browser(browser.client, browser.runtime, browser.shop)


async def account(runtime: Runtime, email: str, *, verified: bool, password: bool = True) -> UUID:
    async with runtime.database.transaction() as session:
        user_id = await add_user(
            session, email=email, name="Budi", password_hash=CHEAP_HASH if password else None
        )
        if verified:
            assert await verify_email(session, user_id, email, runtime.clock.now())
    return user_id


def says(issuer: Issuer, email: str, *, verified: object = True, **more: Any) -> None:
    issuer.person = {"sub": new_id().hex, "email": email, "email_verified": verified, "name": "Siti", **more}


async def identities(runtime: Runtime, user_id: UUID) -> int:
    found: int = await runtime.database.value("SELECT count(*) FROM identities WHERE user_id = $1", user_id)
    return found


async def users(runtime: Runtime, email: str) -> int:
    found: int = await runtime.database.value("SELECT count(*) FROM users WHERE email = $1", email)
    return found


async def signed_in(browser: Browser, issuer: Issuer) -> UUID:
    """Sign the browser in to a new account by the issuer, and answer its user."""
    email = new_email()
    user_id = await account(browser.runtime, email, verified=True)
    says(issuer, email)
    await browser.sign_in(issuer)
    return user_id
