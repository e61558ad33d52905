"""Invitations: accepted once, by whoever reads the mail, and never by the link alone where an account is."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.delivery.notifications.actions.send_message import send_message
from pasar.delivery.notifications.queries import KeptMail, outbox
from pasar.kernel.ids import hash_token, new_id, new_token
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import role_in
from pasar.people.users.public import credentials_of
from support.colleagues import Colleague, link_token, make_colleague, queue_staff_mails
from support.people import bearer, make_person, new_email, tokens_for
from support.shops import Shop, make_shop

INVITATIONS = "/api/admin/invitations"
ACCEPT = "/api/auth/accept-invitation"
NEW = {"name": "Rina Baru", "password": "a brand new secret"}


async def invited(
    client: httpx.AsyncClient, by: Colleague, email: str | None = None, **role: str
) -> dict[str, Any]:
    """An invitation that must be made; to be a viewer when nothing is said."""
    body = {"email": email or new_email(), **(role or {"role": "viewer"})}
    answer = await client.post(INVITATIONS, json=body, headers=by.headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def token_of(runtime: Runtime, shop: Shop, invitation: dict[str, Any]) -> str:
    return await link_token(runtime, shop, UUID(invitation["id"]))


async def mails_to(runtime: Runtime, shop: Shop, address: str) -> list[KeptMail]:
    """What has left for `address`, the newest first, once the relay and the jobs have run."""
    await queue_staff_mails(runtime, shop)
    waiting = "SELECT id FROM messages WHERE company_id = $1 AND state = 'queued' ORDER BY created_at, id"
    for row in await runtime.database.rows(waiting, shop.company_id):
        await send_message(runtime, {"companyId": str(shop.company_id), "messageId": str(row["id"])})
    return await outbox(runtime.database, shop.company_id, to=address, limit=10)


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""


async def accept(
    client: httpx.AsyncClient, shop: Shop, token: str, headers: dict[str, str] | None = None, **body: str
) -> httpx.Response:
    return await client.post(ACCEPT, json={"token": token, **body}, headers=shop.headers | (headers or {}))


async def test_a_new_person_follows_the_mail_and_works(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    invitation = await invited(client, owner, role="catalogue")
    (mail,) = await mails_to(runtime, shop, invitation["email"])
    assert mail.subject == "Work with Test shop"
    assert "Sari Staff" in mail.text
    token = mail.text.partition("/invitations/")[2][:64]
    answer = await accept(client, shop, token, **NEW)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "companyId": str(shop.company_id),
        "email": invitation["email"],
        "role": "catalogue",
        "roleName": "catalogue",
    }
    body = {"email": invitation["email"], "password": NEW["password"]}
    tokens = await client.post("/api/auth/login", json=body, headers=shop.headers)
    assert tokens.json()["user"]["role"] == "catalogue"
    at_work = shop.headers | {"authorization": f"Bearer {tokens.json()['accessToken']}"}
    assert (await client.get("/api/admin/products", headers=at_work)).status_code == 200
    assert outcome(await client.get("/api/admin/orders", headers=at_work)) == (403, "permission_missing")
    verified = "SELECT email_verified_at IS NOT NULL FROM users WHERE email = $1"
    assert await runtime.database.value(verified, invitation["email"]) is True


async def test_the_mail_speaks_the_language_of_whoever_invites(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"email": new_email(), "role": "manager"}
    await client.post(INVITATIONS, json=body, headers=owner.headers | {"accept-language": "id"})
    (mail,) = await mails_to(runtime, shop, body["email"])
    assert mail.subject == "Bekerja bersama Test shop"
    assert "Manajer" in mail.text
    assert "Terima undangan" in mail.html


async def test_the_secret_is_nowhere_but_in_the_mail(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    invitation = await invited(client, owner)
    (mail,) = await mails_to(runtime, shop, invitation["email"])
    token = mail.text.partition("/invitations/")[2][:64]
    stored = await runtime.database.row("SELECT * FROM invitations WHERE id = $1", UUID(invitation["id"]))
    assert stored is not None
    assert stored["token_hash"] == hash_token(token)
    for table in ("events", "messages", "invitations", "idempotency_keys", "audit_entries"):
        rows = await runtime.database.rows(
            f"SELECT t::text AS text FROM {table} t WHERE company_id = $1", shop.company_id
        )
        assert not any(token in row["text"] for row in rows), table
    event = await runtime.database.value(
        "SELECT data::text FROM events WHERE company_id = $1 AND type = 'staff.invited'", shop.company_id
    )
    assert invitation["email"] not in event


async def test_an_account_is_never_opened_by_the_link_alone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, person = await make_colleague(runtime, shop), await make_person(runtime, shop)
    token = await token_of(runtime, shop, await invited(client, owner, person.email))
    before = await credentials_of(runtime.database, person.email)
    for body in ({}, NEW):
        assert outcome(await accept(client, shop, token, **body)) == (401, "sign_in_to_accept")
    assert await credentials_of(runtime.database, person.email) == before

    at_shop = bearer(await tokens_for(runtime, person))
    assert outcome(await accept(client, shop, token, at_shop)) == (200, "")
    async with runtime.database.transaction() as session:
        assert await role_in(session, shop.company_id, person.user_id) == "viewer"


async def test_nobody_accepts_for_another(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_colleague(runtime, shop)
    eve = await make_person(runtime, shop)
    for email in (new_email(), (await make_person(runtime, shop)).email):
        token = await token_of(runtime, shop, await invited(client, owner, email, role="admin"))
        for headers in (bearer(await tokens_for(runtime, eve)), owner.headers):
            assert outcome(await accept(client, shop, token, headers)) == (403, "another_account")
    async with runtime.database.transaction() as session:
        assert await role_in(session, shop.company_id, eve.user_id) is None


async def test_staff_of_one_company_come_to_work_for_another(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_colleague(runtime, await make_shop(runtime), "manager")
    owner = await make_colleague(runtime, shop)
    token = await token_of(runtime, shop, await invited(client, owner, person.email))
    answer = await client.post(ACCEPT, json={"token": token}, headers=person.headers)
    assert outcome(answer) == (200, "")
    here = person.headers | shop.headers
    assert (await client.get("/api/auth/me", headers=here)).json()["role"] == "viewer"


async def test_a_revoked_sign_in_accepts_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """The customer's token would be believed for a second: this call looks."""
    owner, person = await make_colleague(runtime, shop), await make_person(runtime, shop)
    token = await token_of(runtime, shop, await invited(client, owner, person.email))
    headers = bearer(await tokens_for(runtime, person))
    await runtime.database.rows(
        "UPDATE sign_ins SET revoked_at = now(), revoked_for = 'revoked' WHERE user_id = $1", person.user_id
    )
    assert outcome(await accept(client, shop, token, headers)) == (401, "token_revoked")


