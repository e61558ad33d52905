"""Holds every test to one rule: whoever acts writes to watched tables inside `database.transaction()`.

Only there is the database told who acts. A statement of the bare pool would change a row without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pasar.kernel.acting import acting_now
from pasar.kernel.db.light_pool import LightPool
from pasar.people.audit.audited import AUDITED

WRITES = re.compile(
    rf"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?({'|'.join(AUDITED)})\b", re.IGNORECASE
)


class UnheardWrite(AssertionError):
    """A write that the audit log cannot hear of."""


def refuse_unheard(statement: str) -> None:
    """Raise `UnheardWrite` for a change of a watched table while somebody acts."""
    found = WRITES.search(statement)
    if found is not None and acting_now() is not None:
        raise UnheardWrite(f"{found[1]} is written on the bare pool while {acting_now()} acts: {statement}")


@pytest.fixture(scope="session", autouse=True)
def heard_writes() -> Iterator[None]:
    """Watch the bare pool in all tests."""
    fetch, execute = LightPool.fetch, LightPool.execute

    async def heard_fetch(pool: LightPool, statement: str, *arguments: object) -> object:
        refuse_unheard(statement)
        return await fetch(pool, statement, *arguments)

    async def heard_execute(pool: LightPool, statement: str, *arguments: object) -> object:
        refuse_unheard(statement)
        return await execute(pool, statement, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LightPool, "fetch", heard_fetch)
        patch.setattr(LightPool, "execute", heard_execute)
        yield
