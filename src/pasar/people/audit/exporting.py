"""The log as a file: CSV for spreadsheets, or a JSON object a line."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.people.audit.entries import Entry, Sought
from pasar.people.audit.queries import every_entry
from pasar.people.audit.schemas import entry_answer

__all__ = ["MEDIA_TYPES", "Format", "export_pieces", "safe_cell"]

Format = Literal["csv", "jsonl"]
MEDIA_TYPES: Final = {"csv": "text/csv", "jsonl": "application/x-ndjson"}
HEADINGS: Final = (
    *("id", "at", "actorKind", "actorId", "actorName", "action", "objectType", "objectId"),
    *("before", "after", "withheld", "address", "agent", "requestId"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def export_pieces(
    database: Database, company_id: UUID, sought: Sought, form: Format
) -> AsyncIterator[str]:
    """The company's entries as text, piece by piece, the newest first. Sealed values stay sealed."""
    if form == "csv":
        yield _lines([HEADINGS])
    async for entries in every_entry(database, company_id, sought):
        if form == "csv":
            yield _lines([_cells(entry) for entry in entries])
        else:
            yield "".join(msgspec.json.encode(entry_answer(entry)).decode() + "\n" for entry in entries)


def safe_cell(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula (OWASP, "CSV injection"): an apostrophe leads."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(entry: Entry) -> list[str]:
    values = (
        *(str(entry.id), entry.at.isoformat(), entry.actor_kind, str(entry.actor_id or ""), entry.actor_name),
        *(entry.action, entry.object_type, entry.object_id, _json(entry.before), _json(entry.after)),
        *(" ".join(entry.withheld), entry.address, entry.agent, entry.request_id),
    )
    return [safe_cell(value) for value in values]


def _json(values: object) -> str:
    return "" if values is None else msgspec.json.encode(values).decode()


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
