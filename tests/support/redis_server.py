"""A real Redis of a test's own: started on a free port, gone with the test, cut off and brought back."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pasar.kernel.config.stores import RedisSettings
from support.processes import free_port

START_SECONDS = 20.0
PASSWORD = "a-password-of-this-test-only"


class RedisServer:
    """`redis-server` without persistence, behind a password."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> RedisSettings:
        """How Pasar reaches it."""
        place = f"127.0.0.1:{self.port}"
        return RedisSettings(f"redis://{place}", place, PASSWORD)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [self._program, *arguments, "--requirepass", PASSWORD, "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        """Cut it off at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A started server. Skips where Redis is not installed, unless PASAR_TEST_ALL=1."""
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("PASAR_TEST_ALL") == "1":
            pytest.fail("redis-server is not installed: apt-get install redis-server")
        pytest.skip("redis-server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pasar-redis-"))
    server = RedisServer(program, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
