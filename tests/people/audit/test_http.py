"""Reading the audit log over the API: filters, search, one entry, the file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.acting import Acting
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.audit.public import audit_event, register_sealer
from support.audit import entries_of
from support.people import make_customer, make_staff
from support.shops import Shop, make_shop

URL = "/api/admin/audit"


class Keys:
    """A keeper of keys: what `people.privacy` is for the product."""

    def __init__(self) -> None:
        self.keys: dict[UUID, int] = {}

    async def seal(self, session: AsyncSession, person_id: UUID, plain: bytes) -> bytes | None:
        """Each byte exclusive-or the person's key."""
        key = self.keys.setdefault(person_id, 1 + len(self.keys))
        return bytes(byte ^ key for byte in plain)

    async def open(self, session: AsyncSession, person_id: UUID, sealed: bytes) -> bytes | None:
        """The other way round, while there is a key."""
        key = self.keys.get(person_id)
        return None if key is None else bytes(byte ^ key for byte in sealed)


async def note(runtime: Runtime, shop: Shop, action: str, object_id: str = "1", **more: object) -> None:
    """An entry by a job, or by whom `who` says."""
    who = more.pop("who", Acting(kind="job", name="test", company_id=shop.company_id))
    async with runtime.database.transaction() as session:
        await audit_event(session, who, action, action.partition(".")[0], object_id, **more)  # type: ignore[arg-type]  # tests name them in plain


async def actions(client: httpx.AsyncClient, headers: dict[str, str], **filters: object) -> list[str]:
    answer = await client.get(URL, headers=headers, params=filters)  # type: ignore[arg-type]  # text and numbers
    assert answer.status_code == 200, answer.text
    found = [entry["action"] for entry in answer.json()["items"]]
    return [action for action in found if not action.startswith("sign_in.")]  # those of who asks


