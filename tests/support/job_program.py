"""A worker in a process of its own, for a test that kills it: `job_program.py DATABASE_URL`.

Its only job, `test.slow`, notes that it began and then never ends.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database
from pasar.kernel.jobs import Job, Worker
from pasar.kernel.logs import configure_logs
from pasar.kernel.runtime import Runtime
from support.relay_program import opened_runtime


async def begin_and_never_end(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Say that it began, and wait to be killed."""
    print("began", payload["number"], flush=True)
    await asyncio.sleep(3600)


async def main(url: str) -> None:
    """Work until killed."""
    configure_logs(level="ERROR", style="json", service="test", role="worker")
    database = await Database.open(parse_address(url))
    async with opened_runtime(database) as runtime:
        await Worker(runtime, [Job("test.slow", begin_and_never_end)], []).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
