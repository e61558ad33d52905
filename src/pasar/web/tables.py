"""What does a list of the back office show? Described by a module, drawn by ``components/lists.html``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pasar.web.pictures import Picture

Tone = Literal["neutral", "success", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A state, in words and tone; ``text`` is translated by whoever makes it."""

    kind: ClassVar[str] = "badge"
    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units; formatted for the page's language when it is drawn."""

    kind: ClassVar[str] = "amount"
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, shown in the page's zone."""

    kind: ClassVar[str] = "moment"
    at: datetime


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture; without one a plate with the initial of ``title``."""

    kind: ClassVar[str] = "thumb"
    picture: Picture | None
    title: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    kind: ClassVar[str] = "link"
    text: str
    path: str


Cell = str | int | None | Badge | Amount | Moment | Thumb | Link


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``sort`` is the name that the address carries (``?sort=-placed``), empty if unsortable."""

    label: str
    sort: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id for bulk actions and one cell per column."""

    id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter or of the bulk actions, with its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that stays in the address as ``?name=value``; the empty value means all."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A list page. All texts are in the page's language already.

    ``title_column`` is the index of the cell that names the row (a row header for screen readers).
    ``bulk_path`` is where the chosen ids are posted, as ``ids`` and ``action``; empty means no bulk actions.
    ``next_cursor`` is the list's own cursor; ``total`` may be unknown.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Row]
    empty_title: str
    empty_text: str
    title_column: int = 0
    search: str = ""
    search_label: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    bulk_actions: tuple[Choice, ...] = ()
    bulk_path: str = ""
    export_path: str = ""
    next_cursor: str | None = None
    on_first_page: bool = True
    total: int | None = None

    @property
    def filtered(self) -> bool:
        """Whether a search or a filter narrows the list, so that "nothing here" has a way out."""
        return bool(self.search) or any(one.value for one in self.filters)

    @property
    def choosable(self) -> bool:
        """Whether rows can be chosen for bulk actions."""
        return bool(self.bulk_path and self.bulk_actions)
