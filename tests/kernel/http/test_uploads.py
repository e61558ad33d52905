"""Every route that takes a file, and that each judges it by its content alone."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from pasar.kernel.http.application import LARGEST_BODY
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.drafts import ProductDraft
from pasar.shop.catalog.public import upsert_products
from support.people import make_staff
from support.shops import Shop

# The API's routes with the method, and what they say to a web page that calls itself a picture or a table.
API = {
    "/api/admin/products/{product_id:uuid}/media": ("POST", "picture_unknown"),
    "/api/admin/sites/{site_id:uuid}/logo": ("PUT", "picture_unknown"),
    "/api/auth/me/photo": ("PUT", "picture_unknown"),
    "/api/admin/imports": ("POST", "import_not_csv"),
}
# Pages of the back office and the account go through the same actions.
PAGES = {
    "/admin/products/{product_id:uuid}/media": "/api/admin/products/{product_id:uuid}/media",
    "/admin/sites/{site_id:uuid}/logo": "/api/admin/sites/{site_id:uuid}/logo",
    "/account/photo": "/api/auth/me/photo",
    "/admin/imports": "/api/admin/imports",
}
LIES = [
    ("picture.png", "image/png", b"<!DOCTYPE html><script>alert(1)</script>"),
    ("picture.png", "image/png", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("picture.jpg", "image/jpeg", b"PK\x03\x04" + b"\0" * 500),
    ("goods.csv", "text/csv", b"%PDF-1.7\n"),
]


def test_every_route_that_takes_files_is_known(app: Litestar) -> None:
    found = {
        route.path
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if isinstance(handler.request_max_body_size, int) and handler.request_max_body_size > LARGEST_BODY
    }

    assert found - API.keys() - PAGES.keys() == set(), "add it here: who judges its content?"
    assert (API.keys() | PAGES.keys()) - found == set(), "no longer there: take it out"
    assert set(PAGES.values()) == API.keys()


async def a_product(runtime: Runtime, shop: Shop) -> UUID:
    async with runtime.database.transaction() as session:
        (outcome,) = await upsert_products(
            session,
            shop.company_id,
            [ProductDraft("cup", "Cup")],
            author="test",
            currency="USD",
            at=runtime.clock.now(),
        )
    assert outcome.product_id is not None
    return outcome.product_id


@pytest.mark.parametrize("path", API)
async def test_neither_name_nor_declared_type_is_believed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str
) -> None:
    staff, product = await make_staff(runtime, shop), await a_product(runtime, shop)
    method, code = API[path]
    address = path.replace("{product_id:uuid}", str(product)).replace("{site_id:uuid}", str(shop.site_id))
    data = {"currency": "USD"} if "imports" in path else {}
    for name, kind, content in LIES:
        file = (name, content, kind)
        answer = await client.request(method, address, headers=staff, files={"file": file}, data=data)
        assert (answer.status_code, answer.json()["code"]) == (422, code), name
        assert "alert" not in answer.text
