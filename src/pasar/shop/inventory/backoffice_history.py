"""Why a variant's stock is what it is: its history as a table, and the dashboard's count of what is low."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select

from pasar.kernel.i18n import Translator
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_settings
from pasar.people.users.public import author_words
from pasar.shop.inventory.backoffice_stock import REASON_WORDS
from pasar.shop.inventory.models import Location
from pasar.shop.inventory.queries import count_low_stock, history_of
from pasar.web.slots import Filling, PageSource, slots
from pasar.web.tables import Column, Link, Moment, Row, Table

__all__ = ["history_table"]

HISTORY: Final = 50


async def history_table(runtime: Runtime, context: Context, variant_id: UUID, words: Translator) -> Table:
    """The latest adjustments of a variant, newest first."""
    changes = await history_of(runtime.database, context.company_id, variant_id, limit=HISTORY)
    authors = await author_words(runtime.database, [one.author for one in changes], words)
    places = select(Location.id, Location.name).where(Location.company_id == context.company_id)
    async with runtime.database.transaction() as session:
        names = {row.id: row.name for row in await session.execute(places)}
    return Table(
        columns=(
            Column(words.gettext("When")),
            Column(words.gettext("Why")),
            Column(words.gettext("Note")),
            Column(words.gettext("Place")),
            Column(words.gettext("By")),
            Column(words.gettext("Change"), number=True),
            Column(words.gettext("On hand after"), number=True),
        ),
        rows=[
            Row(
                str(one.id),
                (
                    Moment(one.created_at),
                    words.gettext(REASON_WORDS.get(one.reason, one.reason)),
                    _note(one.note, words),
                    names.get(one.location_id),
                    authors[one.author],
                    f"{one.delta:+}",
                    one.on_hand_after,
                ),
            )
            for one in changes
        ],
        empty_title="",
        empty_text=words.gettext("Nothing has changed yet."),
    )


def _note(note: str, words: Translator) -> Link | str | None:
    """What staff wrote, or the way to the order that Pasar noted."""
    kind, _, order_id = note.partition(":")
    if kind == "order" and parse_id(order_id):
        return Link(words.gettext("To the order"), f"/admin/orders/{order_id}")
    return note or None


async def _low_tile(source: PageSource) -> Mapping[str, object]:
    """How much is low, for the dashboard."""
    default = (await company_settings(source.runtime.database, source.context.company_id)).low_stock_default
    return {"count": await count_low_stock(source.runtime.database, source.context.company_id, default)}


slots.fill(
    "dashboard_tiles",
    Filling(
        "low-stock",
        "shop/inventory/backoffice/low_tile.html",
        order=10,
        permission="inventory:read",
        load=_low_tile,
    ),
)
