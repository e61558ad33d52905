"""How an entry travels."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pasar.kernel.http.schema import Output
from pasar.people.audit.entries import Entry


class ActorAnswer(Output):
    """Who did it. `id` is a person's or an API key's; `name` says which job or command it was."""

    kind: str
    id: UUID | None
    name: str


class EntryAnswer(Output):
    """One thing done. `before` and `after` hold what changed; `withheld` names what changed, too, and whose
    value is secret or personal. `personal` is told with a single entry only, and null once its person has
    been erased (`erased`), or when it cannot be read: it was changed, or a key is missing (`unreadable`)."""

    id: UUID
    at: datetime
    actor: ActorAnswer
    action: str
    object_type: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    withheld: list[str]
    address: str
    agent: str
    request_id: str
    personal: dict[str, Any] | None = None
    erased: bool = False
    unreadable: bool = False


def entry_answer(entry: Entry) -> EntryAnswer:
    """The entry as the API answers it."""
    return EntryAnswer(
        id=entry.id,
        at=entry.at,
        actor=ActorAnswer(kind=entry.actor_kind, id=entry.actor_id, name=entry.actor_name),
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        before=entry.before,
        after=entry.after,
        withheld=entry.withheld,
        address=entry.address,
        agent=entry.agent,
        request_id=entry.request_id,
        personal=entry.personal,
        erased=entry.erased,
        unreadable=entry.unreadable,
    )
