"""Which columns hold sealed values? One registry, filled by their owners, so that all can be re-encrypted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")  # they become part of SQL


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A `bytea` column of sealed values. `key` is the table's primary key; `context` the columns that the
    values are bound to, in the order of `context_of`."""

    table: str
    key: tuple[str, ...]
    column: str
    purpose: str
    context: tuple[str, ...]


_columns: dict[tuple[str, str], SealedColumn] = {}


def register_sealed_column(
    table: str, key: tuple[str, ...], column: str, *, purpose: str, context: tuple[str, ...]
) -> None:
    """Say that `table.column` holds values sealed for `purpose`. Raises `ValueError` for a bad name."""
    for name in (table, column, *key, *context):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a table or column")
    if not key:
        raise ValueError(f"{table}.{column} needs its table's primary key")
    _columns[table, column] = SealedColumn(table, key, column, purpose, context)


def sealed_columns() -> tuple[SealedColumn, ...]:
    """All registered columns, by table and name."""
    return tuple(_columns[name] for name in sorted(_columns))
