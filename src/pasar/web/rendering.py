"""How does a template become a page?

One Jinja environment serves every language: the page that is being rendered stands in a context variable,
so ``_()``, ``money()`` and the macros of ``components/`` know it without being handed it. Rendering is
synchronous, so the variable never leaks from one request to another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from pasar.kernel import i18n
from pasar.web import charts
from pasar.web.icons import icon
from pasar.web.menus import admin_menu, current_path
from pasar.web.page import PageContext
from pasar.web.slots import slots
from pasar.web.static_files import asset

PACKAGE_ROOT = Path(__file__).resolve().parents[1]
SHARED_TEMPLATES = Path(__file__).parent / "templates"

_page: ContextVar[PageContext] = ContextVar("page")


class ModuleLoader(BaseLoader):
    """Templates of ``web`` by their path; a module's by ``<wing>/<module>/<path>``.

    ``shop/catalog/product.html`` is ``src/pasar/shop/catalog/templates/product.html``.
    """

    def __init__(self, package_root: Path = PACKAGE_ROOT, shared: Path = SHARED_TEMPLATES) -> None:
        self._root = package_root
        self._shared = shared

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - Jinja's contract names it
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """Jinja's contract: source, file name and whether it is still current."""
        path = self.find(template)
        if path is None:
            raise TemplateNotFound(template)
        changed = path.stat().st_mtime
        return path.read_text("utf-8"), str(path), lambda: path.stat().st_mtime == changed

    def find(self, template: str) -> Path | None:
        """The file behind ``template``, or None."""
        parts = template.split("/")
        if not all(part and not part.startswith(".") for part in parts):
            return None
        candidates = [self._shared.joinpath(*parts)]
        if len(parts) > 2:
            candidates.append(self._root.joinpath(*parts[:2], "templates", *parts[2:]))
        return next((path for path in candidates if path.is_file()), None)


def current_page() -> PageContext:
    """The page being rendered. Raises ``LookupError`` outside of :func:`render`."""
    return _page.get()


def render(template: str, page: PageContext, **values: object) -> str:
    """The HTML of ``template`` for ``page``; ``values`` are its variables, ``page`` is always one.

    Raises ``UndefinedError`` for a variable that the template uses and nobody gave.
    """
    token = _page.set(page)
    try:
        return environment().get_template(template).render(page=page, **values)
    finally:
        _page.reset(token)


@cache
def environment(reload: bool = False) -> Environment:
    """The one Jinja environment; ``reload`` looks at the files again on each use, for development."""
    made = Environment(
        loader=ModuleLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=reload,
        cache_size=-1,
        extensions=["jinja2.ext.do"],
    )
    made.globals.update(
        _=gettext,
        ngettext=ngettext,
        money=money,
        number=number,
        date=show_date,
        moment=show_moment,
        asset=asset,
        icon=icon,
        url=url,
        here=here,
        slot=slots.of,
        admin_menu=lambda: admin_menu.for_page(current_page()),
        current_path=current_path,
        current_page=current_page,
        bar_chart=charts.bar_chart,
        line_chart=charts.line_chart,
    )
    return made


def gettext(message: str, **values: object) -> str:
    """``message`` in the page's language. With a ``Markup`` value the whole is Markup, the rest escaped."""
    text = i18n.translator(current_page().locale).gettext(message)
    return _fill(text, values)


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The form of the message for ``n``; ``{n}`` is filled in."""
    locale = current_page().locale
    text = i18n.translator(locale).ngettext(one, many, n)
    return _fill(text, values)


def _fill(text: str, values: Mapping[str, object]) -> str:
    if any(hasattr(value, "__html__") for value in values.values()):
        safe = {name: escape(value) for name, value in values.items()}
        return Markup(i18n.fill_placeholders(str(escape(text)), safe))  # noqa: S704 - every part is escaped
    return i18n.fill_placeholders(text, values)


def money(minor: int, currency: str) -> str:
    """``minor`` units of ``currency`` in the page's language: ``Rp 129.000``."""
    return i18n.format_minor(minor, currency, current_page().locale)


def number(value: int) -> str:
    """A number with the separators of the page's language."""
    return i18n.format_number(value, current_page().locale)


def show_date(value: date | datetime, style: i18n.DateStyle = "medium") -> Markup:
    """The day as a ``<time>`` element, the exact time on hover."""
    page = current_page()
    text = i18n.format_date(value, page.locale, page.zone, style)
    return _time_element(value, text, page)


def show_moment(value: datetime, style: i18n.DateStyle = "short") -> Markup:
    """Day and time as a ``<time>`` element, the exact time on hover."""
    page = current_page()
    return _time_element(value, i18n.format_datetime(value, page.locale, page.zone, style), page)


def _time_element(value: date | datetime, text: str, page: PageContext) -> Markup:
    if not isinstance(value, datetime):
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)
    exact = i18n.format_datetime(value, page.locale, page.zone, "full")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), exact, text)


def url(path: str, **query: Any) -> str:
    """``path`` with ``query``; None and empty values are left out, lists repeat their name."""
    pairs = [(name, value) for name, value in query.items() if value not in (None, "", [], ())]
    address = quote(path, safe="/:@!$&'()*+,;=~%")
    return f"{address}?{urlencode(pairs, doseq=True)}" if pairs else address


def here(**changes: Any) -> str:
    """The page's own address with ``changes`` to its query; None takes a name away."""
    page = current_page()
    kept: dict[str, Any] = {}
    for name, value in parse_qsl(page.query):
        kept.setdefault(name, []).append(value)
    return url(page.path, **{**kept, **changes})
