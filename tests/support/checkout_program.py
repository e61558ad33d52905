"""A process that checks out a guest's cart through the whole application, and kills itself on the way.

    checkout_program.py ADDRESS COMPANY TOKEN MOMENT

MOMENT is a piece of a statement's text, after which it dies; `COMMIT`, before which it dies; or `answered`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from typing import Any

import asyncpg
import httpx
from sqlalchemy import event

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database
from pasar.roles.assembling import assemble, observed, open_runtime
from support.selling import check_out


def die(*_: Any) -> None:
    """As if the machine had lost its power."""
    os.kill(os.getpid(), signal.SIGKILL)


def watch_driver(moment: str) -> None:
    """Die after the statement also where it goes straight to the driver, as all but the first do."""
    fetch = asyncpg.Connection.fetch

    async def fetch_and_die(self: Any, query: str, *args: Any, **options: Any) -> Any:
        rows = await fetch(self, query, *args, **options)
        if moment in query:
            die()
        return rows

    asyncpg.Connection.fetch = fetch_and_die  # type: ignore[method-assign]


async def main(address: str, company: str, token: str, moment: str) -> None:
    """Check out, and never return."""
    database = await Database.open(parse_address(address))

    def after(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if moment in statement:
            die()

    if moment == "COMMIT":
        event.listen(database.engine.sync_engine, "commit", die)
    else:
        event.listen(database.engine.sync_engine, "after_cursor_execute", after)
        watch_driver(moment)
    settings = load_settings(
        {"PASAR_HOME": tempfile.mkdtemp(), "JWT_SECRET": "x" * 20 + "a-secret-for-tests-only"}
    )
    runtime = open_runtime(settings, database, SystemClock())
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await check_out(client, {"x-company-id": company, "x-session-token": token})
    assert answer.status_code == 201, answer.text
    assert moment == "answered", f"never came to {moment}"
    die()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
