"""Whoever's second factors change hears of it by mail, once, in their language, without anything secret."""

from __future__ import annotations

from typing import get_args

import httpx
import pytest

from pasar.delivery.notifications.factor_mails import FACTOR_MAIL_SUBSCRIBERS, KIND
from pasar.delivery.notifications.kinds import Waiting, kind_called
from pasar.kernel.events import Delivered
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.events import FactorChange
from support.factors import make_guarded
from support.shops import Shop

EVENT = """
SELECT id, type, company_id, key, position, occurred_at, data FROM events
 WHERE company_id = $1 AND type = 'user.second_factor_changed'
"""


async def test_one_mail_a_change(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    row = await runtime.database.row(EVENT, shop.company_id)
    assert row is not None
    data = {"userId": str(guarded.person.user_id), "change": "totp_added"}
    fact = Delivered(**dict(row) | {"data": data})
    for _ in range(2):
        async with runtime.database.transaction() as session:
            await FACTOR_MAIL_SUBSCRIBERS[0].handle(runtime, session, fact)
    queued = await runtime.database.rows(
        "SELECT recipient, given::text FROM messages WHERE company_id = $1 AND kind = $2",
        shop.company_id,
        KIND,
    )
    assert [tuple(one) for one in queued] == [(guarded.person.email, '{"change": "totp_added"}')]


async def test_nobody_is_told_of_an_account_that_is_gone(runtime: Runtime, shop: Shop) -> None:
    data = {"userId": str(new_id()), "change": "totp_added"}
    fact = Delivered(
        new_id(), "user.second_factor_changed", shop.company_id, "user:x", 1, runtime.clock.now(), data
    )
    async with runtime.database.transaction() as session:
        await FACTOR_MAIL_SUBSCRIBERS[0].handle(runtime, session, fact)
    count = "SELECT count(*) FROM messages WHERE company_id = $1"
    assert await runtime.database.value(count, shop.company_id) == 0


@pytest.mark.parametrize("change", get_args(FactorChange))
async def test_each_change_has_its_words(runtime: Runtime, shop: Shop, change: str) -> None:
    said = {}
    for locale in ("en", "id"):
        waiting = Waiting(
            shop.company_id, new_id(), KIND, "mail", "a@example.com", locale, {"change": change}, 0
        )
        written = await kind_called(KIND).write(runtime, waiting)
        assert "/account/security" in written.text
        assert "/account/security" in written.html
        said[locale] = written.text
    assert "change your password" in said["en"]
    assert said["id"] != said["en"]
