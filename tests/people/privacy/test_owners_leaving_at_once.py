"""Two owners of one company who erase themselves at the same moment: one stays."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.privacy.actions.erase_person import erase_person
from support.colleagues import Colleague, make_colleague
from support.shops import Shop, make_shop

ERASE = "/api/account/erase"
OWNERS = """
SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
 WHERE m.company_id = $1 AND m.role = 'owner' AND u.is_active AND u.erased_at IS NULL
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'
"""


async def two_owners(runtime: Runtime) -> tuple[Shop, Colleague, Colleague]:
    shop = await make_shop(runtime)
    return shop, await make_colleague(runtime, shop), await make_colleague(runtime, shop)


@pytest.mark.parametrize("attempt", range(4))
async def test_one_of_them_is_refused(client: httpx.AsyncClient, runtime: Runtime, attempt: int) -> None:
    shop, *both = await two_owners(runtime)
    both = both if attempt % 2 else both[::-1]

    answers = await asyncio.gather(*(client.post(ERASE, headers=one.headers) for one in both))

    codes = sorted((answer.status_code, answer.json().get("code")) for answer in answers)
    assert [status for status, _ in codes] == [200, 409], [answer.text for answer in answers]
    assert codes[1][1] == "last_owner"
    assert len(await runtime.database.rows(OWNERS, shop.company_id)) == 1


async def test_who_comes_second_waits_and_sees_that_the_first_has_gone(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    """The order that hurts, made certain: the second looks at the owners before the first has committed."""
    shop, first, second = await two_owners(runtime)
    async with runtime.database.transaction() as session:
        await erase_person(session, runtime.secrets, first.user_id, runtime.clock.now())
        other = asyncio.create_task(client.post(ERASE, headers=second.headers))
        async with asyncio.timeout(10):
            while await runtime.database.value(WAITING) == 0:  # noqa: ASYNC110  the database makes it wait
                await asyncio.sleep(0.02)
        assert not other.done()
    answer = await other

    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    rows = await runtime.database.rows(OWNERS, shop.company_id)
    assert [row[0] for row in rows] == [second.user_id]


async def test_an_owner_who_is_shut_out_does_not_count(client: httpx.AsyncClient, runtime: Runtime) -> None:
    shop, leaving, shut_out = await two_owners(runtime)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", shut_out.user_id)

    answer = await client.post(ERASE, headers=leaving.headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert len(await runtime.database.rows(OWNERS, shop.company_id)) == 1
