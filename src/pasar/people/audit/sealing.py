"""Where do personal values of an entry go? Under the person's own key, which erasing the person destroys.

The keys are kept by `people.privacy`, which stands above this module and registers here. Until it has,
personal values are not kept at all: their names are.
"""

from __future__ import annotations

from typing import Any, Final, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from pasar.kernel.db.database import Database

Personal = dict[str, Any]


class PersonSealer(Protocol):
    """Seals and opens under a person's key."""

    async def seal(self, session: AsyncSession, person_id: UUID, plain: bytes) -> bytes | None:
        """`plain` under the key of the person, which is made when there is none; None for an erased one."""

    async def open(self, session: AsyncSession, person_id: UUID, sealed: bytes) -> bytes | None:
        """What was sealed; None when the key is gone."""


# One keeper per database, so that two runtimes in one process do not seal with each other's keys.
_KEEPERS: Final[WeakKeyDictionary[AsyncEngine, PersonSealer]] = WeakKeyDictionary()


def register_sealer(sealer: PersonSealer | None, database: Database) -> PersonSealer | None:
    """From here on personal values in `database` are kept under the keys of `sealer`, none for None.

    Answers the former.
    """
    former = _KEEPERS.pop(database.engine, None)
    if sealer is not None:
        _KEEPERS[database.engine] = sealer
    return former


def _keeper(session: AsyncSession) -> PersonSealer | None:
    return _KEEPERS.get(session.bind) if isinstance(session.bind, AsyncEngine) else None


async def seal_values(session: AsyncSession, person_id: UUID, values: Personal) -> bytes | None:
    """`values` for the column `sealed`; None when nobody keeps keys, or the person was erased."""
    keeper = _keeper(session)
    if keeper is None or not values:
        return None
    return await keeper.seal(session, person_id, msgspec.json.encode(values))


async def open_values(session: AsyncSession, person_id: UUID, sealed: bytes) -> Personal | None:
    """What `seal_values` was given; None when the person has been erased since.

    Raises `SealBroken` when it does not open though nobody was erased: changed, or a key is missing.
    """
    keeper = _keeper(session)
    if keeper is None:
        return None
    plain = await keeper.open(session, person_id, sealed)
    return None if plain is None else msgspec.json.decode(plain, type=Personal)
