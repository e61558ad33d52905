"""API keys in the back office. A key is shown once, on a page that no browser keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import NotFound, Problem
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, Translator, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.actions.keep_key import (
    OLD_KEY_HOURS,
    MadeKey,
    create_key,
    revoke_key,
    rotate_key,
)
from pasar.people.access.labels import LONGEST_LABEL
from pasar.people.access.queries import KeyFacts, key_of, keys_of
from pasar.people.access.roles import ORDINARY, beyond
from pasar.people.access.words import permission_groups
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.tables import Badge, Column, Link, Moment, Row, Table

__all__ = ["KEY_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/api-keys"
KEY: Final = HOME + "/{key_id:uuid}"
READ, WRITE = [staff_page("keys:read")], [staff_page("keys:write", step_up=True)]
TEMPLATES: Final = "people/access/backoffice"
NO_STORE: Final = {"Cache-Control": "no-store"}
LIVES: Final = (
    ("0", N_("Until it is revoked")),
    ("30", N_("30 days")),
    ("90", N_("90 days")),
    ("365", N_("A year")),
)
OLD_KEY_LIVES: Final = (
    ("0", N_("Not at all: end it now")),
    (str(OLD_KEY_HOURS), N_("24 hours more")),
    ("168", N_("7 days more")),
)
_STATES: Final = {
    "active": N_("In use"),
    "expired": N_("Expired"),
    "revoked": N_("Revoked"),
}
REFUSALS: Final[Refusals] = {
    "invalid_fields": ("name", N_("Give it a name of at most 60 characters, on one line.")),
    "scope_unknown": ("scopes", N_("Choose at least one thing that it may do.")),
    "beyond_own_rights": ("scopes", N_("You cannot give a key what you may not do yourself. Ask an owner.")),
    "too_many_keys": ("", N_("There are too many keys. Revoke those that nobody uses.")),
    "key_ended": ("", N_("This key is revoked or has expired. Make a new one.")),
}

admin_menu.add(MenuEntry(N_("API keys"), HOME, "lock", group="settings", permission="keys:read", order=80))
register_notice("key-revoked", "success", N_("The key is revoked. It no longer works anywhere."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_keys(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List the company's keys, those in use first."""
    words = translator(context.locale)
    found = await keys_of(runtime.database, context.company_id, runtime.clock.now())
    table = Table(
        columns=tuple(
            Column(words.gettext(label))
            for label in (N_("Name"), N_("Begins with"), N_("Status"), N_("Made by"), N_("Last used"))
        ),
        rows=[_row(one, words) for one in found],
        empty_title=words.gettext("No program has a key yet"),
        empty_text=words.gettext("Make one for each script, monitor or partner, with no more than it needs."),
    )
    return await page_response(request, f"{TEMPLATES}/keys.html", table=table)


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_key(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask what the key is for."""
    return await _form(request, context, {"name": "", "days": "90"}, frozenset())


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def make_key(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Make a key and show it, this once."""
    form = await request.form()
    values = {"name": text_of(form, "name", LONGEST_LABEL + 1), "days": text_of(form, "days", 4)}
    scopes = frozenset(str(one) for one in form.getall("scopes", []))
    now = runtime.clock.now()
    days = int(values["days"]) if values["days"] in {value for value, _ in LIVES} else 0
    try:
        async with runtime.database.transaction() as session:
            made = await create_key(
                session,
                context.company_id,
                name=values["name"],
                scopes=scopes,
                expires_at=now + timedelta(days=days) if days else None,
                by=context.user_id,
                held=context.caller.permissions,
                at=now,
            )
    except Problem as problem:
        return await _form(request, context, values, scopes, problem)
    return await _shown(request, made, values["name"])


@get(KEY, guards=READ, include_in_schema=False)
async def show_key(request: AnyRequest, context: Context, runtime: Runtime, key_id: UUID) -> Response[bytes]:
    """Show what a key may do and when it was used."""
    return await _key_page(request, context, await _key(context, runtime, key_id))


@post(f"{KEY}/rotate", guards=WRITE, include_in_schema=False)
async def renew_key(request: AnyRequest, context: Context, runtime: Runtime, key_id: UUID) -> Response[bytes]:
    """Renew a key and show the new one, this once."""
    facts = await _key(context, runtime, key_id)
    hours = text_of(await request.form(), "hours", 4)
    known = {value for value, _ in OLD_KEY_LIVES}
    try:
        async with runtime.database.transaction() as session:
            made = await rotate_key(
                session,
                context.company_id,
                key_id,
                held=context.caller.permissions,
                at=runtime.clock.now(),
                old_key_hours=int(hours) if hours in known else OLD_KEY_HOURS,
            )
    except Problem as problem:
        return await _key_page(request, context, facts, problem)
    return await _shown(request, made, facts.name)


@get(f"{KEY}/revoke", guards=WRITE, include_in_schema=False)
async def ask_revoke_key(
    request: AnyRequest, context: Context, runtime: Runtime, key_id: UUID
) -> Response[bytes]:
    """Ask before a key ends."""
    facts = await _key(context, runtime, key_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Revoke {name}?", name=facts.name),
        consequence=words.gettext("Whatever uses this key stops working at once. It cannot be brought back."),
        action_path=f"{HOME}/{key_id}/revoke",
        confirm_label=words.gettext("Revoke this key"),
        cancel_path=f"{HOME}/{key_id}",
        hidden={},
    )


@post(f"{KEY}/revoke", guards=WRITE, include_in_schema=False)
async def end_key(context: Context, runtime: Runtime, key_id: UUID) -> Response[bytes]:
    """End a key."""
    async with runtime.database.transaction() as session:
        await revoke_key(session, context.company_id, key_id, runtime.clock.now())
    return see_other(HOME, notice="key-revoked")


KEY_BACKOFFICE = (show_keys, new_key, make_key, show_key, renew_key, ask_revoke_key, end_key)


def _row(facts: KeyFacts, words: Translator) -> Row:
    maker = words.gettext("{name}, no longer here", name=facts.maker) if facts.maker_left else facts.maker
    used = Moment(facts.last_used_at) if facts.last_used_at else words.gettext("Never")
    link = Link(facts.name, f"{HOME}/{facts.id}")
    return Row(str(facts.id), (link, facts.prefix, _state(facts, words), maker, used))


def _state(facts: KeyFacts, words: Translator) -> Badge:
    return Badge(words.gettext(_STATES[facts.state]), "success" if facts.state == "active" else "neutral")


async def _key(context: Context, runtime: Runtime, key_id: UUID) -> KeyFacts:
    facts = await key_of(runtime.database, context.company_id, key_id, runtime.clock.now())
    if facts is None:
        raise NotFound("key_not_found", "This company has no such key.")
    return facts


async def _key_page(
    request: AnyRequest, context: Context, facts: KeyFacts, problem: Problem | None = None
) -> Response[bytes]:
    words = translator(context.locale)
    return await page_response(
        request,
        f"{TEMPLATES}/key.html",
        status=problem.status if problem else 200,
        key=facts,
        state=_state(facts, words),
        groups=permission_groups(facts.scopes, (), words),
        old_key_lives=[(value, words.gettext(label)) for value, label in OLD_KEY_LIVES],
        errors=refusal_errors(problem, REFUSALS, words) if problem else {},
    )


async def _shown(request: AnyRequest, made: MadeKey, name: str) -> Response[bytes]:
    path = f"{HOME}/{made.id}"
    return await page_response(
        request,
        f"{TEMPLATES}/key_made.html",
        headers=NO_STORE,
        name=name,
        key=made.secret.key,
        key_path=path,
    )


async def _form(
    request: AnyRequest,
    context: Context,
    values: dict[str, str],
    scopes: frozenset[str],
    problem: Problem | None = None,
) -> Response[bytes]:
    words = translator(context.locale)
    offered = ORDINARY - beyond(context.caller.permissions, ORDINARY)
    return await page_response(
        request,
        f"{TEMPLATES}/key_new.html",
        status=problem.status if problem else 200,
        values=values,
        lives=[(value, words.gettext(label)) for value, label in LIVES],
        groups=permission_groups(offered, scopes, words),
        errors=refusal_errors(problem, REFUSALS, words) if problem else {},
    )
