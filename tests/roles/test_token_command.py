"""`pasar token`: a key from the machine, within the rights of whoever it is for."""

from __future__ import annotations

import dataclasses
import io
import re
from typing import Any

import httpx
import pytest
from rich.console import Console

from pasar.kernel.config import Settings
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.roles.commands import CommandFailed
from pasar.roles.token_command import run_token
from support.colleagues import make_colleague
from support.people import make_person
from support.shops import Shop, make_shop


async def printed(settings: Settings, runtime: Runtime, email: str, *scopes: str, **more: Any) -> str:
    here = dataclasses.replace(settings, database=runtime.database.address)
    said = io.StringIO()
    options: dict[str, Any] = {"company": None, "name": "Robot", "days": None} | more
    await run_token(here, Console(file=said, width=20), email, scopes, **options)
    return said.getvalue()


async def test_it_prints_a_key_that_works_and_nothing_else(
    client: httpx.AsyncClient, runtime: Runtime, settings: Settings, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    said = await printed(settings, runtime, owner.email.upper(), "catalog:read", days=1)
    assert re.fullmatch(r"pasar_[0-9a-f]{8}_[\w-]{43}\n", said)
    key = {"x-api-key": said.strip()}
    assert (await client.get("/api/admin/products", headers=key)).status_code == 200
    assert (await client.get("/api/admin/orders", headers=key)).status_code == 403
    (listed,) = (await client.get("/api/admin/api-keys", headers=owner.headers)).json()["items"]
    assert (listed["name"], listed["scopes"], listed["madeBy"]) == ("Robot", ["catalog:read"], "Sari Staff")
    assert listed["expiresAt"] is not None


async def test_whoever_works_for_several_names_one(runtime: Runtime, settings: Settings, shop: Shop) -> None:
    owner, other = await make_colleague(runtime, shop), await make_shop(runtime)
    async with runtime.database.transaction() as session:
        await add_member(session, other.company_id, owner.user_id, "viewer")
    with pytest.raises(CommandFailed, match="several companies"):
        await printed(settings, runtime, owner.email, "catalog:read")
    said = await printed(settings, runtime, owner.email, "catalog:read", company=other.company_id)
    assert said.startswith("pasar_")
    with pytest.raises(CommandFailed, match="cannot give"):  # a viewer there, whatever they are elsewhere
        await printed(settings, runtime, owner.email, "catalog:write", company=other.company_id)


@pytest.mark.parametrize(
    ("who", "scope", "reason"),
    [
        ("viewer", "orders:write", "cannot give"),
        ("owner", "keys:write", "never those to change staff"),
        ("owner", "*", "never those to change staff"),
        ("customer", "catalog:read", "works for a company"),
        ("nobody", "catalog:read", "works for a company"),
        ("nonsense", "catalog:read", "not an e-mail address"),
    ],
)
async def test_it_gives_nothing_that_the_person_lacks(
    runtime: Runtime, settings: Settings, shop: Shop, who: str, scope: str, reason: str
) -> None:
    if who == "customer":
        email = (await make_person(runtime, shop)).email
    elif who in {"viewer", "owner"}:
        email = (await make_colleague(runtime, shop, who)).email
    else:
        email = "nobody@nowhere.example.com" if who == "nobody" else "nonsense"
    with pytest.raises(CommandFailed, match=reason):
        await printed(settings, runtime, email, scope)
    keys = "SELECT count(*) FROM api_keys WHERE company_id = $1"
    assert await runtime.database.value(keys, shop.company_id) == 0


async def test_the_company_must_be_one_s_own(runtime: Runtime, settings: Settings, shop: Shop) -> None:
    owner, other = await make_colleague(runtime, shop), await make_shop(runtime)
    with pytest.raises(CommandFailed, match="does not work for"):
        await printed(settings, runtime, owner.email, "catalog:read", company=other.company_id)
