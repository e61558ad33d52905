"""`pasar` as people start it: a process with a home and a port of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from pasar.kernel.db.embedded import EmbeddedPostgres

START_SECONDS = 120  # five times what the first start with the demo's seeding takes on a slow machine
PROGRAM = (sys.executable, "-W", "ignore", "-c", "from pasar.cli import main; main()")


@dataclass
class Pasar:
    """A started `pasar up`."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    output: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """Everything that it has printed."""
        return self.output.read_text()

    def postmaster(self) -> int:
        """The process number of its database."""
        note = EmbeddedPostgres(self.home).places.data / "postmaster.pid"
        return int(note.read_text().split()[0])

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and answer its exit code."""
        self.process.send_signal(by)
        return self.process.wait(50)


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    """What a process is given, free of what this one was."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PASAR_HOME": str(home), "PORT": str(port), "COLUMNS": "200", **more}


def run_pasar(home: Path, port: int, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=environment(home, port, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def new_home() -> Iterator[Path]:
    """A home that the embedded server's user may enter."""
    home = Path(tempfile.mkdtemp(prefix="pasar-home-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def started(home: Path, **more: str) -> Iterator[Pasar]:
    """Start `pasar up` and wait until it says that it is open; stop it at the end."""
    port = free_port()
    output = home / "output.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            [*PROGRAM, "up"],
            env=environment(home, port, **more),
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    pasar = Pasar(process, home, port, output)
    try:
        _wait_until_open(pasar)
        yield pasar
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(50)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_open(pasar: Pasar) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if "Pasar is open." in pasar.said():
            return
        if pasar.process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"Pasar did not open:\n{pasar.said()}")


def status(pasar: Pasar, path: str) -> tuple[int, float]:
    """The status of one GET, and how many seconds it took."""
    began = time.monotonic()
    answer = httpx.get(pasar.url + path, timeout=30)
    return answer.status_code, time.monotonic() - began
