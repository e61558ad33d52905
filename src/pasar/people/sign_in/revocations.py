"""Which sign-ins have ended lately? Heard of within a second, so that customers' tokens need no look-up.

Each web process keeps the sign-ins that ended within an access token's life. A trigger on the table tells of
each by NOTIFY, whoever ended it; this listens on a connection of its own. What is heard is believed for
`LEASE_SECONDS` after the last heartbeat only: a feed that died without a word, a process that stood still, or
a pooler that swallows notifications all end the lease, and tokens are looked up until the feed is whole.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID

import asyncpg
import structlog

from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id, parse_id
from pasar.kernel.metrics import REVOCATION_FEED

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]

log = structlog.get_logger(__name__)

CHANNEL: Final = "pasar_sign_in_ended"  # the trigger `note_ended_sign_in` sends there
BEAT_SECONDS: Final = 0.3
LEASE_SECONDS: Final = 0.9
CONNECT_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 0.5
DEAF_RETRY_SECONDS: Final = 10.0
# A notification comes when its transaction commits, later than the time that its row bears.
MARGIN: Final = timedelta(minutes=10)
FORGET_EVERY: Final = 60.0

ENDED: Final = "SELECT id FROM ended_sign_ins WHERE ended_at > clock_timestamp() - $1::interval"
ECHO: Final = "SELECT pg_notify($1, '')"


class FeedDeaf(Exception):
    """Notifications do not arrive here, although the connection works."""


class Revocations:
    """The sign-ins that ended within `life`, an access token's; `current` says whether all are known."""

    def __init__(self, database: Database, life: timedelta) -> None:
        self._database = database
        self._life = life + MARGIN
        self._heard: dict[UUID, float] = {}  # by the monotonic time until which it is remembered
        self._good_until = 0.0
        self._well = True

    @property
    def current(self) -> bool:
        """Whether everything that ended more than a second ago is known here."""
        return time.monotonic() < self._good_until

    def __contains__(self, sign_in_id: object) -> bool:
        """Whether this sign-in is known to have ended."""
        return sign_in_id in self._heard

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._heard)

    async def follow(self, closing: asyncio.Event) -> None:
        """Listen until `closing`, connecting anew whenever the feed breaks. Never raises for an outage."""
        while not closing.is_set():
            pause = RETRY_SECONDS
            try:
                await self._listen(closing)
            except FeedDeaf:
                pause = DEAF_RETRY_SECONDS
                self._tell_lost(
                    "deaf", hint="LISTEN needs a session of its own: PgBouncer must pool by session"
                )
            except Exception as problem:  # whatever it was, tokens are looked up until it is over
                self._tell_lost(type(problem).__name__)
            finally:
                self._lose()
            if not closing.is_set():
                await _pause(closing, pause)

    async def _listen(self, closing: asyncio.Event) -> None:
        arguments: dict[str, Any] = self._database.address.connect_arguments()
        connection: Connection = await asyncpg.connect(**arguments, timeout=CONNECT_SECONDS)
        connection.add_termination_listener(lambda _: self._lose())
        try:
            async with asyncio.timeout(CONNECT_SECONDS * 2):
                await connection.add_listener(CHANNEL, self._hear)
                await self._prove(connection)
                # After listening: what commits from now on is told, what committed before is read.
                self._remember(row[0] for row in await connection.fetch(ENDED, self._life))
            await self._beat(connection, closing)
        finally:
            with suppress(Exception):
                connection.terminate()

    async def _prove(self, connection: Connection) -> None:
        """Let another connection call this one. Raises `FeedDeaf` when nothing comes."""
        channel = f"pasar_echo_{new_id().hex}"
        arrived = asyncio.Event()

        def hear(*_: object) -> None:
            arrived.set()

        await connection.add_listener(channel, hear)
        await self._database.rows(ECHO, channel)
        try:
            await asyncio.wait_for(arrived.wait(), CONNECT_SECONDS / 2)
        except TimeoutError:
            raise FeedDeaf from None
        await connection.remove_listener(channel, hear)

    async def _beat(self, connection: Connection, closing: asyncio.Event) -> None:
        """Renew the lease as often as the server answers."""
        forget_at = time.monotonic() + FORGET_EVERY
        while not closing.is_set():
            sent = time.monotonic()
            async with asyncio.timeout(LEASE_SECONDS):
                await connection.execute("SELECT 1")
            if not self._good_until:
                REVOCATION_FEED.set(1)
                if not self._well:
                    log.info("revocations.heard_again")
                self._well = True
            self._good_until = sent + LEASE_SECONDS
            if sent > forget_at:
                forget_at = sent + FORGET_EVERY
                self._forget(sent)
            await _pause(closing, BEAT_SECONDS)

    def _hear(self, _connection: object, _process: int, _channel: str, payload: object) -> None:
        sign_in_id = parse_id(str(payload))
        if sign_in_id is not None:
            self._remember((sign_in_id,))

    def _remember(self, ended: Any) -> None:
        until = time.monotonic() + self._life.total_seconds()
        for sign_in_id in ended:
            self._heard[sign_in_id] = until

    def _forget(self, now: float) -> None:
        """Let go of those whose tokens have all expired."""
        self._heard = {sign_in_id: until for sign_in_id, until in self._heard.items() if until > now}

    def _lose(self) -> None:
        self._good_until = 0.0
        REVOCATION_FEED.set(0)

    def _tell_lost(self, reason: str, **more: str) -> None:
        if self._well:
            log.warning("revocations.not_heard", reason=reason, **more)
        self._well = False


async def _pause(closing: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(closing.wait(), seconds)
