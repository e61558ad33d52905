"""Staff send a file, ask how it goes, and fetch the catalogue back."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.files import FileMissing
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.importing.run_import import run_import
from support.people import make_staff
from support.shops import Shop, make_shop

CSV = b"Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\ncup,Cup,A,5.00,3\nbad,Bad,B,free,1\n"


async def send(
    client: httpx.AsyncClient, staff: dict[str, str], content: bytes, **parts: str
) -> httpx.Response:
    data = {"currency": "USD", **parts}
    return await client.post(
        "/api/admin/imports", headers=staff, files={"file": ("goods.csv", content)}, data=data
    )


async def run(runtime: Runtime, shop: Shop, import_id: str) -> None:
    await run_import(runtime, {"companyId": str(shop.company_id), "importId": import_id})


async def test_a_file_is_taken_run_by_a_job_and_reported(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    answer = await send(client, staff, CSV)
    assert answer.status_code == 202, answer.text
    import_id = answer.json()["id"]
    assert answer.json()["status"] == "waiting"
    queued = "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'catalog.import' AND dedupe_key = $1"
    assert await runtime.database.value(queued, f"catalog.import:{import_id}") == 1

    key = await runtime.database.value("SELECT file_key FROM catalog_imports WHERE id = $1", import_id)
    assert await runtime.files.get(key) == CSV
    await run(runtime, shop, import_id)
    report = (await client.get(f"/api/admin/imports/{import_id}", headers=staff)).json()
    assert (report["status"], report["created"], report["errors"]) == ("done", 2, 1)
    assert [(p["line"], p["code"], p["column"]) for p in report["problems"]] == [
        (3, "price_invalid", "Variant Price")
    ]
    with pytest.raises(FileMissing):
        await runtime.files.get(key)
    await run(runtime, shop, import_id)
    assert (await client.get(f"/api/admin/imports/{import_id}", headers=staff)).json() == report
    listed = (await client.get("/api/admin/imports", headers=staff)).json()["items"]
    assert [(item["id"], item["problems"]) for item in listed] == [(import_id, [])]

    exported = await client.get("/api/admin/exports/products.csv", headers=staff)
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert exported.text.splitlines()[1].startswith("cup,Cup,")
    assert (
        await client.get("/api/admin/exports/products.csv?currency=XXQ", headers=staff)
    ).status_code == 422


async def test_a_strict_import_with_errors_is_undone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    import_id = (await send(client, staff, CSV, strict="true")).json()["id"]
    await run(runtime, shop, import_id)
    report = (await client.get(f"/api/admin/imports/{import_id}", headers=staff)).json()
    assert (report["status"], report["created"], report["errors"]) == ("undone", 0, 1)
    products = "SELECT count(*) FROM products WHERE company_id = $1"
    assert await runtime.database.value(products, shop.company_id) == 0


async def test_a_job_that_was_killed_is_run_again(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    import_id = (await send(client, staff, CSV)).json()["id"]
    left = "UPDATE catalog_imports SET status = 'running', rows = 1 WHERE id = $1"  # by the killed worker
    await runtime.database.rows(left, import_id)
    await run(runtime, shop, import_id)
    report = (await client.get(f"/api/admin/imports/{import_id}", headers=staff)).json()
    assert (report["status"], report["created"]) == ("done", 2)


async def test_a_vanished_file_is_said(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    import_id = (await send(client, staff, CSV)).json()["id"]
    await runtime.files.delete(f"imports/{shop.company_id}/{import_id}.csv")
    await run(runtime, shop, import_id)
    report = (await client.get(f"/api/admin/imports/{import_id}", headers=staff)).json()
    assert report["status"] == "failed"
    assert "Upload it again" in report["problems"][0]["message"]


async def test_bad_uploads_are_refused(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)

    def said(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    assert said(await send(client, staff, CSV, currency="usd")) == (422, "currency_unknown")
    assert said(await send(client, staff, CSV, strict="maybe")) == (400, "invalid_request")
    assert said(await send(client, staff, b"")) == (422, "import_empty")
    assert said(await send(client, staff, CSV, more="x")) == (400, "file_required")
    assert said(await client.post("/api/admin/imports", headers=staff, json={})) == (400, "file_required")
    assert said(await send(client, shop.headers, CSV)) == (401, "sign_in_required")
    other = await make_staff(runtime, await make_shop(runtime))
    import_id = (await send(client, staff, CSV)).json()["id"]
    for one in (import_id, str(new_id())):
        assert said(await client.get(f"/api/admin/imports/{one}", headers=other)) == (404, "import_not_found")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + b"\0" * 100,  # what a spreadsheet program saves
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
        b"\x1f\x8b\x08" + b"\0" * 100,
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"\x7fELF" + b"\0" * 100,
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf\n <svg onload='alert(1)'/>",
        b"<?xml version='1.0'?><x/>",
    ],
)
async def test_a_file_is_known_by_its_content_and_not_by_its_name(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, content: bytes
) -> None:
    staff = await make_staff(runtime, shop)
    answer = await send(client, staff, content)

    assert (answer.status_code, answer.json()["code"]) == (422, "import_not_csv")
    imports = await runtime.database.value(
        "SELECT count(*) FROM catalog_imports WHERE company_id = $1", shop.company_id
    )
    assert imports == 0
    folder = runtime.settings.files / "imports" / str(shop.company_id)
    assert [*folder.rglob("*.csv")] == [], "nothing is kept"


async def test_a_table_is_taken_under_any_name(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    files = {"file": ("goods.exe", b"\xef\xbb\xbf" + CSV, "application/x-msdownload")}
    answer = await client.post("/api/admin/imports", headers=staff, files=files, data={"currency": "USD"})

    assert answer.status_code == 202


async def test_one_key_is_one_import(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    """Sent again by the same program, the body has another boundary: its parts are what counts."""
    staff = await make_staff(runtime, shop) | {"idempotency-key": "once"}
    first, again = await send(client, staff, CSV), await send(client, staff, CSV)
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert (first.status_code, again.status_code) == (202, 202), again.text
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    known = "SELECT file_key FROM catalog_imports WHERE company_id = $1"
    ((key,),) = await runtime.database.rows(known, shop.company_id)
    for changed in (await send(client, staff, CSV + b"x"), await send(client, staff, CSV, strict="true")):
        assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")
    folder = runtime.settings.home
    kept = [path.name for path in folder.rglob(f"*{shop.company_id}*/*.csv")]
    assert kept == [key.rsplit("/", 1)[1]], "what was not wanted does not stay"
