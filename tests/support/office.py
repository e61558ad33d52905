"""People at the back office in tests: a browser without a screen that keeps its cookie and sends forms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.users.public import add_user
from support.people import CHEAP_HASH, PASSWORD, make_person, new_email
from support.shops import Shop

_TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]{64})"')

Fields = Mapping[str, str | Sequence[str]]


@dataclass(slots=True)
class Office:
    """A browser that is signed in at one shop. `client` is its own, since it keeps a cookie."""

    client: httpx.AsyncClient
    shop: Shop
    language: str = "en"

    async def see(self, path: str, status: int = 200) -> str:
        """The page at `path`, as text; its status is checked."""
        answer = await self.client.get(path, headers=self._headers())
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return answer.text

    async def send(
        self, path: str, fields: Fields | None = None, files: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Post a form as a page would: with the token of this session."""
        token = _TOKEN.search((await self.client.get("/cart", headers=self._headers())).text)
        assert token, "every page of the shop with a form carries the token"
        body = {"_csrf_token": token[1]} | dict(fields or {})
        return await self.client.post(path, data=body, files=files, headers=self._headers())

    async def done(self, path: str, fields: Fields | None = None, **more: Any) -> str:
        """Post a form that must succeed, and answer where it leads."""
        answer = await self.send(path, fields, **more)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:3000])
        return answer.headers["location"]

    def _headers(self) -> dict[str, str]:
        return self.shop.headers | {"accept-language": self.language}


async def staff_office(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, role: str = "owner"
) -> Office:
    """A member of the shop's staff, signed in by the form."""
    email = new_email()
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=email, name="Sari Staff", password_hash=CHEAP_HASH)
        await add_member(session, shop.company_id, user_id, role)
    return await _signed_in(client, shop, email)


async def shopper_office(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Office:
    """A customer of the shop, signed in by the form, who has no business at the back office."""
    return await _signed_in(client, shop, (await make_person(runtime, shop)).email)


async def _signed_in(client: httpx.AsyncClient, shop: Shop, email: str) -> Office:
    own = httpx.AsyncClient(
        transport=client._transport, base_url="http://localhost"
    )  # shares the application, not the cookies
    page = await own.get("/sign-in", headers=shop.headers)
    token = _TOKEN.search(page.text)
    assert token
    form = {"_csrf_token": token[1], "email": email, "password": PASSWORD, "back": ""}
    answer = await own.post("/sign-in", data=form, headers=shop.headers)
    assert answer.status_code == 303, answer.text
    return Office(own, shop)
