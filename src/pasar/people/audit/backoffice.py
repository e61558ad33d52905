"""The audit log in the back office: the list with its filters, one entry side by side, the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, get
from litestar.response import Stream

from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, Translator, translator
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.audit.entries import Entry, Sought
from pasar.people.audit.field_words import field_words
from pasar.people.audit.http import entry_not_found, export_stream, place
from pasar.people.audit.queries import entries_page, entry_by_id
from pasar.people.audit.words import NOUNS, actor_words, event_words, label_of, noun_words
from pasar.web.answering import page_response
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.tables import Column, Link, Moment, Row, Table

__all__ = ["AUDIT_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/audit"
READ: Final = [staff_page("audit:read")]
A_PAGE: Final = 50
FIELDS_TOLD: Final = 4
FILTERS: Final = ("actor", "action", "objectType", "objectId", "from", "to", "q")

admin_menu.add(MenuEntry(N_("Audit log"), HOME, "clock", group="settings", permission="audit:read", order=90))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an entry. A side is None where there was nothing; `secret` where it is not kept."""

    name: str
    label: str
    before: str | None
    after: str | None
    secret: bool = False


@get(HOME, guards=READ, include_in_schema=False)
async def show_entries(
    request: AnyRequest, context: Context, runtime: Runtime, cursor: str | None = None
) -> Response[bytes]:
    """List what was done, the newest first."""
    words = translator(context.locale)
    sought = _sought(request, context)
    async with runtime.database.transaction() as session:
        found, more = await entries_page(
            session, context.company_id, sought, limit=A_PAGE, after=place(cursor)
        )
    actors = await actor_words(runtime.database, found, words)
    query = request.query_params
    given = {name: query[name] for name in FILTERS if query.get(name)}
    table = Table(
        columns=(
            Column(words.gettext("What")),
            Column(words.gettext("What happened")),
            Column(words.gettext("Fields")),
            Column(words.gettext("Who")),
            Column(words.gettext("From where")),
            Column(words.gettext("When")),
        ),
        rows=[_row(entry, actors[label_of(entry)], words) for entry in found],
        empty_title="",
        empty_text="",
        next_cursor=str(found[-1].id) if more else None,
        on_first_page=not cursor,
    )
    return await page_response(
        request,
        "people/audit/backoffice/entries.html",
        table=table,
        given=given,
        narrowed=[name for name in ("actor", "action", "objectId") if name in given],
        nouns=sorted(((noun, words.gettext(said)) for noun, said in NOUNS.items()), key=lambda one: one[1]),
    )


@get(f"{HOME}/export", guards=READ, include_in_schema=False)
async def export_entries(request: AnyRequest, context: Context, runtime: Runtime) -> Stream:
    """What the list finds, as a file."""
    form = "jsonl" if request.query_params.get("format") == "jsonl" else "csv"
    return await export_stream(runtime, context, _sought(request, context), form)  # type: ignore[arg-type]  # one of the two


@get(f"{HOME}/{{entry_id:uuid}}", guards=READ, include_in_schema=False)
async def show_entry(
    request: AnyRequest, context: Context, runtime: Runtime, entry_id: UUID
) -> Response[bytes]:
    """Show one entry, before and after side by side."""
    words = translator(context.locale)
    async with runtime.database.transaction() as session:
        entry = await entry_by_id(session, context.company_id, entry_id)
    if entry is None:
        raise entry_not_found()
    actors = await actor_words(runtime.database, [entry], words)
    return await page_response(
        request,
        "people/audit/backoffice/entry.html",
        entry=entry,
        who=actors[label_of(entry)],
        noun=noun_words(entry.object_type, words),
        event=event_words(entry.action, words),
        differences=differences_of(entry, words),
        where=_where(entry),
    )


def differences_of(entry: Entry, words: Translator) -> list[Difference]:
    """The fields that changed, in the order of their words, those without a value among them."""
    personal = entry.personal or {}
    before = (entry.before or {}) | (personal.get("before") or {})
    after = (entry.after or {}) | (personal.get("after") or {})
    shown = {
        name: Difference(name, field_words(name, words), _said(before, name), _said(after, name))
        for name in before | after
    }
    kept_out = {
        name: Difference(name, field_words(name, words), None, None, secret=True) for name in entry.withheld
    }
    return sorted((kept_out | shown).values(), key=lambda one: (one.label, one.name))


def _where(entry: Entry) -> tuple[str, str]:
    """Address and device: a customer's own lie with what is personal."""
    personal = entry.personal or {}
    return entry.address or personal.get("address", ""), entry.agent or personal.get("agent", "")


def _said(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return value
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _row(entry: Entry, who: str, words: Translator) -> Row:
    # What is new or gone has all its fields; only of a change they say what it was about.
    changed = entry.action.endswith(".changed")
    names = {*(entry.before or {}), *(entry.after or {}), *entry.withheld} if changed else ()
    told = sorted({field_words(name, words) for name in names})
    fields = ", ".join(told[:FIELDS_TOLD]) + (" …" if len(told) > FIELDS_TOLD else "")
    actor = Link(who, f"{HOME}?actor={entry.actor_id}") if entry.actor_id else who
    return Row(
        str(entry.id),
        (
            Link(noun_words(entry.object_type, words), f"{HOME}/{entry.id}"),
            event_words(entry.action, words),
            fields or None,
            actor,
            entry.address or None,
            Moment(entry.at),
        ),
    )


def _sought(request: AnyRequest, context: Context) -> Sought:
    """The filters of the address. What makes no sense there finds nothing less: it is left out."""
    query = request.query_params
    zone = ZoneInfo(context.site.time_zone)
    since, until = _day(query.get("from")), _day(query.get("to"))
    return Sought(
        actor=parse_id(query.get("actor", "")),
        action=text_of(query, "action", 100) or None,
        object_type=text_of(query, "objectType", 100) or None,
        object_id=text_of(query, "objectId", 200) or None,
        since=_midnight(since, zone) if since else None,
        until=_midnight(until + timedelta(days=1), zone) if until else None,
        text=text_of(query, "q", 200),
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


AUDIT_BACKOFFICE: Final = (show_entries, export_entries, show_entry)
