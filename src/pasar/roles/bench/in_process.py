"""Call the application within this process, without a network: how it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote

from litestar.types import ASGIApp, Message

from pasar.kernel.config import load_settings
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed
from pasar.roles.bench.calls import Call, Script
from pasar.roles.bench.databases import BenchHome
from pasar.roles.bench.recording import noting, recorded_runtime
from pasar.roles.bench.rows import Row
from pasar.roles.bench.shop_facts import ShopFacts
from pasar.roles.bench.statements import Group

T = TypeVar("T")
SECRET = "the recorder's own secret, which nobody else ever sees"  # noqa: S105  lives for a minute
UNRECORDED = 3


@dataclass(slots=True)
class Recorded:
    """The statements of one row: those that prepared, those of warm-up calls, and those that count."""

    prepare: list[Group] = field(default_factory=list)
    warm_up: list[Group] = field(default_factory=list)
    measured: list[Group] = field(default_factory=list)

    @property
    def named(self) -> tuple[str, ...]:
        """The statements of one call, in their order: of a call with the most common number of them."""
        lengths = [len(group) for group in self.measured]
        if not lengths:
            return ()
        common = max(set(lengths), key=lengths.count)
        return tuple(s.sql for s in next(group for group in self.measured if len(group) == common))


async def record(
    home: BenchHome, address: DatabaseAddress, facts: ShopFacts, row: Row, *, warm_up: int, calls: int
) -> Recorded:
    """Run `row` on the database at `address` and note what is sent to it. Raises `UnexpectedAnswer`."""
    settings = load_settings(
        {"PASAR_HOME": str(home.folder / "recorder"), "JWT_SECRET": SECRET, "LOG_LEVEL": "WARNING"}
    )
    async with recorded_runtime(settings, address) as runtime:
        caller = InProcess(runtime)
        recorded = Recorded()
        opened: Any = None
        if row.opening is not None:
            opened = await caller.run(row.opening(facts), recorded.prepare)
        for number in range(
            UNRECORDED
        ):  # the first calls open connections and fill memories: part of neither
            await caller.measured(row.case(facts, opened, calls + warm_up + number), recorded.prepare)
            recorded.prepare.append(caller.last)
        for number in range(warm_up):
            await caller.measured(row.case(facts, opened, calls + number), recorded.prepare)
            recorded.warm_up.append(caller.last)
        for number in range(calls):
            await caller.measured(row.case(facts, opened, number), recorded.prepare)
            recorded.measured.append(caller.last)
    return recorded


class InProcess:
    """Speaks ASGI to the application. `last` holds the statements of the call that was made last."""

    def __init__(self, runtime: Runtime) -> None:
        self._app: ASGIApp = observed(runtime, assemble(runtime))
        self.last: Group = ()

    async def run(self, script: Script[T], groups: list[Group]) -> T:
        """Run a script; what its calls send is added to `groups`."""
        answer: Any = None
        while True:
            try:
                call = script.send(answer)
            except StopIteration as done:
                result: T = done.value
                return result
            answer = await self.call(call)
            groups.append(self.last)

    async def measured(self, script: Script[Call], groups: list[Group]) -> None:
        """Run a case: what prepares is added to `groups`, what counts is left in `last`."""
        await self.call(await self.run(script, groups))

    async def call(self, call: Call) -> Any:
        """Make one call, note its statements, and answer its decoded JSON. Raises `UnexpectedAnswer`."""
        exchange = _Exchange(call)
        with noting() as notes:
            await self._app(exchange.scope(), exchange.receive, exchange.send)  # type: ignore[arg-type]  # an HTTP scope as the server makes it
        self.last = tuple(notes)
        return call.decode(exchange.status, b"".join(exchange.parts))


class _Exchange:
    """One request and its answer, as ASGI sees them."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.status = 0
        self.parts: list[bytes] = []

    def scope(self) -> dict[str, Any]:
        path, _, query = self.call.path.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.call.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": _headers(self.call),
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8_000),
            "state": {},
        }

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self.call.body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))


def _headers(call: Call) -> Sequence[tuple[bytes, bytes]]:
    headers = [(b"host", b"127.0.0.1"), *((name.encode(), value.encode()) for name, value in call.headers)]
    if call.method != "GET":
        headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(call.body))]
    return headers
