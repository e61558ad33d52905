"""`pasar privacy replay`: after a restore, whoever was erased since the backup is erased again."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from asyncpg import PostgresError
from rich.console import Console

from pasar.kernel.config import Settings
from pasar.kernel.files import FilesAway
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.replaying import replay_erasures
from pasar.roles.attaching import runtime_for_command

log = structlog.get_logger(__name__)


async def run_replay(settings: Settings, console: Console, *, since: datetime | None) -> None:
    """Replay, and say how many were erased again. `since` is in UTC."""
    async with runtime_for_command(settings) as runtime:
        erased = await replay_erasures(runtime, since=since.replace(tzinfo=UTC) if since else None)
    console.print(f"{erased} erased again." if erased else "Nobody had to be erased again.")


async def replay_at_start(runtime: Runtime) -> None:
    """The same when a worker starts. Work goes on without it when files or database are away."""
    try:
        await replay_erasures(runtime)
    except (FilesAway, PostgresError, OSError) as problem:
        log.error("privacy.replay_failed", reason=f"{type(problem).__name__}: {problem}"[:200])
