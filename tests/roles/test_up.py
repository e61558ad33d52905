"""`pasar up`: one command, one home, one owner; found by others, stopped by a signal."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pasar.kernel.db.embedded import _alive
from support.processes import (
    PROGRAM,
    START_SECONDS,
    Pasar,
    environment,
    free_port,
    new_home,
    run_pasar,
    started,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pasar() -> Iterator[Pasar]:
    """One that runs, for those tests that leave it alone."""
    with new_home() as home, started(home) as running:
        yield running


def test_it_says_where_it_is(pasar: Pasar) -> None:
    said = pasar.said()

    assert f"Shop         http://localhost:{pasar.port}" in said
    assert f"Back office  http://localhost:{pasar.port}/admin" in said
    assert f"API          http://localhost:{pasar.port}/api/docs" in said
    assert httpx.get(pasar.url + "/health/ready").status_code == 200
    assert httpx.get(pasar.url + "/api/docs").status_code == 200


def test_a_second_start_leaves_the_first_alone(pasar: Pasar) -> None:
    second = run_pasar(pasar.home, free_port(), "up")

    assert second.returncode == 3
    assert f"at http://127.0.0.1:{pasar.port} (process {pasar.process.pid})" in " ".join(
        second.stderr.split()
    )
    assert "Traceback" not in second.stderr
    assert httpx.get(pasar.url + "/health/ready").status_code == 200


def test_a_port_that_is_taken(pasar: Pasar) -> None:
    with new_home() as home:
        second = run_pasar(home, pasar.port, "up")

        assert second.returncode == 1
        assert f"Port {pasar.port} on 127.0.0.1 cannot be used" in second.stderr
        assert not (home / "postgres").exists(), "looked at the port after starting a database"


def test_the_doctor_beside_it(pasar: Pasar) -> None:
    told = run_pasar(pasar.home, pasar.port, "doctor")

    assert told.returncode == 0, told.stdout + told.stderr
    assert "PostgreSQL 18" in told.stdout
    assert "All have run." in told.stdout
    assert pasar.process.poll() is None


def test_the_doctor_alone_and_before_everything() -> None:
    with new_home() as home:
        before = run_pasar(home, free_port(), "doctor")
        assert before.returncode == 1
        assert "pasar migrate" in before.stdout
        assert run_pasar(home, free_port(), "migrate").returncode == 0
        after = run_pasar(home, free_port(), "doctor")
        assert after.returncode == 0, after.stdout


def test_the_doctor_of_wrong_settings(tmp_path: Path) -> None:
    told = run_pasar(tmp_path, free_port(), "doctor", PASAR_ENV="production")

    assert told.returncode == 2
    assert "JWT_SECRET is missing" in told.stderr
    assert "DATABASE_URL is missing" in told.stderr


def test_a_part_of_it_needs_a_migrated_database() -> None:
    with new_home() as home:
        told = run_pasar(home, free_port(), "serve")

        assert told.returncode == 1
        assert "Run: pasar migrate" in told.stderr


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(by: signal.Signals) -> None:
    with new_home() as home, started(home) as running:
        database = running.postmaster()

        code = running.stop(by)

        assert code == 0, running.said()
        assert not _alive(database)
        assert not (home / "run.json").exists()
        assert "Traceback" not in running.said()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", running.port)) != 0


def test_a_signal_while_it_starts_leaves_nothing_running() -> None:
    with new_home() as home:
        starting = subprocess.Popen(
            [*PROGRAM, "up"],
            env=environment(home, free_port()),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        note = home / "postgres" / "postmaster.pid"
        deadline = time.monotonic() + START_SECONDS
        while not note.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        database = int(note.read_text().split()[0])
        starting.send_signal(signal.SIGTERM)

        said, _ = starting.communicate(timeout=50)
        assert starting.returncode in {0, 130}, said.decode()
        assert b"Traceback" not in said
        assert not _alive(database)


def test_kill_9_and_start_again() -> None:
    with new_home() as home:
        with started(home) as first:
            orphan = first.postmaster()
            first.process.kill()
            first.process.wait()
        assert _alive(orphan)
        with started(home) as second:
            assert httpx.get(second.url + "/health/ready").status_code == 200
            assert not _alive(orphan)