async def test_no_key_accepts(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"name": "Robot", "scopes": ["catalog:read"]}
    key = (await client.post("/api/admin/api-keys", json=body, headers=owner.headers)).json()["key"]
    token = await token_of(runtime, shop, await invited(client, owner))
    answer = await accept(client, shop, token, {"x-api-key": key}, **NEW)
    assert outcome(answer) == (403, "people_only")


async def test_it_works_once_even_for_many_at_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    invitation = await invited(client, owner)
    token = await token_of(runtime, shop, invitation)
    answers = await asyncio.gather(*(accept(client, shop, token, **NEW) for _ in range(6)))
    codes = sorted(outcome(one) for one in answers)
    assert codes[0] == (200, "")
    assert set(codes[1:]) <= {(409, "invitation_used"), (401, "sign_in_to_accept")}
    assert outcome(await accept(client, shop, token, **NEW)) == (409, "invitation_used")
    members = "SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = $1"
    assert await runtime.database.value(members, invitation["email"]) == 1


async def test_a_known_person_at_many_places_accepts_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, person = await make_colleague(runtime, shop), await make_person(runtime, shop)
    token = await token_of(runtime, shop, await invited(client, owner, person.email))
    headers = bearer(await tokens_for(runtime, person))
    answers = await asyncio.gather(*(accept(client, shop, token, headers) for _ in range(6)))
    assert sorted(outcome(one) for one in answers) == [(200, "")] + [(409, "invitation_used")] * 5


