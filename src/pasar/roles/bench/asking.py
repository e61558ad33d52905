"""Run scripts over TCP, some at once: how a measurement is prepared. Not measured itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pasar.roles.bench.calls import Script, UnexpectedAnswer

T = TypeVar("T")
AT_ONCE = 8


@dataclass(slots=True)
class Prepared(Generic[T]):
    """The results of scripts, in order, and the rows that their calls made, by table."""

    results: list[T]
    made: Counter[str] = field(default_factory=Counter)


async def ask_all(host: str, port: int, scripts: Sequence[Script[T]]) -> Prepared[T]:
    """Run `scripts` against a server, a few at once. Raises `UnexpectedAnswer`, `OSError`."""
    prepared: Prepared[T] = Prepared([])
    found: dict[int, T] = {}
    waiting = iter(list(enumerate(scripts)))

    async def work() -> None:
        async with _Line(host, port) as line:
            for place, script in waiting:
                found[place] = await _ask(line, script, prepared.made)

    helpers = [asyncio.create_task(work()) for _ in range(min(AT_ONCE, len(scripts)))]
    try:
        await asyncio.gather(*helpers)
    finally:
        for helper in helpers:
            helper.cancel()
    prepared.results = [found[place] for place in range(len(scripts))]
    return prepared


async def ask(host: str, port: int, script: Script[T]) -> Prepared[T]:
    """Run one script."""
    return await ask_all(host, port, [script])


async def _ask(line: _Line, script: Script[T], made: Counter[str]) -> T:
    answer: Any = None
    while True:
        try:
            call = script.send(answer)
        except StopIteration as done:
            result: T = done.value
            return result
        status, body = await line.send(call.wire(line.host))
        answer = call.decode(status, body)
        made.update(call.makes)


class _Line:
    """One connection, kept alive."""

    def __init__(self, host: str, port: int) -> None:
        self.place = (host, port)
        self.host = f"{host}:{port}"

    async def __aenter__(self) -> _Line:
        self.reader, self.writer = await asyncio.open_connection(*self.place)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def send(self, wire: bytes) -> tuple[int, bytes]:
        self.writer.write(wire)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        fields = dict(line.split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
        if b"content-length" not in fields:
            raise UnexpectedAnswer(f"an answer without content-length: {head[:200]!r}")
        return int(head[9:12]), await self.reader.readexactly(int(fields[b"content-length"]))
