"""What people were written: the letters that wait are carried and sent, then read in the mailbox."""

from __future__ import annotations

import re

from pasar.delivery.notifications.account_subscribers import ACCOUNT_SUBSCRIBERS
from pasar.delivery.notifications.actions.send_message import send_message
from pasar.delivery.notifications.queries import KeptMail, outbox
from pasar.kernel.events.relay import Relay
from pasar.kernel.runtime import Runtime
from support.shops import Shop

QUEUED = "SELECT id FROM messages WHERE company_id = $1 AND state = 'queued' ORDER BY id"
_TOKEN = re.compile(r"/(?:verify-email|reset-password)/([0-9a-f]{64})")
_CODE = re.compile(r"\b[0-9]{6}\b")


async def send_letters(runtime: Runtime, shop: Shop) -> None:
    """Do what the relay and the worker do: carry the facts about accounts, send the shop's messages."""
    await Relay(runtime, ACCOUNT_SUBSCRIBERS).drain()
    for row in await runtime.database.rows(QUEUED, shop.company_id):
        await send_message(runtime, {"companyId": str(shop.company_id), "messageId": str(row["id"])})


async def letters_to(runtime: Runtime, shop: Shop, recipient: str) -> list[KeptMail]:
    """What was written to an address or a number, the newest first, after sending what waits."""
    await send_letters(runtime, shop)
    return await outbox(runtime.database, shop.company_id, to=recipient, limit=50)


async def token_to(runtime: Runtime, shop: Shop, recipient: str) -> str:
    """The token of the newest letter to an address."""
    found = _TOKEN.search((await letters_to(runtime, shop, recipient))[0].text)
    assert found, "the letter carries a link"
    return found[1]


async def code_to(runtime: Runtime, shop: Shop, phone: str) -> str:
    """The code of the newest letter to a number or address."""
    found = _CODE.search((await letters_to(runtime, shop, phone))[0].text)
    assert found, "the letter carries a code"
    return found[0]
