"""Bodies that travel: camelCase, closed on the way in."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Input(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """A request body. A field that it does not know is refused with 400."""


class Output(msgspec.Struct, rename="camel", kw_only=True):
    """A response body."""


class Page(Output, Generic[T]):
    """One page of a list. `nextCursor` is null on the last; `total` counts all pages together."""

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None
