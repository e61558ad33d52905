"""Who comes in behind each guard, and which forms are believed."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.http.csrf import FIELD, csrf_token
from pasar.kernel.runtime import Runtime
from support.people import make_customer, make_staff
from support.shops import Shop, make_shop

SESSION = "5" * 64
COOKIE = {"cookie": f"pasar_session={SESSION}"}

# path, guest, customer, owner, owner of another company
DOORS = [
    ("/api/probe/who", 200, 200, 200, 403),
    ("/api/probe/signed-in", 401, 200, 200, 403),
    ("/api/probe/customer", 401, 200, 403, 403),
    ("/api/probe/staff", 401, 403, 200, 403),
]


@pytest.mark.parametrize(("path", "guest", "shopper", "owner", "stranger"), DOORS)
async def test_doors(
    probe: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    path: str,
    guest: int,
    shopper: int,
    owner: int,
    stranger: int,
) -> None:
    _, as_customer = await make_customer(runtime, shop)
    stranger_of = await make_staff(runtime, await make_shop(runtime))
    callers = [shop.headers, as_customer, await make_staff(runtime, shop), stranger_of | shop.headers]

    answers = [await probe.get(path, headers=headers) for headers in callers]

    assert [answer.status_code for answer in answers] == [guest, shopper, owner, stranger]
    for answer in answers:
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "sent", ["Basic b3duZXI6cGFzcw==", "Bearer", "Bearer  ", "Bearer not.a.token", "token"]
)
async def test_a_token_that_is_none_is_refused_even_where_guests_may_come(
    probe: httpx.AsyncClient, shop: Shop, sent: str
) -> None:
    answer = await probe.get("/api/probe/who", headers={**shop.headers, "authorization": sent})

    assert answer.status_code == 401


async def test_a_token_of_another_company(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, as_customer = await make_customer(runtime, shop)
    other = await make_shop(runtime)

    answer = await probe.get("/api/probe/who", headers={**as_customer, **other.headers})

    assert (answer.status_code, answer.json()["code"]) == (403, "company_mismatch")


async def test_a_company_that_is_none(probe: httpx.AsyncClient) -> None:
    malformed = await probe.get("/api/probe/who", headers={"x-company-id": "seven"})
    unknown = await probe.get(
        "/api/probe/who", headers={"x-company-id": "01936b2a-0000-7000-8000-00000000dead"}
    )

    assert (malformed.status_code, malformed.json()["code"]) == (400, "company_id_malformed")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "company_required")


async def test_a_form_with_its_token(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    form = {FIELD: csrf_token(runtime, SESSION), "name": "Sari"}

    answer = await probe.post("/probe/page", data=form, headers={**shop.headers, **COOKIE})

    assert (answer.status_code, answer.text) == (201, "Sari")


async def test_forms_that_are_not_believed(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    right, of_another = csrf_token(runtime, SESSION), csrf_token(runtime, "6" * 64)
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        ({"name": "Sari"}, COOKIE),
        ({FIELD: "", "name": "Sari"}, COOKIE),
        ({FIELD: of_another}, COOKIE),
        ({FIELD: right[:-1]}, COOKIE),
        ({FIELD: right}, {}),
        ({FIELD: right}, {"cookie": "pasar_session=short"}),
    ]

    for form, cookie in forged:
        answer = await probe.post("/probe/page", data=form, headers={**shop.headers, **cookie})
        assert (answer.status_code, answer.json()["code"]) == (403, "form_expired"), (form, cookie)


async def test_a_token_in_a_file_form(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    form = {FIELD: csrf_token(runtime, SESSION), "name": "Sari"}
    files = {"picture": ("a.png", b"x", "image/png")}

    answer = await probe.post("/probe/page", data=form, files=files, headers={**shop.headers, **COOKIE})

    assert (answer.status_code, answer.text) == (201, "Sari")


async def test_looking_needs_no_token(probe: httpx.AsyncClient, shop: Shop) -> None:
    assert (await probe.get("/probe/page", headers=shop.headers)).status_code == 200


async def test_a_form_of_the_back_office_by_a_guest(
    probe: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    form = {FIELD: csrf_token(runtime, SESSION)}

    answer = await probe.post("/probe/admin", data=form, headers={**shop.headers, **COOKIE})

    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
