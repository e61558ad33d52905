"""The server under test: `pasar serve` as operators start it in production, on a port of its own."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pasar.kernel.config.edge import MOST_CALLS
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.calls import Call
from pasar.roles.bench.databases import address_text

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 15.0


class ServerFailed(Exception):
    """The server did not start; the text holds its last words."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where it answers, and which process it is (None when it runs elsewhere)."""

    host: str
    port: int
    pid: int | None


@asynccontextmanager
async def serving(folder: Path, database: DatabaseAddress) -> AsyncIterator[RunningServer]:
    """Start the server on `database`, wait until it is ready, stop it at the end. Raises `ServerFailed`."""
    port = free_port()
    log = folder / "server.log"
    process = _start(_environment(folder, database, port), folder, log)
    try:
        await _until_ready(process, port, log)
        yield RunningServer("127.0.0.1", port, process.pid)
    finally:
        _stop(process)


def _start(environment: dict[str, str], folder: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-c", "from pasar.cli import main; main()", "serve"],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def _environment(folder: Path, database: DatabaseAddress, port: int) -> dict[str, str]:
    """Only what an operator would set: nothing of the caller's own settings gets through."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
        if name in os.environ
    }
    return kept | {
        "PASAR_ENV": "production",
        "PASAR_HOME": str(folder / "server"),
        "DATABASE_URL": address_text(database),
        "JWT_SECRET": secrets.token_urlsafe(48),
        "PASAR_DATA_KEYS": f"bench:{secrets.token_urlsafe(32)}",
        "PORT": str(port),
        # All clients of the bench share one address; the limiter's own cost stays, and has a row.
        "RATE_LIMIT_MAX": str(MOST_CALLS),
    }


async def _until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    wire = Call("GET", "/health/ready").wire(f"127.0.0.1:{port}")
    for _ in range(int(START_SECONDS / 0.05)):
        if process.poll() is not None:
            break
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.write(wire)
        answer = await reader.readline()
        writer.close()
        if b" 200 " in answer:
            return
        await asyncio.sleep(0.05)
    raise ServerFailed(f"The server did not become ready:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
