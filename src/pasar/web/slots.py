"""Where does a module put its piece of a page that it does not own?

A layout or page declares a named slot; a module fills it with a small template and, if it shows facts, an
async loader. So the header can hold a wish list link without ``web`` knowing that wish lists exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context

SlotName = Literal["header", "account_tabs", "dashboard_tiles", "customer_panels", "sign_in_ways"]

Loader = Callable[[Any], Awaitable[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Filling:
    """What one module puts into a slot. Lower ``order`` comes first; ``permission`` hides it from others."""

    key: str
    template: str
    order: int = 100
    permission: str | None = None
    load: Loader | None = None


@dataclass(frozen=True, slots=True)
class PageSource:
    """What a loader of the back office's slots reads from. ``subject`` is whom or what the page shows."""

    runtime: Runtime
    context: Context
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A filling with the values that its loader gave; the page includes ``template`` with ``values``."""

    key: str
    template: str
    values: Mapping[str, object]


class Slots:
    """The fillings of every slot. Filled while modules are registered, read-only afterwards."""

    def __init__(self) -> None:
        self._fillings: dict[SlotName, dict[str, Filling]] = {}

    def fill(self, slot: SlotName, filling: Filling) -> None:
        """Put ``filling`` into ``slot``; the same key again replaces it, so registering twice is harmless."""
        self._fillings.setdefault(slot, {})[filling.key] = filling

    def of(self, slot: SlotName) -> tuple[Filling, ...]:
        """The fillings of ``slot`` in their order."""
        return tuple(sorted(self._fillings.get(slot, {}).values(), key=lambda f: (f.order, f.key)))

    async def gather(self, slot: SlotName, source: Any, permissions: frozenset[str]) -> tuple[Filled, ...]:
        """Load each filling that ``permissions`` allow from ``source``, a ``PageSource`` in the back office.

        One after the other: a database session serves one statement at a time.
        """
        filled: list[Filled] = []
        for filling in self.of(slot):
            if filling.permission and not {filling.permission, "*"} & permissions:
                continue
            values = await filling.load(source) if filling.load else {}
            filled.append(Filled(filling.key, filling.template, values))
        return tuple(filled)


slots = Slots()
