"""What language is this page in, and how do money, numbers and dates read in it?

English is the message id. Translations live beside the code that speaks them, in
``<package>/locale/<language>.po``, and are read when the process starts: there is no compile step to
forget. Placeholders are named, ``{like_this}``, and are filled by plain substitution: a translation can
neither crash a page nor reach into an object's attributes, as ``str.format`` would allow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from gettext import c2py
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, get_currency_precision, get_currency_symbol, parse_pattern
from babel.numbers import format_decimal as babel_decimal

from pasar.kernel.money import Money, exponent

SOURCE_LOCALE = "en"
PACKAGE_ROOT = Path(__file__).resolve().parents[1]

DateStyle = Literal["short", "medium", "long", "full"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_OLD_CODES = {"in": "id", "iw": "he", "ji": "yi"}  # browsers and Java still send the withdrawn ISO codes


def N_(text: str) -> str:  # noqa: N802 - the name that every gettext tool knows
    """Mark ``text`` for translation later, where a page or mail is written in somebody's language."""
    return text


def fill_placeholders(text: str, values: Mapping[str, object]) -> str:
    """Put ``values`` in place of ``{name}``; a name that is not given stays as written."""
    if not values:
        return text
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], match[0])), text)


@dataclass(frozen=True, slots=True)
class Translator:
    """The messages of one language. Unknown messages fall back to English, the message id."""

    locale: str
    singular: Mapping[str, str] = field(default_factory=dict)
    plural: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    plural_index: Callable[[int], int] = field(default=lambda n: int(n != 1))

    def gettext(self, message: str, **values: object) -> str:
        """``message`` in this language, with ``values`` in its placeholders."""
        return fill_placeholders(self.singular.get(message) or message, values)

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The form for ``n`` of something; ``{n}`` is filled with ``n``, formatted for the locale."""
        forms = self.plural.get((one, many))
        chosen = forms[self.plural_index(n)] if forms else (one if n == 1 else many)
        return fill_placeholders(chosen, {"n": format_number(n, self.locale), **values})


def catalogue_files(locale: str, root: Path = PACKAGE_ROOT) -> list[Path]:
    """Every ``locale/<language>.po`` under ``root``, in path order, so that merging is repeatable."""
    language = locale.replace("-", "_").split("_")[0]
    return sorted(root.glob(f"**/locale/{language}.po"))


def read_catalogues(locale: str, files: Iterable[Path]) -> Translator:
    """Merge the ``.po`` ``files`` into one translator; the first file to translate a message wins.

    Fuzzy and empty entries are left out: English is better than a guess.
    """
    singular: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, ...]] = {}
    rule = "n != 1"
    for path in files:
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=locale.replace("-", "_"))
        rule = catalogue.plural_expr
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                if isinstance(message.string, str) and message.string:
                    singular.setdefault(message.id, message.string)
            elif message.string and not isinstance(message.string, str) and all(message.string):
                plural.setdefault((message.id[0], message.id[1]), tuple(message.string))
    return Translator(locale, singular, plural, c2py(rule))


@cache
def translator(locale: str) -> Translator:
    """The translator of ``locale`` from every catalogue of the package; read once per process."""
    return read_catalogues(locale, catalogue_files(locale))


def negotiate(accept_language: str | None, offered: Iterable[str], default: str) -> str:
    """The best of ``offered`` for an ``Accept-Language`` header (RFC 9110, 12.5.4), else ``default``.

    A wish matches an offer of the same language, whatever the region; ``q=0`` refuses; a malformed part
    is passed over, never an error.
    """
    offers = {offer.lower().replace("_", "-"): offer for offer in offered}
    by_language: dict[str, str] = {}
    for code, offer in offers.items():
        by_language.setdefault(code.split("-")[0], offer)
    for wish in _wishes(accept_language or ""):
        found = offers.get(wish) or by_language.get(wish.split("-")[0])
        if found is not None:
            return found
    return default


def _wishes(header: str) -> list[str]:
    """Language codes of the header, most wanted first; equal weights keep the header's order."""
    wishes: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        code, _, parameters = part.strip().lower().partition(";")
        match = re.fullmatch(r"\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", parameters) if parameters else None
        if parameters and match is None:
            continue
        weight = float(match[1]) if match else 1.0
        if weight > 0 and re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", code.strip()):
            language, dash, region = code.strip().partition("-")
            wishes.append((-weight, _OLD_CODES.get(language, language) + dash + region))
    return [code for _, code in sorted(wishes, key=lambda wish: wish[0])]