async def test_a_call_leaves_who_what_and_from_where(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    made = await client.post(
        "/api/admin/categories", json={"title": "Cups"}, headers=owner | {"user-agent": "Till 1.0"}
    )
    assert made.status_code == 201, made.text

    (entry, _began) = (await client.get(URL, headers=owner)).json()["items"]
    assert (entry["action"], entry["objectType"]) == ("category.created", "category")
    assert entry["objectId"] == made.json()["id"]
    assert entry["before"] is None
    assert entry["after"]["title"] == "Cups"
    assert entry["actor"]["kind"] == "staff"
    assert entry["requestId"] == made.headers["x-request-id"]
    assert (entry["address"], entry["agent"]) == ("127.0.0.1", "Till 1.0")
    one = await client.get(f"{URL}/{entry['id']}", headers=owner)
    assert one.json() == entry


async def test_each_filter_narrows(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner, somebody = await make_staff(runtime, shop), new_id()
    who = Acting(kind="staff", company_id=shop.company_id, actor_id=somebody, request_id="req-abc-123")
    await note(runtime, shop, "thing.made", "7", after={"title": "Walnut Tray", "sku": "TRAY-WAL"})
    await note(runtime, shop, "thing.changed", "8", who=who)
    await note(runtime, shop, "other.changed", "8")
    both = ["other.changed", "thing.changed", "thing.made"]

    assert await actions(client, owner) == both
    assert await actions(client, owner, actor=str(somebody)) == ["thing.changed"]
    assert await actions(client, owner, action="thing.made") == ["thing.made"]
    assert await actions(client, owner, objectType="thing") == ["thing.changed", "thing.made"]
    assert await actions(client, owner, objectType="thing", objectId="8") == ["thing.changed"]
    now = datetime.now(UTC)
    assert await actions(client, owner, **{"from": (now - timedelta(minutes=5)).isoformat()}) == both
    assert await actions(client, owner, **{"from": (now + timedelta(minutes=5)).isoformat()}) == []
    assert await actions(client, owner, to=(now - timedelta(minutes=5)).isoformat()) == []
    for words in ("walnut", "WAL", "tray wal", "TRAY-WAL", "thing.made"):
        assert await actions(client, owner, q=words) == ["thing.made"], words
    assert await actions(client, owner, q="req-abc-123") == ["thing.changed"]
    assert await actions(client, owner, q="walnut cups") == []


@pytest.mark.parametrize("words", ["'", "\\", "a:b & | !", "(", "':*", "%", "\x00", "'' || zz", "<->", "  "])
async def test_no_word_of_a_search_means_more_than_itself(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, words: str
) -> None:
    owner = await make_staff(runtime, shop)
    await note(runtime, shop, "thing.made")

    assert await actions(client, owner, q=words) == ([] if words.strip("\x00 ") else ["thing.made"])


async def test_pages_follow_each_other(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_staff(runtime, shop)
    for number in range(5):
        await note(runtime, shop, f"thing.made{number}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await client.get(URL, headers=owner, params={"limit": 2, "cursor": cursor, "objectType": "thing"})
        ).json()
        seen += [entry["action"] for entry in page["items"]]
        cursor = page["nextCursor"]

    assert sorted(seen) == [f"thing.made{number}" for number in range(5)]
    bad = await client.get(URL, headers=owner, params={"cursor": "x"})
    assert (bad.status_code, bad.json()["code"]) == (400, "cursor_malformed")


async def test_a_time_says_its_zone(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_staff(runtime, shop)

    answer = await client.get(URL, headers=owner, params={"from": "2026-11-21T09:00:00"})
    assert (answer.status_code, answer.json()["code"]) == (400, "time_zone_missing")


async def test_nothing_of_another_company(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    other = await make_shop(runtime)
    await note(runtime, other, "thing.made", after={"title": "Secret Lamp"})
    (entry,) = await entries_of(runtime, other.company_id)
    owner = await make_staff(runtime, shop)

    assert await actions(client, owner) == []
    assert await actions(client, owner, q="secret") == []
    assert await actions(client, owner, q=f"company:{other.company_id}") == []
    answer = await client.get(f"{URL}/{entry['id']}", headers=owner)
    unknown = await client.get(f"{URL}/{new_id()}", headers=owner)
    assert (answer.status_code, answer.json()["code"]) == (404, "entry_not_found")
    assert answer.json() | {"requestId": ""} == unknown.json() | {"requestId": ""}


@pytest.mark.parametrize("path", ["", "/export", "/01936b2a-0000-7000-8000-00000000dead"])
async def test_who_may_not(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str) -> None:
    _, customer = await make_customer(runtime, shop)
    clerk = await make_staff(runtime, shop, "orders")

    assert (await client.get(URL + path, headers=shop.headers)).status_code == 401
    assert (await client.get(URL + path, headers=customer)).status_code == 403
    assert (await client.get(URL + path, headers=clerk)).status_code == 403


async def test_the_file_as_csv_is_safe_and_noted(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    await note(runtime, shop, "thing.made", '=HYPERLINK("http://evil.example")', after={"title": "-1+1"})

    answer = await client.get(f"{URL}/export", headers=owner, params={"objectType": "thing"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="audit.csv"' in answer.headers["content-disposition"]
    heading, row = csv.reader(io.StringIO(answer.text))
    assert heading[:6] == ["id", "at", "actorKind", "actorId", "actorName", "action"]
    assert row[heading.index("objectId")] == '\'=HYPERLINK("http://evil.example")'
    assert row[heading.index("after")] == '{"title":"-1+1"}'
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    (noted,) = (await client.get(URL, headers=owner, params={"action": "audit.exported"})).json()["items"]
    assert noted["after"] == {"format": "csv", "objectType": "thing"}
    assert noted["requestId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_words_that_were_searched_for_are_not_kept(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, form: str
) -> None:
    owner, object_id = await make_staff(runtime, shop), str(new_id())
    ours = {"action": "cart.made", "objectType": "cart", "objectId": object_id}
    typed = {"action": "word4b7@example.com", "objectType": "Ann Word4b7", "objectId": "+62word4b7"}

    for filters in (ours, typed):
        asked = {"format": form, "from": "2026-01-01T00:00:00Z", "q": "word4b7@example.com", **filters}
        assert (await client.get(f"{URL}/export", headers=owner, params=asked)).status_code == 200

    told = [one for one in await entries_of(runtime, shop.company_id) if one["action"] == "audit.exported"]
    assert [(one["after"], one["withheld"]) for one in told] == [
        ({"format": form, "from": "2026-01-01T00:00:00+00:00", **ours}, ["q"]),
        (
            {"format": form, "from": "2026-01-01T00:00:00+00:00"},
            ["action", "objectId", "objectType", "q"],
        ),
    ]
    assert "word4b7" not in str(told).lower()
    assert [one["sealed"] for one in told] == [None, None]


async def test_the_file_as_lines_of_json_has_all_pages(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    await runtime.database.rows(
        "INSERT INTO audit_entries (company_id, actor_kind, action, object_type, object_id) "
        "SELECT $1, 'job', 'thing.changed', 'thing', n::text FROM generate_series(1, 1203) n",
        shop.company_id,
    )

    answer = await client.get(
        f"{URL}/export", headers=owner, params={"format": "jsonl", "objectType": "thing"}
    )
    found = [msgspec.json.decode(line) for line in answer.text.splitlines()]
    assert {entry["objectId"] for entry in found} == {str(number) for number in range(1, 1204)}
    assert len(found) == 1203


async def test_personal_values_open_until_the_person_is_erased(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, person, keys = await make_staff(runtime, shop), new_id(), Keys()
    who = Acting(
        kind="customer", company_id=shop.company_id, actor_id=person, address="192.0.2.9", agent="Safari"
    )
    former = register_sealer(keys, runtime.database)
    try:
        await note(
            runtime,
            shop,
            "account.changed",
            who=who,
            person=person,
            personal={"email": ("ann@old.example", "ann@new.example")},
        )
        (stored,) = [
            one for one in await entries_of(runtime, shop.company_id) if one["action"] == "account.changed"
        ]
        assert (stored["withheld"], stored["address"], stored["agent"]) == (["email"], "", "")
        assert b"ann@" not in stored["sealed"]
        one = (await client.get(f"{URL}/{stored['id']}", headers=owner)).json()
        assert one["personal"] == {
            "before": {"email": "ann@old.example"},
            "after": {"email": "ann@new.example"},
            "address": "192.0.2.9",
            "agent": "Safari",
        }
        del keys.keys[person]
        gone = (await client.get(f"{URL}/{stored['id']}", headers=owner)).json()
        assert (gone["personal"], gone["erased"], gone["withheld"]) == (None, True, ["email"])
    finally:
        register_sealer(former, runtime.database)


async def test_without_a_keeper_of_keys_no_personal_value_is_kept(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    who = Acting(kind="customer", company_id=shop.company_id, address="192.0.2.9", agent="Safari")
    former = register_sealer(None, runtime.database)
    try:
        await note(runtime, shop, "account.changed", who=who, person=new_id(), personal={"name": ("A", "B")})
    finally:
        register_sealer(former, runtime.database)

    (entry,) = await entries_of(runtime, shop.company_id)
    assert (entry["actor_kind"], entry["withheld"], entry["sealed"]) == ("guest", ["name"], None)
    assert (entry["address"], entry["before"], entry["after"]) == ("", None, None)
