"""The audit log over HTTP, for staff who may read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from litestar import get
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import Parameter, QueryParameter
from litestar.response import Stream

from pasar.kernel.errors import BadRequest, NotFound
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.audit.entries import Sought
from pasar.people.audit.exporting import MEDIA_TYPES, Format, export_pieces
from pasar.people.audit.queries import entries_page, entry_by_id
from pasar.people.audit.recording import audit_event
from pasar.people.audit.schemas import EntryAnswer, entry_answer

__all__ = ["AUDIT_ROUTES", "entry_not_found", "export_stream", "place"]

HOME: Final = "/api/admin/audit"
READ: Final = [staff("audit:read")]
TAGS: Final = ["Audit log"]
Short = Annotated[str | None, Parameter(max_length=200)]
Actor = Annotated[UUID | None, QueryParameter(name="actor", description="A person's or an API key's id")]
Action = Annotated[str | None, Parameter(max_length=100, description="Such as product.changed")]
ObjectType = Annotated[str | None, QueryParameter(name="objectType", max_length=100)]
ObjectId = Annotated[str | None, QueryParameter(name="objectId", max_length=200)]
Since = Annotated[datetime | None, QueryParameter(name="from", description="This moment and later")]
Until = Annotated[datetime | None, QueryParameter(name="to", description="Before this moment")]
Words = Annotated[str, Parameter(max_length=200, description="Beginnings of words, ids, addresses")]


@get(HOME, guards=READ, tags=TAGS, summary="Who did what")
async def list_entries(
    context: Context,
    runtime: Runtime,
    actor: Actor = None,
    action: Action = None,
    object_type: ObjectType = None,
    object_id: ObjectId = None,
    since: Since = None,
    until: Until = None,
    q: Words = "",
    cursor: Annotated[str | None, Parameter(max_length=36)] = None,
    limit: Annotated[int, Parameter(ge=1, le=100)] = 50,
) -> Page[EntryAnswer]:
    """List the company's audit log, the newest first. Each filter narrows it."""
    sought = sought_of(actor, action, object_type, object_id, since, until, q)
    async with runtime.database.transaction() as session:
        found, more = await entries_page(
            session, context.company_id, sought, limit=limit, after=place(cursor)
        )
    items = [entry_answer(entry) for entry in found]
    return Page(items=items, next_cursor=str(found[-1].id) if more else None)


@dataclass
class FileOperation(Operation):
    """Says in the document of which types the file may be: a handler alone can name but one."""

    def __post_init__(self) -> None:
        """Put both forms in the place of Litestar's guess."""
        found = (self.responses or {}).get("200")
        if isinstance(found, OpenAPIResponse):
            text = Schema(type=OpenAPIType.STRING)
            types = (kind.partition(";")[0] for kind in MEDIA_TYPES.values())
            found.content = {kind: OpenAPIMediaType(schema=text) for kind in types}


@get(
    f"{HOME}/export",
    guards=READ,
    tags=TAGS,
    summary="The audit log as a file",
    operation_class=FileOperation,
)
async def export_entries(
    context: Context,
    runtime: Runtime,
    form: Annotated[Format, QueryParameter(name="format")] = "csv",
    actor: Actor = None,
    action: Action = None,
    object_type: ObjectType = None,
    object_id: ObjectId = None,
    since: Since = None,
    until: Until = None,
    q: Words = "",
) -> Stream:
    """Stream what the same filters find as CSV or as a JSON object a line. It is an entry itself."""
    sought = sought_of(actor, action, object_type, object_id, since, until, q)
    return await export_stream(runtime, context, sought, form)


@get(f"{HOME}/{{entry_id:uuid}}", guards=READ, tags=TAGS, summary="One entry")
async def read_entry(context: Context, runtime: Runtime, entry_id: UUID) -> EntryAnswer:
    """Read one entry, with its personal values unless their person has been erased."""
    async with runtime.database.transaction() as session:
        entry = await entry_by_id(session, context.company_id, entry_id)
    if entry is None:
        raise entry_not_found()
    return entry_answer(entry)


async def export_stream(runtime: Runtime, context: Context, sought: Sought, form: Format) -> Stream:
    """The file as an answer, noted in the log before it begins.

    What was looked for may be somebody's address, and no entry can be changed: only its name stays.
    """
    async with runtime.database.transaction() as session:
        told = {"format": form, **sought.told}
        unsaid = dict.fromkeys(sought.withheld, (None, None))
        await audit_event(session, context, "audit.exported", "audit", "", after=told, personal=unsaid)

    async def text() -> AsyncIterator[str]:
        async for piece in export_pieces(runtime.database, context.company_id, sought, form):
            yield piece

    headers = {"Content-Disposition": f'attachment; filename="audit.{form}"', "Cache-Control": "no-store"}
    return Stream(text(), media_type=MEDIA_TYPES[form], headers=headers)


def sought_of(
    actor: UUID | None,
    action: str | None,
    object_type: str | None,
    object_id: str | None,
    since: datetime | None,
    until: datetime | None,
    text: str,
) -> Sought:
    """The filters of a call. Raises `BadRequest` `time_zone_missing` for a time that could be anywhere."""
    for moment in (since, until):
        if moment is not None and moment.tzinfo is None:
            raise BadRequest("time_zone_missing", "Give from and to with a zone: 2026-11-21T09:00:00Z")
    kept = [None if one is None else one.replace("\0", "") for one in (action, object_type, object_id)]
    return Sought(actor, kept[0], kept[1], kept[2], since, until, text.replace("\0", " ").strip())


def place(cursor: str | None) -> UUID | None:
    """The id of the last entry that was seen. Raises `BadRequest` `cursor_malformed`."""
    after = parse_id(cursor) if cursor else None
    if cursor and after is None:
        raise BadRequest("cursor_malformed", "Send nextCursor unchanged, or none.")
    return after


def entry_not_found() -> NotFound:
    """There is no such entry, or not for this company."""
    return NotFound("entry_not_found", "There is no such entry in the audit log.")


AUDIT_ROUTES: Final = (list_entries, export_entries, read_entry)
