"""Who is meant by the author of a history: `staff:…`, `customer:…`, `guest`, or Pasar itself?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.i18n import N_, Translator
from pasar.kernel.ids import parse_id

NAMES: Final = "SELECT id, name FROM users WHERE id = ANY ($1::uuid[])"
_KINDS: Final[Mapping[str, str]] = {
    "staff": N_("Staff"),
    "customer": N_("Customer"),
    "guest": N_("Guest"),
}
_PASAR: Final = N_("Pasar itself")


async def author_words(database: Database, labels: Iterable[str], words: Translator) -> dict[str, str]:
    """Each label as people read it: the person's name where there is one, else what kind of person it is."""
    wanted = set(labels)
    ids = {label: parse_id(label.partition(":")[2]) for label in wanted}
    names: dict[UUID, str] = {
        row["id"]: row["name"] for row in await database.rows(NAMES, [one for one in ids.values() if one])
    }
    said: dict[str, str] = {}
    for label in wanted:
        person = ids[label]
        name = names.get(person, "") if person else ""
        said[label] = name or words.gettext(_KINDS.get(label.partition(":")[0], _PASAR))
    return said
