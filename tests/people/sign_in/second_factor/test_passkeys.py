"""Passkeys by a software authenticator: for us alone, by their owner, once a challenge, never backwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from support.authenticators import SoftPasskey, encode
from support.factors import add_passkey, challenged, make_guarded, refused, show
from support.people import bearer, make_customer, make_person, tokens_for
from support.shops import Shop

ELSEWHERE = "https://pasar.example.net"


async def options(client: httpx.AsyncClient, shop: Shop, path: str, **body: str) -> dict[str, Any]:
    answer = await client.post(path, headers=shop.headers, json=body or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["publicKey"]
    return found


async def for_challenge(client: httpx.AsyncClient, shop: Shop, challenge: str) -> dict[str, Any]:
    return await options(client, shop, "/api/auth/second-factor/passkey-options", challenge=challenge)


async def alone(client: httpx.AsyncClient, shop: Shop, answer: dict[str, Any]) -> httpx.Response:
    return await client.post("/api/auth/passkey", headers=shop.headers, json={"passkey": answer})


@pytest.fixture
async def owner(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> tuple[str, SoftPasskey]:
    """The e-mail of a customer with one passkey, and the passkey."""
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    passkey, added = await add_passkey(client, headers)
    assert added.status_code == 201, added.text
    return person.email, passkey


async def test_the_first_passkey_brings_recovery_codes(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(runtime, shop)
    _, first = await add_passkey(client, headers)
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
    assert len(first.json()["recoveryCodes"]) == 10
    _, second = await add_passkey(client, headers)
    assert second.json()["recoveryCodes"] == []
    told = (await client.get("/api/auth/factors", headers=headers)).json()
    assert [one["name"] for one in told["passkeys"]] == ["Laptop", "Laptop"]
    assert {one["host"] for one in told["passkeys"]} == {"localhost"}
    assert "publicKey" not in str(told)
    assert "credential" not in str(told)


async def test_as_the_second_factor(
    client: httpx.AsyncClient, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    email, passkey = owner
    challenge = await challenged(client, shop, email)
    asked = await for_challenge(client, shop, challenge)
    assert asked["userVerification"] == "required"
    assert [one["id"] for one in asked["allowCredentials"]] == [encode(passkey.credential_id)]
    answer = await show(client, shop, challenge, passkey=passkey.sign(asked))
    assert answer.status_code == 200, answer.text


async def test_alone_and_without_a_name(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    email, passkey = owner
    asked = await options(client, shop, "/api/auth/passkey-options")
    assert asked["allowCredentials"] == [], "it names nobody"
    answer = await alone(client, shop, passkey.sign(asked))
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["email"] == email
    noted = """
        SELECT s.second_factor_at IS NOT NULL FROM sign_ins s JOIN users u ON u.id = s.user_id
         WHERE u.email = $1 ORDER BY s.id DESC LIMIT 1
    """
    assert await runtime.database.value(noted, email) is True


@pytest.mark.parametrize(
    "tampered",
    [
        {"origin": ELSEWHERE},
        {"origin": "http://localhost.example.net"},
        {"origin": "null"},
        {"rp_id": "pasar.example.net"},
        {"type": "webauthn.create"},
        {"challenge": encode(b"x" * 64)},
        {"cross_origin": True},
        {"user_handle": b"0123456789abcdef"},
    ],
    ids="-".join,
)
async def test_what_is_not_for_us(
    client: httpx.AsyncClient, shop: Shop, owner: tuple[str, SoftPasskey], tampered: dict[str, Any]
) -> None:
    email, passkey = owner
    asked = await options(client, shop, "/api/auth/passkey-options")
    assert refused(await alone(client, shop, passkey.sign(asked, **tampered))) == (401, "passkey_refused")
    challenge = await challenged(client, shop, email)
    asked = await for_challenge(client, shop, challenge)
    answer = await show(client, shop, challenge, passkey=passkey.sign(asked, **tampered))
    assert refused(answer) == (401, "wrong_code")


async def test_without_a_finger_or_a_pin(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    _, passkey = owner
    passkey.verified = False
    asked = await options(client, shop, "/api/auth/passkey-options")
    assert refused(await alone(client, shop, passkey.sign(asked))) == (401, "passkey_refused")
    _, headers = await make_customer(runtime, shop)
    _, added = await add_passkey(client, headers, SoftPasskey(verified=False))
    assert refused(added) == (422, "passkey_refused")


async def test_a_signature_of_another_key(
    client: httpx.AsyncClient, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    _, passkey = owner
    forged = SoftPasskey(credential_id=passkey.credential_id, user_handle=passkey.user_handle)
    asked = await options(client, shop, "/api/auth/passkey-options")
    assert refused(await alone(client, shop, forged.sign(asked))) == (401, "passkey_refused")


async def test_an_answer_is_good_once(
    client: httpx.AsyncClient, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    _, passkey = owner
    answer = passkey.sign(await options(client, shop, "/api/auth/passkey-options"))
    assert (await alone(client, shop, answer)).status_code == 200
    assert refused(await alone(client, shop, answer)) == (401, "passkey_refused")


async def test_a_refused_answer_uses_its_challenge_up(
    client: httpx.AsyncClient, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    _, passkey = owner
    asked = await options(client, shop, "/api/auth/passkey-options")
    assert (await alone(client, shop, passkey.sign(asked, origin=ELSEWHERE))).status_code == 401
    assert refused(await alone(client, shop, passkey.sign(asked))) == (401, "passkey_refused")


async def test_a_challenge_is_for_one_purpose_and_one_session(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    """What was asked for signing in answers no second factor, nor another sign-in's question."""
    email, passkey = owner
    one, other = await challenged(client, shop, email), await challenged(client, shop, email)
    for_alone = await options(client, shop, "/api/auth/passkey-options")
    answer = await show(client, shop, one, passkey=passkey.sign(for_alone))
    assert refused(answer) == (401, "wrong_code")
    for_other = await for_challenge(client, shop, other)
    answer = await show(client, shop, one, passkey=passkey.sign(for_other))
    assert refused(answer) == (401, "wrong_code")
    for_one = await for_challenge(client, shop, one)
    assert refused(await alone(client, shop, passkey.sign(for_one))) == (401, "passkey_refused")
    bound = await client.post(
        "/api/auth/passkey-options", headers=shop.headers | {"x-session-token": "a" * 64}
    )
    assert refused(await alone(client, shop, passkey.sign(bound.json()["publicKey"]))) == (
        401,
        "passkey_refused",
    )