@cache
def spoken_locales() -> tuple[str, ...]:
    """The languages that Pasar speaks: English, and those that have catalogues. In alphabetical order."""
    return tuple(sorted({SOURCE_LOCALE, *(path.stem for path in PACKAGE_ROOT.glob("**/locale/*.po"))}))


@cache
def babel_locale(locale: str) -> Locale:
    """Babel's locale for ``en``, ``id``, ``en-GB`` or ``en_GB``. Raises ``UnknownLocaleError``."""
    return Locale.parse(locale.replace("-", "_"))


def format_money(money: Money, locale: str) -> str:
    """``money`` as people write it: ``$48.00``, ``Rp 129.000``. Spaces in it do not break."""
    return format_minor(money.minor, money.currency, locale)


@lru_cache(maxsize=16_384)
def format_minor(minor: int, currency: str, locale: str) -> str:
    """``minor`` units of ``currency`` as text; see :func:`format_money`.

    Storage follows ISO 4217, display the custom (CLDR): rupiah have two decimals by the one and none in daily
    life. Decimals that custom hides are shown only when they are not zero, so that a page never says another
    amount than the one that is charged. Raises ``MoneyError`` for an unknown currency.
    """
    digits = exponent(currency)
    customary = 0 if currency == "IDR" else min(digits, get_currency_precision(currency))
    shown = customary if minor % 10 ** (digits - customary) == 0 else digits
    amount = Decimal(minor).scaleb(-digits)
    pattern_for_digits = _with_fraction(_money_pattern(currency, locale), shown)
    text: str = pattern_for_digits.apply(
        amount, babel_locale(locale), currency=currency, currency_digits=False
    )
    return text.replace(" ", "\u00a0")


@cache
def _money_pattern(currency: str, locale: str) -> str:
    """The locale's currency pattern, with the symbol written in; rupiah are ``Rp`` in every language."""
    parsed = babel_locale(locale)
    if currency == "IDR":
        return "'Rp'\u00a0#,##0.00"
    pattern: str = parsed.currency_formats["standard"].pattern
    symbol = get_currency_symbol(currency, parsed)
    spaced = f"'{symbol}'" + ("\u00a0" if symbol[-1].isalpha() and pattern.startswith("¤#") else "")
    return pattern.replace("¤", spaced)


@cache
def _with_fraction(pattern: str, digits: int) -> NumberPattern:
    """A number pattern of exactly ``digits`` decimals, parsed once."""
    fraction = "." + "0" * digits if digits else ""
    return parse_pattern(re.sub(r"\.0+", fraction, pattern))


def format_number(value: int | Decimal, locale: str) -> str:
    """``value`` with the locale's separators; small whole numbers take a short way."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    return str(babel_decimal(value, locale=babel_locale(locale)))


def format_date(value: date | datetime, locale: str, zone: str = "UTC", style: DateStyle = "medium") -> str:
    """The day of ``value`` in ``zone``: ``20 Nov 2026``. A plain ``date`` has no zone and stays as it is."""
    day = value.astimezone(zone_info(zone)).date() if isinstance(value, datetime) else value
    return babel_date(day, style, locale=babel_locale(locale))


def format_datetime(value: datetime, locale: str, zone: str = "UTC", style: DateStyle = "medium") -> str:
    """``value`` in ``zone``, day and time. Raises ``ValueError`` for a time without a zone."""
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown: give it one, say datetime.now(UTC)")
    return babel_datetime(value.astimezone(UTC), style, tzinfo=zone_info(zone), locale=babel_locale(locale))


@cache
def zone_info(zone: str) -> ZoneInfo:
    """The time zone named ``zone`` (IANA). Raises ``ZoneInfoNotFoundError``."""
    return ZoneInfo(zone)
