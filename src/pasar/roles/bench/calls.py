"""What is asked over HTTP, what must come back, and how a row's asking is written down once for all uses.

A script is a generator: it yields the calls that prepare, is sent their decoded answers, and returns a
result. The load generator runs many at once over TCP; the recorder runs them inside its own process.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
Script = Generator["Call", Any, T]


class UnexpectedAnswer(Exception):
    """An answer without the status or the field that its call must bring."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `needle` is text that a right answer's body holds; `makes` names the tables in which a
    right answer has added one row each, so that the database can be counted afterwards."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    statuses: frozenset[int] = frozenset({200})
    needle: bytes = b""
    makes: tuple[str, ...] = ()

    def wire(self, host: str) -> bytes:
        """The request as it stands on the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.method != "GET":
            lines += ["content-type: application/json", f"content-length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body

    def is_right(self, status: int, body: bytes) -> bool:
        """Whether the answer is the one that was asked for."""
        return status in self.statuses and self.needle in body

    def decode(self, status: int, body: bytes) -> Any:
        """The answer's JSON. Raises `UnexpectedAnswer`."""
        if not self.is_right(status, body):
            raise UnexpectedAnswer(f"{self.method} {self.path} answered {status}: {body[:300]!r}")
        return msgspec.json.decode(body) if body else None


def posting(path: str, content: Mapping[str, Any], **more: Any) -> Call:
    """A POST of JSON."""
    return Call("POST", path, msgspec.json.encode(content), **more)
