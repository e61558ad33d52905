"""Every channel of short texts keeps the port's promises: a provider that comes is added to `CHANNELS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pasar.delivery.notifications.channels.channel import RefusedForGood
from pasar.delivery.notifications.channels.choosing import TEXT_PROVIDERS, text_channel
from pasar.delivery.notifications.channels.outbox_texts import OutboxTexts
from pasar.delivery.notifications.channels.texting import Text, TextChannel
from pasar.kernel.config import Environment
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime

CHANNELS: dict[str, Callable[[Database], TextChannel]] = {"outbox": OutboxTexts}
A_MESSAGE = """
INSERT INTO messages (company_id, id, kind, channel, recipient, locale, dedupe_key, created_at)
VALUES ($1, $2, 'test', 'sms', $3, 'en', $4, now())
"""


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest, database: Database) -> TextChannel:
    """Each that takes texts."""
    return CHANNELS[request.param](database)


async def a_text(database: Database, runtime: Runtime, **changes: Any) -> Text:
    text = Text(new_id(), new_id(), "+6281234567890", "A shop", "Your code", "123456", runtime.clock.now())
    text = replace(text, **changes)
    await database.rows(A_MESSAGE, text.company_id, text.id, text.recipient, str(text.id))
    return text


async def test_a_text_is_taken_and_named_and_taken_again(
    channel: TextChannel, database: Database, runtime: Runtime
) -> None:
    text = await a_text(database, runtime)
    assert channel.name
    assert await channel.send(text) != ""
    assert await channel.send(text) != ""


@pytest.mark.parametrize(
    "recipient", ["081234567890", "ann@example.com", "+0", "", "+62812\n345", "+" + "1" * 30]
)
async def test_what_is_no_number_is_refused_for_good_without_telling_it(
    channel: TextChannel, database: Database, runtime: Runtime, recipient: str
) -> None:
    with pytest.raises(RefusedForGood) as refused:
        await channel.send(await a_text(database, runtime, recipient=recipient))
    assert not recipient or recipient not in str(refused.value)


def test_production_has_no_mailbox(runtime: Runtime) -> None:
    production = replace(runtime, settings=replace(runtime.settings, environment=Environment.PRODUCTION))
    assert set(TEXT_PROVIDERS) == {"whatsapp", "sms"}
    assert [text_channel(production, name) for name in TEXT_PROVIDERS] == [None, None]
    assert text_channel(runtime, "sms") is not None
