"""Codes to phones: six digits, a few minutes, three tries; one account for each verified number."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import Environment
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import verify_phone
from support.letters import code_to, letters_to, send_letters
from support.people import PASSWORD, bearer, make_person, tokens_for
from support.shops import Shop, make_shop

NEWEST = "SELECT tries, used_at FROM proofs WHERE recipient = $1 ORDER BY id DESC LIMIT 1"


def new_phone() -> str:
    """A number that no other test uses, of an Indonesian mobile network."""
    return f"+62812{secrets.randbelow(10**8):08d}"


async def post(client: httpx.AsyncClient, shop: Shop, path: str, **body: str) -> httpx.Response:
    return await client.post(f"/api/auth/{path}", json=body, headers=shop.headers)


async def asked(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, phone: str) -> str:
    answer = await post(client, shop, "sendOTP", phone=phone)
    assert answer.status_code == 202, answer.text
    return await code_to(runtime, shop, phone)


async def test_a_code_opens_an_account_and_signs_in_again(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    code = await asked(stranger, runtime, shop, phone)
    first = await post(
        stranger, shop, "verifyOTP", phone=phone, otp=f" {code} ", firstName="Siti", lastName="A"
    )
    assert first.status_code == 200, first.text
    user = first.json()["user"]
    assert (user["name"], user["email"], user["role"]) == ("Siti A", "", "customer")
    me = (
        await stranger.get("/api/auth/me", headers={"Authorization": f"Bearer {first.json()['accessToken']}"})
    ).json()
    assert (me["phone"], me["phoneVerified"], me["emailVerified"]) == (phone, True, False)
    row = await runtime.database.row("SELECT email FROM users WHERE phone = $1", phone)
    assert row is not None
    assert row["email"] is None
    stored = await runtime.database.value("SELECT email FROM customers WHERE user_id::text = $1", user["id"])
    assert stored == ""

    again = await post(
        stranger, shop, "verifyOTP", phone=phone, otp=await asked(stranger, runtime, shop, phone), name="Eve"
    )
    assert (again.json()["user"]["id"], again.json()["user"]["name"]) == (user["id"], "Siti A")


async def test_an_account_without_a_name_is_called_by_its_number(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    code = await asked(stranger, runtime, shop, phone)
    answer = await post(stranger, shop, "verifyOTP", phone=phone, otp=code)
    assert answer.json()["user"]["name"] == f"… {phone[-4:]}"


async def test_indonesian_numbers_need_no_country_code_there(
    stranger: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop, phone = await make_shop(runtime, currencies=("IDR",)), new_phone()
    local = "0" + phone.removeprefix("+62")
    assert (await post(stranger, shop, "sendOTP", phone=local)).status_code == 202
    code = await code_to(runtime, shop, phone)
    assert (await post(stranger, shop, "verifyOTP", phone=local, otp=code)).status_code == 200
    elsewhere = await make_shop(runtime)
    answer = await post(stranger, elsewhere, "sendOTP", phone=local)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "phone")


async def test_a_code_works_once(stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    phone = new_phone()
    code = await asked(stranger, runtime, shop, phone)
    answers = await asyncio.gather(
        *(post(stranger, shop, "verifyOTP", phone=phone, otp=code) for _ in range(3))
    )
    assert sorted(one.status_code for one in answers) == [200, 401, 401]
    assert await runtime.database.value("SELECT count(*) FROM users WHERE phone = $1", phone) == 1


async def test_one_account_for_a_number_whoever_is_first(
    stranger: httpx.AsyncClient, runtime: Runtime
) -> None:
    """Codes of several shops, all right, all at once: each signs in, to the same account."""
    shops, phone = [await make_shop(runtime) for _ in range(3)], new_phone()
    codes = [await asked(stranger, runtime, shop, phone) for shop in shops]
    answers = await asyncio.gather(
        *(
            post(stranger, shop, "verifyOTP", phone=phone, otp=code)
            for shop, code in zip(shops, codes, strict=True)
        )
    )
    assert [one.status_code for one in answers] == [200] * 3
    assert len({one.json()["user"]["id"] for one in answers}) == 1


async def test_fifty_guesses_at_once_are_three_tries(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    code = await asked(stranger, runtime, shop, phone)
    guesses = [f"{(int(code) + step) % 10**6:06d}" for step in range(1, 51)]
    answers = await asyncio.gather(
        *(post(stranger, shop, "verifyOTP", phone=phone, otp=guess) for guess in guesses)
    )
    assert {one.status_code for one in answers} <= {401, 429}
    row = await runtime.database.row(NEWEST, phone)
    assert row is not None
    assert (row["tries"], row["used_at"]) == (3, None)
    late = await post(stranger, shop, "verifyOTP", phone=phone, otp=code)
    assert late.status_code in {401, 429}, "the right one comes too late"


async def test_the_right_code_among_guesses_counts_if_it_is_among_the_first_three(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    code = await asked(stranger, runtime, shop, phone)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(2):
        refused = await post(stranger, shop, "verifyOTP", phone=phone, otp=wrong)
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_code")
    assert (await post(stranger, shop, "verifyOTP", phone=phone, otp=code)).status_code == 200


async def test_guessing_at_a_number_is_limited_whatever_codes_are_asked_for(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    for _ in range(2):
        code = await asked(stranger, runtime, shop, phone)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        for _ in range(3):
            await post(stranger, shop, "verifyOTP", phone=phone, otp=wrong)
    code = await asked(stranger, runtime, shop, phone)
    assert (await post(stranger, shop, "verifyOTP", phone=phone, otp=code)).status_code == 429


async def test_a_code_ends_and_only_the_newest_counts(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    phone = new_phone()
    former = await asked(timed_client, timed, shop, phone)
    clock.advance(timedelta(seconds=10))
    newest = await asked(timed_client, timed, shop, phone)
    if former != newest:
        assert (await post(timed_client, shop, "verifyOTP", phone=phone, otp=former)).status_code == 401
    clock.advance(timedelta(minutes=5))
    assert (await post(timed_client, shop, "verifyOTP", phone=phone, otp=newest)).status_code == 401


async def test_a_code_is_for_one_number_at_one_shop(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone, other = new_phone(), await make_shop(runtime)
    code = await asked(stranger, runtime, shop, phone)
    assert (await post(stranger, shop, "verifyOTP", phone=new_phone(), otp=code)).status_code == 401
    assert (await post(stranger, other, "verifyOTP", phone=phone, otp=code)).status_code == 401


async def test_three_codes_an_hour_for_known_and_unknown_numbers(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    known, unknown = await with_phone(runtime, shop), new_phone()
    for phone in (known, unknown):
        answers = [await post(stranger, shop, "sendOTP", phone=phone) for _ in range(4)]
        assert [one.status_code for one in answers] == [202, 202, 202, 429]
        assert answers[3].json()["code"] == "too_many_codes"
        assert int(answers[3].headers["retry-after"]) > 3000
    assert (await post(stranger, await make_shop(runtime), "sendOTP", phone=known)).status_code == 429


async def with_phone(runtime: Runtime, shop: Shop) -> str:
    """The verified number of an account with a password."""
    person, phone = await make_person(runtime, shop), new_phone()
    async with runtime.database.transaction() as session:
        await verify_phone(session, shop.company_id, person.user_id, phone, runtime.clock.now())
    return phone


async def test_a_verified_number_signs_in_with_the_password_too(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = await with_phone(runtime, shop)
    answer = await post(stranger, shop, "login", phone=phone, password=PASSWORD)
    assert answer.status_code == 200, answer.text
    unproved = await make_person(runtime, shop)
    typed = new_phone()
    await runtime.database.rows("UPDATE users SET phone = $2 WHERE id = $1", unproved.user_id, typed)
    assert (await post(stranger, shop, "login", phone=typed, password=PASSWORD)).status_code == 401


async def test_a_number_and_an_e_mail_share_the_five_tries(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = await with_phone(runtime, shop)
    email = await runtime.database.value("SELECT email FROM users WHERE phone = $1", phone)
    for n in range(5):
        login = {"phone": phone} if n % 2 else {"email": email}
        assert (await post(stranger, shop, "login", password="wrong password", **login)).status_code == 401
    assert (await post(stranger, shop, "login", phone=phone, password=PASSWORD)).status_code == 429


async def test_another_number_is_not_proved(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    async with runtime.database.transaction() as session:
        await verify_phone(session, shop.company_id, person.user_id, new_phone(), runtime.clock.now())
    headers = bearer(await tokens_for(runtime, person))
    changed = (await stranger.put("/api/auth/me", json={"phone": new_phone()}, headers=headers)).json()
    assert changed["phoneVerified"] is False


async def test_who_has_a_number_alone_keeps_it(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    answer = await post(
        stranger, shop, "verifyOTP", phone=phone, otp=await asked(stranger, runtime, shop, phone)
    )
    headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
    for other in ("", new_phone()):
        refused = await stranger.put("/api/auth/me", json={"phone": other}, headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "needed")


async def test_a_closed_account_gets_in_by_no_code(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = await with_phone(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE phone = $1", phone)
    code = await asked(stranger, runtime, shop, phone)
    answer = await post(stranger, shop, "verifyOTP", phone=phone, otp=code)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_code")


async def test_in_production_a_code_goes_to_a_verified_e_mail_or_nowhere(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    known, unproved, unknown = await with_phone(runtime, shop), await with_phone(runtime, shop), new_phone()
    email = await runtime.database.value(
        "UPDATE users SET email_verified_at = now() WHERE phone = $1 RETURNING email", known
    )
    for phone in (known, unproved, unknown):
        await post(stranger, shop, "sendOTP", phone=phone)
    production = replace(runtime, settings=replace(runtime.settings, environment=Environment.PRODUCTION))
    await send_letters(production, shop)
    rows = await runtime.database.rows(
        "SELECT channel, recipient FROM messages WHERE company_id = $1", shop.company_id
    )
    assert [tuple(row) for row in rows] == [("mail", email)]


async def test_the_mailbox_shows_texts_to_a_number(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    phone = new_phone()
    code = await asked(stranger, runtime, shop, phone)
    answer = await stranger.get(
        "/dev/mail", params={"to": phone}, headers=shop.headers | {"accept": "application/json"}
    )
    (item,) = answer.json()["items"]
    assert (item["to"], item["links"], code in item["text"]) == (phone, [], True)
    assert code not in item["subject"]
    page = await stranger.get(f"/dev/mail/{item['id']}", headers=shop.headers)
    assert (page.status_code, code in page.text) == (200, True)
    (letter,) = await letters_to(runtime, shop, phone)
    assert letter.recipient == phone


@pytest.mark.parametrize("phone", ["", "0", "phone", "+1 000", "\0", "+62" + "8" * 500, "0812 3456 7890\n1"])
async def test_what_is_no_number_is_refused(stranger: httpx.AsyncClient, shop: Shop, phone: str) -> None:
    for path, more in (("sendOTP", {}), ("verifyOTP", {"otp": "123456"})):
        answer = await post(stranger, shop, path, phone=phone, **more)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "phone")


@pytest.mark.parametrize(
    "otp", ["", "12345", "1234567", "abcdef", "１２３４５６", "\0" * 6, "9" * 1000, "😀"]
)
async def test_what_is_no_code_is_a_wrong_one(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, otp: str
) -> None:
    phone = new_phone()
    await asked(stranger, runtime, shop, phone)
    answer = await post(stranger, shop, "verifyOTP", phone=phone, otp=otp)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_code")


@pytest.mark.parametrize("extra", [{"role": "owner"}, {"userId": "x"}, {"verified": True}])
async def test_nobody_chooses_a_role(
    stranger: httpx.AsyncClient, shop: Shop, extra: dict[str, object]
) -> None:
    body = {"phone": new_phone(), "otp": "123456"} | extra
    answer = await stranger.post("/api/auth/verifyOTP", json=body, headers=shop.headers)
    assert answer.status_code == 400
