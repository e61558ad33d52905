"""What a recorded statement is. Apart from the recorder, so that the replaying process loads little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `prepared`: sent by the extended protocol with `arguments`; else as plain text, like
    BEGIN. `many`: `arguments` is a sequence of argument tuples."""

    sql: str
    arguments: tuple[Any, ...] = ()
    prepared: bool = True
    many: bool = False


Group = Sequence[Statement]
