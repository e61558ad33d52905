"""Where a form leads next, in a header that knows ASCII alone."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.web.answering import local_path, see_other
from support.office import shopper_office
from support.shops import Shop


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/p/é漢?q=ü", "/p/%C3%A9%E6%BC%A2?q=%C3%BC"),
        ("/p/a%20b?q=1&x=%C3%A9#top", "/p/a%20b?q=1&x=%C3%A9#top"),
        ("/", "/"),
    ],
)
def test_what_is_not_ascii_is_encoded_once(path: str, location: str) -> None:
    assert see_other(path).headers["Location"] == location
    assert local_path(path) == path


async def test_a_form_leads_back_to_a_page_of_any_script(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await shopper_office(client, runtime, shop)
    answer = await office.send("/language", {"locale": "id", "back": "/漢"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/%E6%BC%A2"), answer.text
