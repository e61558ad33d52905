"""The database goes away and comes back: callers are told at once, and nobody restarts anything."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pasar.kernel.db.embedded import EmbeddedPostgres
from support.processes import Pasar, new_home, started

pytestmark = pytest.mark.slow

OUTAGE_SECONDS = 20 if os.environ.get("PASAR_TEST_LARGE") == "1" else 3
TOLD_WITHIN = 10.0  # seconds; two are promised
BACK_WITHIN = 10.0
PAGES = ("/api/products", "/api/categories", "/")


@pytest.fixture
def database() -> Iterator[EmbeddedPostgres]:
    """A database that the test may stop, outside the served process."""
    with new_home() as home:
        server = EmbeddedPostgres(home)
        server.start()
        yield server
        server.stop()


@contextmanager
def driven(pasar: Pasar) -> Iterator[list[tuple[float, int, float, bool]]]:
    """Call it from eight sides; each call is (began, status, seconds, Retry-After sent)."""
    calls: list[tuple[float, int, float, bool]] = []
    over = threading.Event()

    def drive(number: int) -> None:
        with httpx.Client(base_url=pasar.url, timeout=30) as client:
            while not over.is_set():
                began = time.monotonic()
                answer = client.get(PAGES[number % len(PAGES)])
                took = time.monotonic() - began
                calls.append((began, answer.status_code, took, "retry-after" in answer.headers))
                time.sleep(0.02)

    threads = [threading.Thread(target=drive, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        yield calls
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def wait_for(client: httpx.Client, path: str, status: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (answer := client.get(path)).status_code != status:
        assert time.monotonic() < deadline, f"{path} still answers {answer.status_code}: {answer.text[:300]}"
        time.sleep(0.05)


def freeze(database: EmbeddedPostgres) -> None:
    os.killpg(_process(database), signal.SIGSTOP)
    for child in _children(database):
        os.kill(child, signal.SIGSTOP)


def thaw(database: EmbeddedPostgres) -> None:
    for child in _children(database):
        os.kill(child, signal.SIGCONT)
    os.killpg(_process(database), signal.SIGCONT)


def _process(database: EmbeddedPostgres) -> int:
    return int((database.places.data / "postmaster.pid").read_text().split()[0])


def _children(database: EmbeddedPostgres) -> list[int]:
    parent = _process(database)
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def shut_down(database: EmbeddedPostgres) -> None:
    database.stop()


def start_again(database: EmbeddedPostgres) -> None:
    database.start()


@pytest.mark.parametrize(
    ("away", "back"), [(freeze, thaw), (shut_down, start_again)], ids=["frozen", "shut down"]
)
def test_an_outage(database: EmbeddedPostgres, away: object, back: object) -> None:
    assert callable(away)
    assert callable(back)
    host = database.address.host.replace("/", "%2F")
    url = f"postgresql://pasar@localhost:5432/pasar?host={host}&sslmode=disable"
    with (
        new_home() as home,
        started(home, DATABASE_URL=url) as pasar,
        httpx.Client(base_url=pasar.url, timeout=30) as client,
    ):
        with driven(pasar) as calls:
            away(database)
            gone = time.monotonic()
            wait_for(client, "/health/ready", 503, TOLD_WITHIN)
            while time.monotonic() < gone + OUTAGE_SECONDS:
                assert client.get("/health/live").status_code == 200
                time.sleep(0.1)
            returning = time.monotonic()
            back(database)
            returned = time.monotonic()
            wait_for(client, "/health/ready", 200, BACK_WITHIN)
            for page in PAGES:
                wait_for(client, page, 200, BACK_WITHIN)
            time.sleep(1)
            settled = time.monotonic()

        assert pasar.process.poll() is None
        during = [call for call in calls if gone < call[0] < returning]
        refused = [call for call in during if call[1] == 503]
        assert refused, "nobody noticed"
        assert {status for _, status, _, _ in during} <= {200, 503}, "an outage is no crash"
        assert all(retry for *_, retry in refused), "503 without Retry-After"
        assert max(took for _, _, took, _ in calls) < TOLD_WITHIN
        assert [call for call in calls if call[0] > settled and call[1] != 200] == []
        assert returned < settled
