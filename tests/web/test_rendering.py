"""Pages: rendering, addresses, static files, themes and charts."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from markupsafe import Markup

from pasar.web import charts, rendering, static_files, theme
from pasar.web.errors import WORDS, error_page
from pasar.web.page import LocaleChoice, MenuCategory, Notice, PageContext
from pasar.web.pictures import ProductCard
from pasar.web.slots import Filling, Slots
from pasar.web.tables import Amount, Badge, Choice, Column, Link, Moment, Row, Table

LIMIT = 30_000


def page(locale: str = "en", **changes: object) -> PageContext:
    facts: dict[str, object] = {
        "site_name": "Pasar <b>",
        "company_name": "Hall",
        "locale": locale,
        "locales": (LocaleChoice("en", "English"), LocaleChoice("id", "Indonesia")),
        "currency": "IDR",
        "path": "/admin/orders",
        "query": "status=paid&sort=-placed&cursor=x",
        "csrf_token": "token-1",
        "request_id": "req-7",
        "categories": (MenuCategory("Pantry", "/categories/pantry"),),
        "notice": Notice("success", "<script>alert(1)</script>", "Undo", "/undo"),
    }
    return PageContext(**{**facts, **changes})  # type: ignore[arg-type]


def snippet(source: str, context: PageContext | None = None, **values: object) -> str:
    shown = context or page()
    token = rendering._page.set(shown)
    try:
        return rendering.environment().from_string(source).render(page=shown, **values)
    finally:
        rendering._page.reset(token)


@pytest.mark.parametrize("status", [*WORDS, 418, 502])
@pytest.mark.parametrize("locale", ["en", "id"])
def test_error_pages_are_whole_and_escaped(status: int, locale: str) -> None:
    html = error_page(status, page(locale), what_happened="<img src=x>")
    assert html.count("<h1") == 1
    assert f'lang="{locale}"' in html
    assert "req-7" in html
    assert "&lt;img src=x&gt;" in html
    assert "<b>" not in html
    assert "<script>" not in html


def test_a_forgotten_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        snippet("{{ nobody }}")


@pytest.mark.parametrize("name", ["../rendering.py", "layouts/../../errors.py", ".hidden", "nope.html", ""])
def test_templates_stay_in_their_folders(name: str) -> None:
    with pytest.raises(TemplateNotFound):
        rendering.environment().get_template(name)


def test_markup_in_a_message_keeps_the_rest_escaped() -> None:
    bold = Markup("<b>x</b>")
    html = snippet('{{ _("Remove {title}", title=bold) }} {{ _("Remove {title}", title="<i>") }}', bold=bold)
    assert html == "Remove <b>x</b> Remove &lt;i&gt;"


def test_here_changes_only_what_is_named() -> None:
    assert snippet('{{ here(cursor=none, status="to pack")|safe }}') == (
        "/admin/orders?status=to+pack&sort=-placed"
    )


def test_a_list_page_speaks_works_without_script_and_escapes() -> None:
    table = Table(
        columns=(
            Column("Order", "number"),
            Column("Status"),
            Column("Placed", "placed"),
            Column("Total", number=True),
        ),
        rows=[
            Row(
                "1",
                (
                    Link("<X>", "/o/1"),
                    Badge("Paid", "success"),
                    Moment(datetime(2026, 1, 1, tzinfo=UTC)),
                    Amount(12_900_000, "IDR"),
                ),
            )
        ],
        empty_title="None",
        empty_text="None",
        search_label="Search orders",
        sort="-placed",
        bulk_actions=(Choice("pack", "Pack"),),
        bulk_path="/admin/orders/bulk",
        next_cursor="c2",
    )
    source = '{% from "components/lists.html" import list_page %}{{ list_page(table) }}'
    html = snippet(source, page("id"), table=table)
    assert "&lt;X&gt;" in html
    assert "Rp\u00a0129.000" in html
    assert 'aria-sort="descending"' in html
    assert 'name="_csrf_token" value="token-1"' in html
    assert "cursor=c2" in html
    assert "Halaman berikutnya" in html


def test_a_product_without_a_picture_shows_its_initial() -> None:
    card = ProductCard("élan", "/products/elan", 12_900_000, "IDR", compare_at=15_000_000)
    html = snippet(
        '{% from "components/goods.html" import product_card %}{{ product_card(card) }}', card=card
    )
    assert ">É</text>" in html
    assert "<img" not in html
    assert "Sale" in html


@pytest.mark.parametrize("name", ["shop.css", "admin.css"])
def test_styles_are_light(name: str) -> None:
    body = static_files.served(static_files.asset(name).rpartition("/")[2])
    assert body is not None
    assert len(body.body) < LIMIT
    assert b"http" not in body.body


def test_static_files_are_named_by_content_and_kept_gzipped() -> None:
    served_name = static_files.asset("site.js").rpartition("/")[2]
    found = static_files.static_file(served_name)
    assert found is not None
    packed = static_files.gzipped_static_file(served_name)
    assert packed is not None
    assert gzip.decompress(packed) == found[0]
    assert static_files.static_file("site.js") is None
    assert static_files.static_file("../page.py") is None


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#a8431f", "#7777ff", "#00ff88"])
def test_every_accent_becomes_readable(accent: str) -> None:
    for paper in (theme.LIGHT_PAPER, theme.DARK_PAPER):
        assert theme.contrast(theme.readable(accent, paper), paper) >= theme.READABLE


@pytest.mark.parametrize(
    "colours", [{"accent": "red"}, {"accent": "#fff"}, {"x": "#ffffff"}, {"ink": "#000000}"}]
)
def test_a_theme_takes_plain_colours_only(colours: dict[str, str]) -> None:
    with pytest.raises(theme.ColourError):
        theme.theme_css(colours)


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 5), (12, 20), (21, 25), (99, 100), (0.3, 0.5)]
)
def test_axes_end_on_round_figures(value: float, top: float) -> None:
    assert charts.ceiling(value) == pytest.approx(top)


def test_charts_draw_from_zero() -> None:
    drawn = charts.bar_chart([charts.Figure("a", 0, "0"), charts.Figure("b", 10, "10")])
    assert [mark.height for mark in drawn.marks] == [0, charts.HEIGHT - charts.TOP - charts.BOTTOM]
    assert charts.line_chart([]).line == ""
    with pytest.raises(ValueError, match="zero"):
        charts.bar_chart([charts.Figure("a", -1, "-1")])


async def _count(source: int) -> dict[str, object]:
    return {"n": source}


def test_slots_keep_order_replace_and_hide() -> None:
    import asyncio

    slots = Slots()
    slots.fill("dashboard_tiles", Filling("b", "b.html", order=2, load=_count))
    slots.fill("dashboard_tiles", Filling("a", "a.html", order=1, permission="orders.read"))
    slots.fill("dashboard_tiles", Filling("b", "b2.html", order=2, load=_count))
    seen = asyncio.run(slots.gather("dashboard_tiles", 7, frozenset()))
    assert [(tile.template, tile.values) for tile in seen] == [("b2.html", {"n": 7})]
    allowed = asyncio.run(slots.gather("dashboard_tiles", 7, frozenset({"orders.read"})))
    assert [tile.key for tile in allowed] == ["a", "b"]
