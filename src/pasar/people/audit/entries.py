"""What is asked of the audit log, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pasar.people.audit.sealing import Personal

__all__ = ["Entry", "Sought"]

TYPED: Final = ("action", "objectType", "objectId", "q")
# `product.changed`, `api_key`, or an id.
OURS: Final = re.compile(r"[a-z_]+(\.[a-z_]+)?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries: each thing that is given narrows. `since` is included, `until` is not; `text` is looked
    for as the beginnings of words."""

    actor: UUID | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    @property
    def told(self) -> dict[str, str]:
        """The filters that are set, as text, but for `withheld`."""
        return {name: text for name, text in self._given.items() if name not in self.withheld}

    @property
    def withheld(self) -> list[str]:
        """The names of set filters whose text may be about somebody: the words looked for, in any case, and
        what was typed in the place of a name of ours or an id."""
        given = self._given
        return [name for name in TYPED if name in given and (name == "q" or not OURS.fullmatch(given[name]))]

    @property
    def _given(self) -> dict[str, str]:
        given = {
            "actor": self.actor,
            "action": self.action,
            "objectType": self.object_type,
            "objectId": self.object_id,
            "from": self.since.isoformat() if self.since else None,
            "to": self.until.isoformat() if self.until else None,
            "q": self.text,
        }
        return {name: str(value) for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `withheld` names what changed and has no value here; `personal` are those values of it that
    could be opened, and `erased` says that there were some, and that their person has been erased;
    `unreadable`, that nobody was, but they do not open: they were changed, or a key is missing."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    withheld: list[str]
    person_id: UUID | None
    address: str
    agent: str
    request_id: str
    sealed: bytes | None = field(default=None, repr=False)
    personal: Personal | None = field(default=None, repr=False)
    erased: bool = False
    unreadable: bool = False
