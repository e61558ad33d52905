"""Which places does the back office's menu lead to? Modules add theirs; staff see what they may open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pasar.kernel.i18n import N_
from pasar.web.page import PageContext

GROUPS: tuple[tuple[str, str], ...] = (
    ("sell", N_("Sell")),
    ("goods", N_("Goods")),
    ("people", N_("People")),
    ("money", N_("Money")),
    ("settings", N_("Settings")),
)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu. ``label`` is marked with ``N_``; ``icon`` names one of ``web/icons.py``."""

    label: str
    path: str
    icon: str
    group: str = "sell"
    permission: str | None = None
    order: int = 100


class AdminMenu:
    """The entries of the back office, added while modules are registered."""

    def __init__(self) -> None:
        self._entries: dict[str, MenuEntry] = {}

    def add(self, entry: MenuEntry) -> None:
        """Add ``entry``; a second one with the same path replaces it. Raises ``ValueError`` for its group."""
        if entry.group not in dict(GROUPS):
            raise ValueError(f"unknown menu group {entry.group!r}")
        self._entries[entry.path] = entry

    def for_page(self, page: PageContext) -> list[tuple[str, list[MenuEntry]]]:
        """Groups with the entries that the page's member of staff may open; empty groups are left out."""
        visible = [e for e in self._entries.values() if e.permission is None or page.may(e.permission)]
        ordered = sorted(visible, key=lambda entry: (entry.order, entry.path))
        groups = ((title, [e for e in ordered if e.group == key]) for key, title in GROUPS)
        return [(title, entries) for title, entries in groups if entries]


def current_path(paths: Iterable[str], path: str) -> str:
    """The one of ``paths`` that ``path`` lies under most closely, or an empty string."""
    fitting = [known for known in paths if path == known or path.startswith(known.rstrip("/") + "/")]
    return max(fitting, key=len, default="")


admin_menu = AdminMenu()
