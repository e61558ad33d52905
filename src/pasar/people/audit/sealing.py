"""Where do personal values of an entry go? Under the person's own key, which erasing the person destroys.

The keys are kept by `people.privacy`, which stands above this module and registers here. Until it has,
personal values are not kept at all: their names are.
"""

from __future__ import annotations

from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

Personal = dict[str, Any]


class PersonSealer(Protocol):
    """Seals and opens under a person's key."""

    async def seal(self, session: AsyncSession, person_id: UUID, plain: bytes) -> bytes | None:
        """`plain` under the key of the person, which is made when there is none; None for an erased one."""

    async def open(self, session: AsyncSession, person_id: UUID, sealed: bytes) -> bytes | None:
        """What was sealed; None when the key is gone."""


class _Keeper:
    def __init__(self) -> None:
        self.sealer: PersonSealer | None = None


_KEEPER: Final = _Keeper()


def register_sealer(sealer: PersonSealer | None) -> PersonSealer | None:
    """From here on personal values are kept under the keys of `sealer`, none for None. Answers the former."""
    former, _KEEPER.sealer = _KEEPER.sealer, sealer
    return former


async def seal_values(session: AsyncSession, person_id: UUID, values: Personal) -> bytes | None:
    """`values` for the column `sealed`; None when nobody keeps keys, or the person was erased."""
    if _KEEPER.sealer is None or not values:
        return None
    return await _KEEPER.sealer.seal(session, person_id, msgspec.json.encode(values))


async def open_values(session: AsyncSession, person_id: UUID, sealed: bytes) -> Personal | None:
    """What `seal_values` was given; None when the person has been erased since."""
    if _KEEPER.sealer is None:
        return None
    plain = await _KEEPER.sealer.open(session, person_id, sealed)
    return None if plain is None else msgspec.json.decode(plain, type=Personal)
