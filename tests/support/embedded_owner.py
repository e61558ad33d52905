"""A process that owns an embedded server, for tests that kill it: `embedded_owner.py HOME`.

Starts the server, adds a row to the table `kept`, prints how many rows there are, and waits.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import asyncpg

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.embedded import EmbeddedPostgres, HomeLock


async def add_a_row(address: DatabaseAddress) -> int:
    """Add a row to `kept`, and answer how many it has."""
    connection = await asyncpg.connect(**address.named("postgres").connect_arguments())
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (id serial)")
        await connection.execute("INSERT INTO kept DEFAULT VALUES")
        return int(await connection.fetchval("SELECT count(*) FROM kept"))
    finally:
        await connection.close()


def main() -> None:
    home = Path(sys.argv[1])
    HomeLock(home).acquire()
    server = EmbeddedPostgres(home)
    address = server.start()
    print("rows", asyncio.run(add_a_row(address)), flush=True)
    if sys.argv[2:] == ["--once"]:
        server.stop()
        return
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
