"""How does a template become a mail, in the reader's language?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, select_autoescape

from pasar.delivery.notifications.kinds import Written
from pasar.delivery.notifications.look import look
from pasar.kernel import i18n
from pasar.kernel.config import Settings
from pasar.kernel.tenancy import Site
from pasar.web.rendering import ModuleLoader


@dataclass(frozen=True, slots=True)
class MailPage:
    """What every mail knows. `base_url` begins its links, without a slash; empty when nobody knows it."""

    site_name: str
    locale: str
    zone: str
    base_url: str

    def link(self, path: str) -> str:
        """The whole address of `path`, or nothing where the shop's own address is not known."""
        return self.base_url + path if self.base_url else ""


def mail_page(settings: Settings, site: Site, locale: str) -> MailPage:
    """The page of a mail from `site`, in `locale` when the site speaks it, else in the site's own."""
    spoken = locale if locale in site.locales else site.locale
    return MailPage(site.name, spoken, site.time_zone, _base_url(settings, site))


def _base_url(settings: Settings, site: Site) -> str:
    if settings.production:
        return f"https://{site.host}" if site.host else settings.public_url
    here = f"http://{site.host or 'localhost'}:{settings.port}"
    return here if site.host else settings.public_url or here


def write_mail(template: str, page: MailPage, subject: str, **values: object) -> Written:
    """The mail of `template`.html and `template`.txt; both see `page`, `subject` and `values`.

    `template` is named as pages are: `shop/orders/mail/placed`. Raises `UndefinedError` for a variable that
    nobody gave.
    """
    made = _environment(page.locale, page.zone)
    known: dict[str, Any] = {"page": page, "subject": subject, **values}
    text = made.get_template(template + ".txt").render(known)
    return Written(
        sender_name=page.site_name,
        subject=subject,
        text=_tidy(text),
        html=made.get_template(template + ".html").render(known),
    )


@lru_cache(maxsize=64)
def _environment(locale: str, zone: str) -> Environment:
    """Templates that speak `locale` and tell the time of `zone`. HTML escapes what it is given."""
    words = i18n.translator(locale)

    def show_date(value: date | datetime) -> str:
        return i18n.format_date(value, locale, zone, "long")

    def show_money(minor: int, currency: str) -> str:
        return i18n.format_minor(minor, currency, locale)

    made = Environment(
        loader=ModuleLoader(),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        _=words.gettext,
        ngettext=words.ngettext,
        money=show_money,
        date=show_date,
        look=look,
        one_line=_one_line,
    )
    return made


def _one_line(value: object) -> str:
    """What people typed, on one line of a text: a name cannot pretend to be a paragraph of ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def _tidy(text: str) -> str:
    """No empty lines at the ends, and no more than one in a row."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