async def test_links_that_are_over_say_so(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_colleague(runtime, shop)
    taken_back, late = await invited(client, owner), await invited(client, owner)
    tokens = [await token_of(runtime, shop, one) for one in (taken_back, late)]
    assert (
        await client.delete(f"{INVITATIONS}/{taken_back['id']}", headers=owner.headers)
    ).status_code == 204
    await runtime.database.rows("UPDATE invitations SET expires_at = now() WHERE id = $1", UUID(late["id"]))
    found = [outcome(await accept(client, shop, token, **NEW)) for token in (*tokens, new_token(), "", "x")]
    assert found == [
        (409, "invitation_revoked"),
        (409, "invitation_expired"),
        *[(404, "invitation_unknown")] * 3,
    ]
    states = (await client.get(INVITATIONS, headers=owner.headers)).json()["items"]
    assert {one["id"]: one["state"] for one in states} == {taken_back["id"]: "revoked", late["id"]: "expired"}


async def test_a_link_is_good_for_seven_days_from_its_mail(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    invitation = await invited(client, owner)
    await token_of(runtime, shop, invitation)
    row = await runtime.database.row(
        "SELECT expires_at - sent_at AS life FROM invitations WHERE id = $1", UUID(invitation["id"])
    )
    assert row is not None
    assert row["life"] == timedelta(days=7)


async def test_a_second_mail_replaces_the_first_link(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    invitation = await invited(client, owner)
    (first,) = await mails_to(runtime, shop, invitation["email"])
    again = await client.post(f"{INVITATIONS}/{invitation['id']}/resend", headers=owner.headers)
    assert (again.status_code, again.json()["state"]) == (200, "open")
    newest, oldest = await mails_to(runtime, shop, invitation["email"])
    assert oldest.id == first.id
    old, new = (mail.text.partition("/invitations/")[2][:64] for mail in (oldest, newest))
    assert outcome(await accept(client, shop, old, **NEW)) == (404, "invitation_unknown")
    assert outcome(await accept(client, shop, new, **NEW)) == (200, "")
    ended = await client.post(f"{INVITATIONS}/{invitation['id']}/resend", headers=owner.headers)
    assert outcome(ended) == (409, "invitation_ended")


async def test_an_expired_one_makes_room_for_another(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    first = await invited(client, owner)
    body = {"email": first["email"], "role": "admin"}
    twice = await client.post(INVITATIONS, json=body, headers=owner.headers)
    assert outcome(twice) == (409, "already_invited")
    await runtime.database.rows("UPDATE invitations SET expires_at = now() WHERE id = $1", UUID(first["id"]))
    assert (await invited(client, owner, first["email"], role="admin"))["role"] == "admin"


async def test_who_works_here_is_not_invited(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    body = {"email": other.email.upper(), "role": "admin"}
    answer = await client.post(INVITATIONS, json=body, headers=owner.headers)
    assert outcome(answer) == (409, "already_staff")


async def test_whoever_joined_meanwhile_keeps_the_role(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    person = await make_colleague(runtime, await make_shop(runtime), "manager")
    token = await token_of(runtime, shop, await invited(client, owner, person.email, role="admin"))
    await runtime.database.rows(
        "INSERT INTO memberships (company_id, user_id, role) VALUES ($1, $2, 'viewer')",
        shop.company_id,
        person.user_id,
    )
    answer = await client.post(ACCEPT, json={"token": token}, headers=person.headers | shop.headers)
    assert outcome(answer) == (409, "already_staff")
    async with runtime.database.transaction() as session:
        assert await role_in(session, shop.company_id, person.user_id) == "viewer"


async def test_nobody_invites_beyond_their_own_rights(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    admin = await make_colleague(runtime, shop, "admin")
    body = {"email": new_email(), "role": "owner"}
    answer = await client.post(INVITATIONS, json=body, headers=admin.headers)
    assert outcome(answer) == (403, "beyond_own_rights")
    assert (await invited(client, admin, role="admin"))["invitedBy"] == "Sari Staff"


@pytest.mark.parametrize("how", ["let go", "demoted"])
async def test_what_a_former_admin_handed_out_is_worth_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, how: str
) -> None:
    owner, admin = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "admin")
    token = await token_of(runtime, shop, await invited(client, admin, role="admin"))
    path = f"/api/admin/staff/{admin.user_id}"
    if how == "let go":
        assert (await client.delete(path, headers=owner.headers)).status_code == 204
    else:
        answer = await client.patch(path, json={"role": "viewer"}, headers=owner.headers)
        assert answer.status_code == 200
    assert outcome(await accept(client, shop, token, **NEW)) == (409, "invitation_revoked")


async def test_the_same_call_twice_invites_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"email": new_email(), "role": "viewer"}
    headers = owner.headers | {"idempotency-key": "invite-1"}
    answers = [await client.post(INVITATIONS, json=body, headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(await mails_to(runtime, shop, body["email"])) == 1


@pytest.mark.parametrize(
    "email",
    [
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com\nSubject: Free",
        "Ann <ann@example.com>",
        "ann@example.com, eve@example.com",
        "ann@example.com%0aBcc:eve@example.com",
        "",
        "ann",
        "a" * 400 + "@example.com",
    ],
)
async def test_an_address_is_one_address(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, email: str
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"email": email, "role": "viewer"}
    answer = await client.post(INVITATIONS, json=body, headers=owner.headers)
    assert outcome(answer) == (422, "invalid_fields")
    assert (
        await runtime.database.value(
            "SELECT count(*) FROM invitations WHERE company_id = $1", shop.company_id
        )
        == 0
    )


async def test_names_begin_no_headers_and_no_paragraphs(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """What a name may be is checked where it is typed; were it not, the mail would hold."""
    owner = await make_colleague(runtime, shop)
    hostile = "Eve\r\nBcc: all@example.com\r\n\r\n<b>Click http://evil.example</b>"
    await runtime.database.rows("UPDATE users SET name = $2 WHERE id = $1", owner.user_id, hostile)
    invitation = await invited(client, owner)
    (mail,) = await mails_to(runtime, shop, invitation["email"])
    assert "\nBcc:" not in mail.text
    assert "<b>" not in mail.html
    assert (mail.recipient, mail.subject) == (invitation["email"], "Work with Test shop")

    await runtime.database.rows("UPDATE companies SET name = $2 WHERE id = $1", shop.company_id, hostile)
    second = await invited(client, await make_colleague(runtime, shop))
    runtime_sites_second = await runtime.sites.of_company(shop.company_id)
    assert runtime_sites_second is not None
    await asyncio.sleep(1.1)  # sites are remembered for a second
    assert await mails_to(runtime, shop, second["email"]) == []
    failed = await runtime.database.rows(
        "SELECT last_error FROM messages WHERE company_id = $1 AND recipient = $2",
        shop.company_id,
        second["email"],
    )
    assert ["Subject holds a control character" in row["last_error"] for row in failed] == [True]


@pytest.mark.parametrize(
    "more",
    [
        {"role": "owner"},
        {"customRoleId": "01936b2a-0000-7000-8000-00000000dead"},
        {"email": "eve@example.com"},
    ],
)
async def test_whoever_accepts_chooses_no_role(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, more: dict[str, str]
) -> None:
    token = await token_of(runtime, shop, await invited(client, await make_colleague(runtime, shop)))
    answer = await accept(client, shop, token, **NEW, **more)
    assert answer.status_code == 400
    assert outcome(await accept(client, shop, token, **NEW)) == (200, "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "Rina"}, "password"),
        ({"name": "Rina", "password": "short"}, "password"),
        ({"name": "Ri\nna", "password": "a brand new secret"}, "name"),
    ],
)
async def test_a_new_person_says_who_they_are(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: dict[str, str], field: str
) -> None:
    token = await token_of(runtime, shop, await invited(client, await make_colleague(runtime, shop)))
    answer = await accept(client, shop, token, **body)
    assert answer.status_code == 422
    assert field in {one["field"] for one in answer.json()["errors"]}


async def test_anothers_invitations_are_not_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    invitation = await invited(client, await make_colleague(runtime, shop))
    stranger = await make_colleague(runtime, await make_shop(runtime))
    assert (await client.get(INVITATIONS, headers=stranger.headers)).json()["items"] == []
    for invitation_id in (invitation["id"], new_id()):
        tries = (
            await client.delete(f"{INVITATIONS}/{invitation_id}", headers=stranger.headers),
            await client.post(f"{INVITATIONS}/{invitation_id}/resend", headers=stranger.headers),
        )
        assert [outcome(one) for one in tries] == [(404, "invitation_not_found")] * 2
