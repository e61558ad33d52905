"""A relay with the real subscribers that is killed at work: `mail_relay_program.py DATABASE_URL MOMENT`.

It hands one fact over, and dies before it marks the delivery, or after marking it and before the commit.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database
from pasar.kernel.events.facts import Delivered
from pasar.kernel.events.relay import Relay
from pasar.roles.assembling import open_runtime
from pasar.shop.orders.mail_subscribers import MAIL_SUBSCRIBERS
from support.relay_program import die


class DiesBeforeMark(Relay):
    """Dies when the mail is queued and nobody knows."""

    async def _hand_over(self, session: AsyncSession, claimed: tuple[Any, ...]) -> None:
        company_id, event_id, subscriber, key, position, kind, occurred_at, data = claimed
        fact = Delivered(event_id, kind, company_id, key, position, occurred_at, msgspec.json.decode(data))
        await self.subscribers[subscriber].handle(self.runtime, session, fact)
        die("between_handler_and_mark")


class DiesWhileMarking(Relay):
    """Dies when the mail is queued and the delivery marked, and neither committed."""

    async def _hand_over(self, session: AsyncSession, claimed: tuple[Any, ...]) -> None:
        await super()._hand_over(session, claimed)
        die("during_marking")


async def main(url: str, moment: str) -> None:
    """Deliver one fact, and die."""
    relay = DiesBeforeMark if moment == "between_handler_and_mark" else DiesWhileMarking
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"PASAR_HOME": home, "JWT_SECRET": "a-secret-for-tests-only"})
        database = await Database.open(parse_address(url))
        await relay(open_runtime(settings, database, SystemClock()), MAIL_SUBSCRIBERS).drain()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
