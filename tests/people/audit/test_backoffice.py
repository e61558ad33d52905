"""The audit log's pages."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.i18n import translator
from pasar.kernel.runtime import Runtime
from pasar.people.audit.field_words import field_words
from support.audit import entries_of
from support.office import staff_office
from support.shops import Shop


async def test_the_list_its_filters_and_one_entry(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    empty = await office.see("/admin/audit?objectType=category")
    assert "Nothing matches" in empty
    await office.done("/admin/categories/new", {"title": "Cups & <b>saucers</b>"})

    text = await office.see("/admin/audit")
    assert "Sari Staff" in text
    assert ">Category</a>" in text
    assert ">Created<" in text
    (entry,) = [one for one in await entries_of(runtime, shop.company_id) if one["object_type"] == "category"]
    page = await office.see(f"/admin/audit/{entry['id']}")
    assert "Cups &amp; &lt;b&gt;saucers&lt;/b&gt;" in page
    assert str(entry["actor_id"]) in page
    assert entry["request_id"] in page
    narrowed = await office.see(f"/admin/audit?actor={entry['actor_id']}&q=saucers")
    assert f'value="{entry["actor_id"]}"' in narrowed
    assert "Nothing matches" not in narrowed
    assert "Nothing matches" in await office.see("/admin/audit?q=plates")
    assert "Nothing matches" in await office.see("/admin/audit?to=2020-01-01")
    assert "Nothing matches" not in await office.see("/admin/audit?from=2020-01-01&to=nonsense")


async def test_in_indonesian(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    office = await staff_office(client, runtime, shop)
    office.language = "id"
    await office.done("/admin/categories/new", {"title": "Cangkir"})

    text = await office.see("/admin/audit")
    assert "Catatan audit" in text
    assert ">Kategori</a>" in text


async def test_a_change_says_in_words_what_it_was_about(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """What is new has every field, so its row names none; one entry names a field by word and by column."""
    office = await staff_office(client, runtime, shop)
    await office.done("/admin/categories/new", {"title": "Cups"})
    (made,) = [one for one in await entries_of(runtime, shop.company_id) if one["object_type"] == "category"]
    new = await office.see("/admin/audit?objectType=category")
    assert "Title" not in new.split("<tbody>")[1]
    fields = {"title": "Mugs", "handle": "cups", "description": "For tea"}
    await office.done(f"/admin/categories/{made['object_id']}", fields)

    changed = (await office.see("/admin/audit?objectType=category&action=category.changed")).split("<tbody>")[
        1
    ]
    assert "Description, Title" in changed
    assert "Began" in (sign_ins := (await office.see("/admin/audit?objectType=sign_in")).split("<tbody>")[1])
    assert "kind" not in sign_ins.lower()
    (entry,) = [
        one for one in await entries_of(runtime, shop.company_id) if one["action"] == "category.changed"
    ]
    page = await office.see(f"/admin/audit/{entry['id']}")
    assert ">Title<br>" in page
    assert "<code>title</code>" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("time_zone", "Time zone"),
        ("secondFactor", "Second factor"),
        ("shipped_at", "Shipped at"),
        ("newThing", "New thing"),
    ],
)
def test_a_field_has_a_word_or_is_spelled_apart(name: str, said: str) -> None:
    assert field_words(name, translator("en")) == said


async def test_the_file(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    office = await staff_office(client, runtime, shop)
    await office.done("/admin/categories/new", {"title": "Cups"})

    answer = await office.client.get("/admin/audit/export?objectType=category", headers=shop.headers)
    assert answer.status_code == 200
    assert answer.text.count("category.created") == 1
    assert "audit.exported" in {one["action"] for one in await entries_of(runtime, shop.company_id)}


async def test_who_may_not_read_it_does_not_see_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop, "orders")

    assert "/admin/audit" not in await office.see("/admin")
    await office.see("/admin/audit", 403)
