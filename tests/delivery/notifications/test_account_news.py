"""Facts about signing in become mail to the account's owner, in the owner's language, once each."""

from __future__ import annotations

from uuid import UUID

import pytest

from pasar.delivery.notifications.account_news import NEWS_SUBSCRIBERS
from pasar.kernel.events import Fact, record
from pasar.kernel.events.relay import Relay
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.events import ProvingLocked, SignedInElsewhere, SignInWayChanged
from support.letters import letters_to
from support.people import make_person
from support.shops import Shop


def facts(user_id: UUID) -> list[Fact]:
    return [
        SignedInElsewhere(user_id=user_id, sign_in_id=new_id()),
        SignInWayChanged(user_id=user_id, change="connected"),
        SignInWayChanged(user_id=user_id, change="disconnected"),
        ProvingLocked(user_id=user_id, change="second_factor"),
        ProvingLocked(user_id=user_id, change="step_up"),
    ]


@pytest.mark.parametrize(("locale", "word"), [("en", "sign"), ("id", "masuk")])
async def test_the_owner_is_told(runtime: Runtime, shop: Shop, locale: str, word: str) -> None:
    person = await make_person(runtime, shop)
    await runtime.database.rows("UPDATE users SET locale = $2 WHERE id = $1", person.user_id, locale)
    async with runtime.database.transaction() as session:
        for fact in facts(person.user_id):
            await record(session, shop.company_id, fact, at=runtime.clock.now())

    await Relay(runtime, NEWS_SUBSCRIBERS).drain()
    await Relay(runtime, NEWS_SUBSCRIBERS).drain()

    told = await letters_to(runtime, shop, person.email)
    assert len(told) == 5
    assert sum(word in letter.subject for letter in told) == 3


async def test_who_has_no_e_mail_or_no_account_any_more_is_not(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", person.user_id)
    async with runtime.database.transaction() as session:
        for fact in facts(person.user_id):
            await record(session, shop.company_id, fact, at=runtime.clock.now())
    await Relay(runtime, NEWS_SUBSCRIBERS).drain()
    assert await letters_to(runtime, shop, person.email) == []
