"""Who gives a site another host, and what then happens to the links in people's mails."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from pasar.delivery.notifications.host_mails import HOST_MAIL_SUBSCRIBERS
from pasar.kernel.events.relay import Relay
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.colleagues import Colleague, let_lapse, make_colleague
from support.letters import letters_to
from support.office import staff_office
from support.people import make_person
from support.shops import Shop, make_shop

PATH = "/api/admin/sites"
HOSTS = "SELECT coalesce(host, '') FROM sites WHERE company_id = $1 ORDER BY id"
SETTLE = "UPDATE sites SET host_since = host_since - $2::interval WHERE company_id = $1"
ROLE_MADE = "INSERT INTO custom_roles (company_id, id, name, permissions) VALUES ($1, $2, $3, $4)"
ROLE_GIVEN = """
UPDATE memberships SET role = 'custom', custom_role_id = $3 WHERE company_id = $1 AND user_id = $2
"""


def new_host() -> str:
    return f"shop-{new_id().hex}.example"


async def hosts_of(runtime: Runtime, shop: Shop) -> list[str]:
    return [row[0] for row in await runtime.database.rows(HOSTS, shop.company_id)]


async def refused_everywhere(client: httpx.AsyncClient, shop: Shop, headers: dict[str, str]) -> set[str]:
    """Try to change the host, to take it away, and to open a site with one; the codes of the refusals."""
    answers = [
        await client.patch(f"{PATH}/{shop.site_id}", json={"host": new_host()}, headers=headers),
        await client.patch(f"{PATH}/{shop.site_id}", json={"host": None}, headers=headers),
        await client.post(
            PATH, json={"name": "Second", "currency": "USD", "host": new_host()}, headers=headers
        ),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3, [answer.text for answer in answers]
    return {answer.json()["code"] for answer in answers}


@pytest.fixture
async def owner(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Colleague:
    """An owner, whose site has a host."""
    found = await make_colleague(runtime, shop)
    await runtime.database.rows(
        "UPDATE sites SET host = $2 WHERE company_id = $1", shop.company_id, new_host()
    )
    return found


async def test_a_manager_changes_sites_but_no_hosts(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    before = await hosts_of(runtime, shop)
    manager = await make_colleague(runtime, shop, "manager")
    assert await refused_everywhere(client, shop, manager.headers) == {"host_needs_staff_write"}
    assert await hosts_of(runtime, shop) == before
    same = {"name": "Renamed", "host": before[0].upper()}
    answer = await client.patch(f"{PATH}/{shop.site_id}", json=same, headers=manager.headers)
    assert (answer.status_code, answer.json()["name"]) == (200, "Renamed"), answer.text
    opened = await client.post(PATH, json={"name": "No host", "currency": "USD"}, headers=manager.headers)
    assert opened.status_code == 201, opened.text


async def test_no_api_key_changes_hosts(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    before = await hosts_of(runtime, shop)
    body = {"name": "Script", "scopes": ["sites:read", "sites:write"]}
    made = await client.post("/api/admin/api-keys", json=body, headers=owner.headers)
    assert made.status_code == 201, made.text
    key = {"x-api-key": made.json()["key"]}
    assert await refused_everywhere(client, shop, key) == {"people_only"}
    assert await hosts_of(runtime, shop) == before
    answer = await client.patch(f"{PATH}/{shop.site_id}", json={"name": "Renamed"}, headers=key)
    assert answer.status_code == 200, answer.text


async def test_it_takes_who_has_just_proved_to_be_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    before = await hosts_of(runtime, shop)
    await let_lapse(runtime, owner)
    assert await refused_everywhere(client, shop, owner.headers) == {"step_up_required"}
    assert await hosts_of(runtime, shop) == before
    answer = await client.patch(f"{PATH}/{shop.site_id}", json={"name": "Renamed"}, headers=owner.headers)
    assert answer.status_code == 200, answer.text


async def test_a_role_of_ones_own_needs_both_permissions(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    for permissions, status in ((["sites:write"], 403), (["sites:write", "staff:write"], 200)):
        colleague = await make_colleague(runtime, shop, "viewer")
        role_id = new_id()
        await runtime.database.rows(ROLE_MADE, shop.company_id, role_id, f"Role {role_id}", permissions)
        await runtime.database.rows(ROLE_GIVEN, shop.company_id, colleague.user_id, role_id)
        answer = await client.patch(
            f"{PATH}/{shop.site_id}", json={"host": new_host()}, headers=colleague.headers
        )
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(("language", "words"), [("en", "Ask an owner"), ("id", "Minta kepada pemilik")])
async def test_pages_ask_the_same(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague, language: str, words: str
) -> None:
    before = await hosts_of(runtime, shop)
    form: dict[str, str | list[str]] = {
        "name": "Renamed",
        "host": new_host(),
        "currency": "USD",
        "currencies": "USD",
        "locale": "en",
        "locales": ["en", "id"],
        "cartExpirationDays": "30",
        "maxCartLines": "100",
        "maxLineQuantity": "999",
        "maxCompareItems": "4",
    }
    manager = await staff_office(client, runtime, shop, "manager")
    manager.language = language
    for path in (f"/admin/sites/{shop.site_id}", "/admin/sites/new"):
        answer = await manager.send(path, form)
        assert answer.status_code == 422, answer.text
        assert words in answer.text
        assert 'href="#f-host"' in answer.text
    lapsed = await staff_office(client, runtime, shop)
    await runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = confirmed_at - interval '16 minutes'"
        " WHERE user_id IN (SELECT user_id FROM memberships WHERE company_id = $1)",
        shop.company_id,
    )
    for path in (f"/admin/sites/{shop.site_id}", "/admin/sites/new"):
        asked = await lapsed.send(path, form)
        assert asked.headers["location"].startswith("/account/confirm"), asked.text
    assert await hosts_of(runtime, shop) == before
    await manager.done(f"/admin/sites/{shop.site_id}", form | {"host": before[0]})


async def test_all_owners_hear_of_it_each_in_their_language(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    before = (await hosts_of(runtime, shop))[0]
    other = await make_colleague(runtime, shop)
    manager = await make_colleague(runtime, shop, "manager")
    stranger = await make_colleague(runtime, await make_shop(runtime))
    await runtime.database.rows("UPDATE users SET locale = 'id' WHERE id = $1", other.user_id)
    host = new_host()
    for name in ("One", "Two"):
        body = {"name": name, "host": host}
        answer = await client.patch(f"{PATH}/{shop.site_id}", json=body, headers=owner.headers)
        assert answer.status_code == 200, answer.text

    await Relay(runtime, HOST_MAIL_SUBSCRIBERS).drain()
    await Relay(runtime, HOST_MAIL_SUBSCRIBERS).drain()

    for reader, words in ((owner, "The site Two now answers at"), (other, "Situs Two kini menjawab di")):
        (letter,) = await letters_to(runtime, shop, reader.email)
        assert f"{words} {host}." in letter.text
        assert f"//{host}" not in letter.text, "its link leads where nobody has just made it lead"
        assert before not in letter.text
    assert await letters_to(runtime, shop, manager.email) == []
    assert await letters_to(runtime, shop, stranger.email) == []
    data = "SELECT data::text FROM events WHERE company_id = $1 AND type = 'site.host_changed'"
    assert host not in str(await runtime.database.rows(data, shop.company_id)), "facts carry ids alone"


async def reset_link(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, host: str = "") -> str:
    """Where the letter about a new password leads to: the host of its link."""
    person = await make_person(runtime, shop)
    at = {"host": host} if host else shop.headers
    asked = await client.post("/api/auth/forgot-password", json={"email": person.email}, headers=at)
    assert asked.status_code in {200, 202, 204}, asked.text
    letter = (await letters_to(runtime, shop, person.email))[0]
    found = re.search(r"https?://([^/:\s]+)[^\s]*/reset-password/", letter.text)
    assert found, letter.text
    return found[1]


async def test_links_of_account_mails_wait_a_day_before_they_follow_a_new_host(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    settled = (await hosts_of(runtime, shop))[0]
    assert await reset_link(client, runtime, shop) == settled
    fresh, second = new_host(), new_host()
    body = {"name": "Second", "currency": "USD", "host": second}
    assert (await client.post(PATH, json=body, headers=owner.headers)).status_code == 201
    assert await reset_link(client, runtime, shop, second) == settled, "a settled one of the same company"
    changed = await client.patch(f"{PATH}/{shop.site_id}", json={"host": fresh}, headers=owner.headers)
    assert changed.status_code == 200, changed.text
    assert await reset_link(client, runtime, shop) == "localhost", "PASAR_PUBLIC_URL, or this machine"
    assert await reset_link(client, runtime, shop, second) == "localhost"
    await runtime.database.rows(SETTLE, shop.company_id, timedelta(hours=23, minutes=59))
    assert await reset_link(client, runtime, shop) == "localhost"
    await runtime.database.rows(SETTLE, shop.company_id, timedelta(minutes=1))
    assert await reset_link(client, runtime, shop) == fresh
    assert await reset_link(client, runtime, shop, second) == second


async def test_another_change_does_not_make_a_host_older(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Colleague
) -> None:
    settled = (await hosts_of(runtime, shop))[0]
    kept = await client.patch(f"{PATH}/{shop.site_id}", json={"name": "Same host"}, headers=owner.headers)
    assert kept.status_code == 200
    assert await reset_link(client, runtime, shop) == settled
    for host in (None, new_host()):
        await client.patch(f"{PATH}/{shop.site_id}", json={"host": host}, headers=owner.headers)
    assert await reset_link(client, runtime, shop) == "localhost", "taken away and given is given anew"
