"""Sealing, opening, signing: one process's hold on the installation's keys.

Keys are read from the database when first needed, and again when they are older than a second and it matters:
a rotation by another process holds here within a second, without a restart and without a look at each call.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.clock import Clock
from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.crypto.ring import KeyPurpose, Ring, RingKey, fresh_key, ring_of, unwrap, wrap
from pasar.kernel.crypto.sealing import SealBroken, key_of, open_with, seal_with
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.ids import new_id, parse_id

log = structlog.get_logger(__name__)

RELOAD_SECONDS: Final = 1.0
# Machines' clocks differ, and a process may sign with a key for a second after its retirement.
GRACE: Final = timedelta(minutes=2)

READ = "SELECT id, purpose, root_id, wrapped, created_at, retired_at FROM secret_keys"
FIRST_KEY: Final = "secrets.first_key"
"""How the audit log names whoever makes the very first data key."""
# Two processes that start at once agree on one: the index admits a single present key per purpose.
FIRST = """
INSERT INTO secret_keys (id, purpose, root_id, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""


class Secrets:
    """Seals and opens values, and hands out keys for signing tokens.

    `former_key` signs until the first rotation, and verifies for as long as a token signed by it may live:
    `token_seconds`, like any retired signing key.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        roots: Sequence[RootKey],
        *,
        former_key: bytes,
        token_seconds: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._roots = tuple(roots)
        self._former_key = former_key
        self._verifies_for = timedelta(seconds=token_seconds) + GRACE
        self._ring = Ring()
        self._read_at = float("-inf")  # on the monotonic clock, when the read that gave `_ring` began
        self._reading = asyncio.Lock()

    async def seal(self, purpose: str, plain: bytes, *, context: bytes = b"") -> bytes:
        """Seal `plain` for `purpose`, bound to `context` (`context_of(…)`). 45 bytes longer than `plain`.

        Raises `SealBroken` when the root key of the present data key is missing.
        """
        key = await self._data_key()
        if key.key is None:
            raise SealBroken(_missing(key))
        return seal_with(key.id, key.key, plain, purpose=purpose, context=context)

    async def open(self, purpose: str, sealed: bytes, *, context: bytes = b"") -> bytes:
        """What was sealed for `purpose` and `context`. Raises `SealBroken`."""
        key_id = key_of(sealed)
        found = self._ring.named("data", key_id)
        if found is None:
            found = (await self._read_again()).named("data", key_id)
        if found is None:
            raise SealBroken("sealed by a key that this installation does not have")
        if found.key is None:
            raise SealBroken(_missing(found))
        return open_with(found.key, sealed, purpose=purpose, context=context)

    async def signing_key(self) -> tuple[str | None, bytes]:
        """The key that tokens are signed with, and its id for their `kid`; no id before the first rotation.

        Raises `SealBroken` when its root key is missing.
        """
        found = (await self._recent()).present("signing")
        if found is None:
            return None, self._former_key
        if found.key is None:
            raise SealBroken(_missing(found))
        return str(found.id), found.key

    def verifying_key(self, kid: str | None) -> bytes | None:
        """The key that verifies tokens with this `kid`, from memory; None if unknown or past its time.

        An unknown one may be new: `await learn(kid)` looks once.
        """
        now = self._clock.now()
        if kid is None:
            since = self._ring.first_signing_at
            return self._former_key if since is None or now < since + self._verifies_for else None
        found = self._named_signing(kid)
        if found is None or (found.retired_at is not None and now >= found.retired_at + self._verifies_for):
            return None
        return found.key

    async def learn(self, kid: str) -> bytes | None:
        """The same after reading the keys again, at most once a second for all who ask.

        Whoever comes too early waits for the next read: a token signed by a key that is younger than our
        last look must not be refused.
        """
        if _canonical_id(kid) is None:
            return None  # we never gave it out: no look into the database
        if self._named_signing(kid) is None:
            await self._read_again()
        return self.verifying_key(kid)

    async def reload(self) -> Ring:
        """Read the keys now: for commands, and at the start of a process."""
        async with self._reading:
            return await self._read()

    def _named_signing(self, kid: str) -> RingKey | None:
        key_id = _canonical_id(kid)
        return self._ring.named("signing", key_id) if key_id is not None else None

    async def _data_key(self) -> RingKey:
        """The present data key; the very first is made here."""
        found = (await self._recent()).present("data")
        if found is not None:
            return found
        root, key_id = self._roots[0], new_id()
        wrapped = wrap(root, key_id, "data", fresh_key())
        # Whoever happens to be the first to seal something does not make the key: the installation does.
        with acting_as(Acting(kind="job", name=FIRST_KEY)):
            async with self._database.transaction() as session:
                await fetch(session, FIRST, (key_id, "data", root.id, wrapped, self._clock.now()))
        found = (await self.reload()).present("data")
        if found is None:
            raise SealBroken("the installation's data key was removed while it was made")
        return found

    async def _recent(self) -> Ring:
        """The keys as they were at most a second ago."""
        if time.monotonic() - self._read_at < RELOAD_SECONDS:
            return self._ring
        async with self._reading:
            if time.monotonic() - self._read_at < RELOAD_SECONDS:
                return self._ring  # somebody read them while we waited
            return await self._read()

    async def _read_again(self) -> Ring:
        """The keys as they were after this call, read at most once a second."""
        asked_at = time.monotonic()
        async with self._reading:
            if self._read_at >= asked_at:
                return self._ring
            await asyncio.sleep(max(0.0, self._read_at + RELOAD_SECONDS - time.monotonic()))
            return await self._read()

    async def _read(self) -> Ring:
        began = time.monotonic()
        rows = await self._database.rows(READ)
        self._ring = ring_of(self._unwrapped(row) for row in rows)
        self._read_at = began
        for key in self._ring.unreadable:
            log.error("secrets.unreadable", key=str(key.id), purpose=key.purpose, root=key.root_id)
        return self._ring

    def _unwrapped(self, row: asyncpg.Record) -> RingKey:
        key_id, purpose, root_id, wrapped, created_at, retired_at = row
        kind: KeyPurpose = "signing" if purpose == "signing" else "data"
        known = self._ring.named(kind, key_id)
        # What was unwrapped once stays: another root key may wrap it now, one that this process lacks.
        known_key = known.key if known is not None else None
        key = known_key or unwrap(self._roots, root_id, key_id, kind, wrapped)
        return RingKey(key_id, kind, root_id, key, created_at, retired_at)


def _missing(key: RingKey) -> str:
    return f"the root key {key.root_id} is not in PASAR_DATA_KEYS, or is another than it was"


def _canonical_id(text: str) -> UUID | None:
    """The id, if `text` is one as we write it, in lower case."""
    found = parse_id(text)
    return found if found is not None and str(found) == text else None
