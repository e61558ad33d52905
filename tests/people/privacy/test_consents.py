"""What one agrees to: noted with words, time and place; the last answer counts."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.privacy import consents
from pasar.people.privacy.consents import ConsentPurpose, has_consented
from support.people import bearer, make_person, tokens_for
from support.shops import Shop, make_shop

CONSENTS = "/api/account/consents"


async def test_nobody_agrees_before_they_say_so(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))

    items = (await client.get(CONSENTS, headers=headers)).json()["items"]

    assert {item["purpose"] for item in items} == consents.PURPOSES.keys()
    assert not any(item["given"] or item["at"] for item in items)
    assert not await has_consented(runtime.database, shop.company_id, person.user_id, "marketing")


async def test_yes_and_no_are_records_and_the_last_counts(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))

    for given in (True, True, False, True, False):
        body = {"items": [{"purpose": "marketing", "given": given, "wording": 1}]}
        answer = await client.put(CONSENTS, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert await has_consented(runtime.database, shop.company_id, person.user_id, "marketing") is given

    rows = await runtime.database.rows(
        "SELECT given, wording, at, address FROM consents WHERE user_id = $1 ORDER BY id", person.user_id
    )
    assert [row[0] for row in rows] == [True, False, True, False], "saying the same twice is one record"
    assert all(row[1] == 1 and row[2] and row[3] for row in rows)


async def test_consent_holds_at_one_company_only(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, other = await make_person(runtime, shop), await make_shop(runtime)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    await client.put(CONSENTS, json={"items": [{"purpose": "marketing", "given": True}]}, headers=headers)

    assert await has_consented(runtime.database, shop.company_id, person.user_id, "marketing")
    assert not await has_consented(runtime.database, other.company_id, person.user_id, "marketing")


async def test_new_words_need_a_new_answer(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    yes = {"items": [{"purpose": "marketing", "given": True, "wording": 1}]}
    await client.put(CONSENTS, json=yes, headers=headers)
    monkeypatch.setitem(
        consents.PURPOSES,  # type: ignore[arg-type]  a plain dict behind its read-only type
        "marketing",
        ConsentPurpose("marketing", 2, "More than before."),
    )

    assert not await has_consented(runtime.database, shop.company_id, person.user_id, "marketing")
    stale = await client.put(CONSENTS, json=yes, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (409, "wording_changed")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": []}, 400, "invalid_request"),
        ({"items": [{"purpose": "everything", "given": True}]}, 422, "purpose_unknown"),
        ({"items": [{"purpose": "marketing", "given": "yes"}]}, 400, "invalid_request"),
        ({"items": [{"purpose": "marketing", "given": True, "userId": "x"}]}, 400, "invalid_request"),
    ],
)
async def test_bad_answers(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: object, status: int, code: str
) -> None:
    headers = shop.headers | bearer(await tokens_for(runtime, await make_person(runtime, shop)))

    answer = await client.put(CONSENTS, json=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