async def test_five_minutes(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    _, headers = await make_customer(timed, shop)
    passkey, added = await add_passkey(timed_client, headers)
    assert added.status_code == 201
    asked = await options(timed_client, shop, "/api/auth/passkey-options")
    clock.advance(timedelta(minutes=5))
    answer = await alone(timed_client, shop, passkey.sign(asked))
    assert refused(answer) == (401, "passkey_refused")


async def test_another_persons_passkey_does_not_answer(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    email, _ = owner
    _, headers = await make_customer(runtime, shop)
    thief, added = await add_passkey(client, headers)
    assert added.status_code == 201
    challenge = await challenged(client, shop, email)
    asked = await for_challenge(client, shop, challenge)
    answer = await show(client, shop, challenge, passkey=thief.sign(asked))
    assert refused(answer) == (401, "wrong_code")


async def test_a_credential_belongs_to_one_person(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    """Who has seen a credential's id cannot register it with another key, nor take it over."""
    email, passkey = owner
    _, headers = await make_customer(runtime, shop)
    _, added = await add_passkey(client, headers, SoftPasskey(credential_id=passkey.credential_id))
    assert refused(added) == (409, "passkey_known")
    asked = await options(client, shop, "/api/auth/passkey-options")
    assert (await alone(client, shop, passkey.sign(asked))).json()["user"]["email"] == email


async def test_a_counter_that_runs_backwards_is_refused_and_noted(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(runtime, shop)
    passkey, _ = await add_passkey(client, headers)
    for count, status in ((7, 200), (7, 401), (3, 401), (0, 401), (8, 200)):
        asked = await options(client, shop, "/api/auth/passkey-options")
        assert (await alone(client, shop, passkey.sign(asked, count=count))).status_code == status, count
        told = (await client.get("/api/auth/factors/passkeys", headers=headers)).json()[0]
        assert (told["regressedAt"] is not None) is (count != 7 or status == 401)
    assert told["lastUsedAt"] is not None


async def test_authenticators_without_a_counter(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """Synchronised passkeys say 0 always."""
    _, headers = await make_customer(runtime, shop)
    passkey, _ = await add_passkey(client, headers)
    for _ in range(3):
        asked = await options(client, shop, "/api/auth/passkey-options")
        assert (await alone(client, shop, passkey.sign(asked, count=0))).status_code == 200


@pytest.mark.parametrize(
    "tampered", [{"origin": ELSEWHERE}, {"rp_id": "x.net"}, {"challenge": encode(b"x" * 64)}]
)
async def test_making_one_for_elsewhere(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, tampered: dict[str, Any]
) -> None:
    _, headers = await make_customer(runtime, shop)
    _, added = await add_passkey(client, headers, **tampered)
    assert refused(added) == (422, "passkey_refused")


async def test_making_one_with_somebody_elses_options(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, mine = await make_customer(runtime, shop)
    _, theirs = await make_customer(runtime, shop)
    asked = (await client.post("/api/auth/factors/passkeys/options", headers=mine)).json()["publicKey"]
    body = {"passkey": SoftPasskey().make(asked)}
    answer = await client.post("/api/auth/factors/passkeys", headers=theirs, json=body)
    assert refused(answer) == (422, "passkey_refused")


async def test_own_passkeys_only(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, mine = await make_customer(runtime, shop)
    await add_passkey(client, mine)
    (found,) = (await client.get("/api/auth/factors/passkeys", headers=mine)).json()
    path = f"/api/auth/factors/passkeys/{found['id']}"
    thief = await make_guarded(client, runtime, shop)
    renamed = await client.patch(path, headers=thief.headers, json={"name": "Mine"})
    removed = await client.delete(path, headers=thief.headers)
    assert refused(renamed) == refused(removed) == (404, "passkey_not_found")
    assert (await client.patch(path, headers=mine, json={"name": "  Work\t laptop "})).status_code == 204
    (found,) = (await client.get("/api/auth/factors/passkeys", headers=mine)).json()
    assert found["name"] == "Work laptop"
    assert (await client.delete(path, headers=mine)).status_code == 204
    assert (await client.get("/api/auth/factors/passkeys", headers=mine)).json() == []


async def test_hosts_do_not_share_passkeys(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    """A passkey of one host opens nothing at another, though the person and the company are the same."""
    _, headers = await make_customer(runtime, shop)
    passkey, _ = await add_passkey(client, headers)
    other = headers | {"host": "evil.example.net"}
    for host in ("evil.example.net", "localhost.evil.example.net"):
        at = shop.headers | {"host": host}
        asked = (await client.post("/api/auth/passkey-options", headers=at)).json()["publicKey"]
        assert asked["rpId"] == host
        for origin, rp_id in ((f"https://{host}", host), ("http://localhost", "localhost")):
            signed = passkey.sign(asked, origin=origin, rp_id=rp_id)
            answer = await client.post("/api/auth/passkey", headers=at, json={"passkey": signed})
            assert refused(answer) == (401, "passkey_refused")
    told = await client.post("/api/auth/step-up/passkey-options", headers=other)
    assert told.json()["publicKey"]["allowCredentials"] == []


async def test_where_the_shop_verifies_first_an_unproved_address_waits(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: tuple[str, SoftPasskey]
) -> None:
    email, passkey = owner
    await runtime.database.rows("UPDATE companies SET verify_first = true WHERE id = $1", shop.company_id)
    early = await alone(client, shop, passkey.sign(await options(client, shop, "/api/auth/passkey-options")))
    assert refused(early) == (401, "not_verified")
    await runtime.database.rows("UPDATE users SET email_verified_at = now() WHERE email = $1", email)
    later = await alone(client, shop, passkey.sign(await options(client, shop, "/api/auth/passkey-options")))
    assert later.status_code == 200, later.text
