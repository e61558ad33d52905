"""Where does the server's time go? Its stack, looked at after every few milliseconds of CPU time.

Sampling rather than cProfile, which makes small Python functions look twice as dear as they are. Time in C
(the driver, the loop, the JSON codec) is booked on the Python function that called it.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

INTERVAL_SECONDS: Final = 0.001


@dataclass(slots=True)
class Samples:
    """What was seen: `own` by the function on top, `within` by every function on the stack, once each."""

    total: int = 0
    own: Counter[CodeType] = field(default_factory=Counter)
    within: Counter[CodeType] = field(default_factory=Counter)

    def look(self, _signal: int, frame: FrameType | None) -> None:
        """Take one sample."""
        self.total += 1
        seen: set[CodeType] = set()
        if frame is not None:
            self.own[frame.f_code] += 1
        while frame is not None:
            seen.add(frame.f_code)
            frame = frame.f_back
        self.within.update(seen)

    def table(self, counted: Counter[CodeType], cpu_seconds: float, calls: int, most: int) -> list[str]:
        """The `most` seen, with microseconds of CPU per call."""
        each = cpu_seconds * 1e6 / max(calls, 1) / max(self.total, 1)
        return [f"{seen * each:8.1f} µs  {_name(code)}" for code, seen in counted.most_common(most)]

    def parts(self, cpu_seconds: float, calls: int, most: int) -> list[str]:
        """The same by package: on which package's lines the time was spent."""
        packages: Counter[str] = Counter()
        for code, seen in self.own.items():
            packages[_package(code)] += seen
        each = cpu_seconds * 1e6 / max(calls, 1) / max(self.total, 1)
        return [f"{seen * each:8.1f} µs  {name}" for name, seen in packages.most_common(most)]


@contextmanager
def sampling() -> Iterator[Samples]:
    """Sample this process's main thread while the block runs."""
    samples = Samples()
    before = signal.signal(signal.SIGPROF, samples.look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)
    try:
        yield samples
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _parts_of(code: CodeType) -> tuple[str, ...]:
    parts = Path(code.co_filename).parts
    for root in ("site-packages", "src"):
        if root in parts:
            return parts[len(parts) - parts[::-1].index(root) :]
    return parts[-2:]


def _name(code: CodeType) -> str:
    return f"{'/'.join(_parts_of(code)[-3:])}:{code.co_firstlineno} {code.co_qualname}"


def _package(code: CodeType) -> str:
    parts = _parts_of(code)
    return ".".join(parts[:3]).removesuffix(".py") if parts[0] == "pasar" else parts[0]
