"""Staff hang pictures at products; everybody may look at the files, for a year."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.drafts import ProductDraft
from pasar.shop.catalog.public import upsert_products
from support.people import make_staff
from support.pictures import bomb, picture_bytes
from support.shops import Shop, make_shop


async def make_product(runtime: Runtime, shop: Shop) -> str:
    async with runtime.database.transaction() as session:
        (outcome,) = await upsert_products(
            session,
            shop.company_id,
            [ProductDraft(f"cup-{new_id().hex}", "Cup")],
            author="test",
            currency="USD",
            at=runtime.clock.now(),
        )
    return str(outcome.product_id)


async def upload(
    client: httpx.AsyncClient, product: str, staff: dict[str, str], content: bytes, alt: str = "A cup"
) -> httpx.Response:
    files = {"file": ("cup.exe", content, "text/html")}
    address = f"/api/admin/products/{product}/media"
    return await client.post(address, headers=staff, files=files, data={"alt": alt})


async def test_an_upload_is_served_in_all_sizes_and_cached_for_ever(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff, product = await make_staff(runtime, shop), await make_product(runtime, shop)
    answer = await upload(client, product, staff, picture_bytes("JPEG", (700, 500)))
    assert answer.status_code == 201, answer.text
    media = answer.json()
    assert (media["status"], media["alt"], media["width"], media["height"]) == ("ready", "A cup", 700, 500)
    assert [size["width"] for size in media["sizes"]] == [160, 480, 700]
    for size in media["sizes"]:
        for kind in ("webp", "jpeg"):
            file = await client.get(size[kind])
            assert file.status_code == 200
            assert file.headers["content-type"] == f"image/{kind}"
            assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
            again = await client.get(size[kind], headers={"if-none-match": file.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
    twice = (await upload(client, product, staff, picture_bytes("JPEG", (700, 500)))).json()
    assert twice["url"] == media["url"]
    assert (twice["position"], twice["id"] != media["id"]) == (2, True)
    stored = "SELECT count(*) FROM pictures WHERE company_id = $1"
    assert await runtime.database.value(stored, shop.company_id) == 1


LIES = [
    # name, declared type, content, answer
    ("photo.png", "image/png", b"<!DOCTYPE html><script>alert(1)</script>", 422),
    ("photo.png", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 422),
    ("photo.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
    ("photo.jpg", "image/jpeg", b"GIF89a/*<script>alert(1)</script>*/=1;", 422),
    ("page.html", "text/html", picture_bytes("PNG", (40, 30)), 201),
    ("../../etc/passwd", "application/x-sh", picture_bytes("JPEG", (40, 30)), 201),
]


@pytest.mark.parametrize(("name", "kind", "content", "status"), LIES)
async def test_name_and_declared_type_count_for_nothing(
    client: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    name: str,
    kind: str,
    content: bytes,
    status: int,
) -> None:
    staff, product = await make_staff(runtime, shop), await make_product(runtime, shop)
    address = f"/api/admin/products/{product}/media"
    answer = await client.post(address, headers=staff, files={"file": (name, content, kind)})

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] in {"picture_unknown", "picture_damaged"}
        return
    file = await client.get(answer.json()["sizes"][0]["webp"])
    assert file.headers["content-type"] == "image/webp"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.content.startswith(b"RIFF")


@pytest.mark.parametrize("name", ["x", "..%2f..%2fsecret", "ab" * 32 + "-480.webp", "AB" * 32 + "-480.jpg"])
async def test_what_is_no_picture_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/media/{name}")).status_code == 404


async def test_bad_uploads_are_refused_with_a_reason(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff, product = await make_staff(runtime, shop), await make_product(runtime, shop)
    address = f"/api/admin/products/{product}/media"

    def said(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    assert said(await upload(client, product, staff, b"<script>")) == (422, "picture_unknown")
    assert said(await upload(client, product, staff, bomb())) == (422, "picture_too_many_pixels")
    assert said(await upload(client, product, staff, b"x" * 10_485_761)) == (413, "picture_too_large")
    assert said(await upload(client, product, staff, b"x" * 12_000_000)) == (413, "body_too_large")
    assert said(await upload(client, product, staff, picture_bytes(), "x" * 501)) == (400, "alt_too_long")
    assert said(await upload(client, str(new_id()), staff, picture_bytes())) == (404, "product_not_found")
    assert said(await client.post(address, headers=staff, files={"other": b"x"})) == (400, "file_required")
    bodies: list[Any] = [
        {},
        {"url": "ftp://x.test/a"},
        {"url": "https://x.test/a", "more": 1},
        [],
        {"url": 5},
    ]
    for body in bodies:
        assert said(await client.post(address, headers=staff, json=body)) == (400, "invalid_body"), body
    broken = {**staff, "content-type": "application/json"}
    assert said(await client.post(address, headers=broken, content=b"{")) == (400, "invalid_body")


async def test_an_address_waits_for_the_job_and_places_can_be_changed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff, product = await make_staff(runtime, shop), await make_product(runtime, shop)
    address = f"/api/admin/products/{product}/media"
    first = (await upload(client, product, staff, picture_bytes())).json()
    second = (await client.post(address, headers=staff, json={"url": "https://img.example/b.png"})).json()
    assert (second["status"], second["sourceUrl"], second["url"]) == (
        "waiting",
        "https://img.example/b.png",
        None,
    )

    order = {"mediaIds": [second["id"], first["id"]]}
    ordered = await client.put(f"{address}/order", headers=staff, json=order)
    assert [item["id"] for item in ordered.json()["items"]] == order["mediaIds"]
    for wrong in ([second["id"]], [second["id"], second["id"]], [second["id"], str(new_id())]):
        refused = await client.put(f"{address}/order", headers=staff, json={"mediaIds": wrong})
        assert refused.json()["code"] == "media_order_incomplete"

    changed = await client.patch(f"/api/admin/media/{first['id']}", headers=staff, json={"alt": "A blue cup"})
    assert changed.json()["alt"] == "A blue cup"
    assert (await client.delete(f"/api/admin/media/{second['id']}", headers=staff)).status_code == 204
    assert [item["id"] for item in (await client.get(address, headers=staff)).json()["items"]] == [
        first["id"]
    ]
    assert (await client.delete(f"/api/admin/media/{second['id']}", headers=staff)).status_code == 404


async def test_another_company_finds_nothing(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff, product = await make_staff(runtime, shop), await make_product(runtime, shop)
    media = (await upload(client, product, staff, picture_bytes())).json()["id"]
    other = await make_staff(runtime, await make_shop(runtime))
    for known, unknown in ((product, str(new_id())),):
        answers = [(await upload(client, one, other, picture_bytes())) for one in (known, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert (
        await client.patch(f"/api/admin/media/{media}", headers=other, json={"alt": "x"})
    ).status_code == 404
    assert (await client.delete(f"/api/admin/media/{media}", headers=other)).status_code == 404
    assert (await client.delete(f"/api/admin/media/{media}", headers=shop.headers)).status_code == 401
