"""Languages, money, numbers and dates as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pasar.kernel import i18n
from pasar.kernel.money import Money

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "shown"),
    [
        (4800, "USD", "en", "$48.00"),
        (4800, "USD", "id", "US$48,00"),
        (-500, "USD", "en", "-$5.00"),
        (123_456_789, "USD", "en", "$1,234,567.89"),
        (12_900_000, "IDR", "id", f"Rp{SPACE}129.000"),
        (12_900_000, "IDR", "en", f"Rp{SPACE}129,000"),
        (12_900_050, "IDR", "id", f"Rp{SPACE}129.000,50"),
        (0, "IDR", "id", f"Rp{SPACE}0"),
        (129_000, "JPY", "en", "¥129,000"),
        (1_290_001, "KWD", "en", f"KWD{SPACE}1,290.001"),
        (4800, "EUR", "de", f"48,00{SPACE}€"),
        (1_290_000_000, "IQD", "en", f"IQD{SPACE}1,290,000"),
        (1_290_000_500, "IQD", "en", f"IQD{SPACE}1,290,000.500"),
    ],
)
def test_money(minor: int, currency: str, locale: str, shown: str) -> None:
    assert i18n.format_money(Money(minor, currency), locale) == shown


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "en"),
        ("", "en"),
        ("id", "id"),
        ("in-ID", "id"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("fr, id;q=0.2, en;q=0.1", "id"),
        ("id;q=0, en;q=0.1", "en"),
        ("id;q=0.1, en;q=0.9", "en"),
        ("en;q=0.5, id;q=0.5", "en"),
        ("*;;;,,q=x", "en"),
        ("id;q=nonsense", "en"),
    ],
)
def test_negotiation(header: str | None, chosen: str) -> None:
    assert i18n.negotiate(header, ("en", "id"), "en") == chosen


def test_negotiation_gives_the_offer_as_it_was_written() -> None:
    assert i18n.negotiate("pt", ("en", "pt_BR"), "en") == "pt_BR"


@pytest.fixture
def catalogue(tmp_path: Path) -> i18n.Translator:
    header = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    first, second = tmp_path / "a.po", tmp_path / "b.po"
    first.write_text(
        header
        + 'msgid "Hello {name}"\nmsgstr "Halo {name}"\n\n#, fuzzy\nmsgid "Maybe"\nmsgstr "Mungkin"\n\n'
        + 'msgid "Empty"\nmsgstr ""\n\nmsgid "{n} thing"\nmsgid_plural "{n} things"\nmsgstr[0] "{n} barang"\n'
    )
    second.write_text(
        header + 'msgid "Hello {name}"\nmsgstr "Hai {name}"\n\nmsgid "Cart"\nmsgstr "Keranjang"\n'
    )
    return i18n.read_catalogues("id", [first, second])


def test_catalogues_merge_and_the_first_wins(catalogue: i18n.Translator) -> None:
    assert catalogue.gettext("Hello {name}", name="Ana") == "Halo Ana"
    assert catalogue.gettext("Cart") == "Keranjang"


def test_unknown_empty_and_fuzzy_messages_stay_english(catalogue: i18n.Translator) -> None:
    assert [catalogue.gettext(text) for text in ("Unknown", "Empty", "Maybe")] == [
        "Unknown",
        "Empty",
        "Maybe",
    ]


def test_plural_forms(catalogue: i18n.Translator) -> None:
    assert catalogue.ngettext("{n} thing", "{n} things", 1) == "1 barang"
    assert catalogue.ngettext("{n} thing", "{n} things", 1200) == "1.200 barang"
    english = i18n.Translator("en")
    assert english.ngettext("{n} thing", "{n} things", 1) == "1 thing"
    assert english.ngettext("{n} thing", "{n} things", 0) == "0 things"


def test_a_placeholder_without_value_stays_and_reaches_nothing() -> None:
    assert i18n.fill_placeholders("{a} {b} {a.__class__}", {"a": 1}) == "1 {b} {a.__class__}"


def test_numbers() -> None:
    assert i18n.format_number(999, "id") == "999"
    assert i18n.format_number(1_234_567, "id") == "1.234.567"
    assert i18n.format_number(Decimal("1.5"), "id") == "1,5"
    assert i18n.format_number(-1234, "en") == "-1,234"


def test_a_day_is_the_day_in_the_zone() -> None:
    late = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    assert i18n.format_date(late, "en", "UTC") == "Nov 20, 2026"
    assert i18n.format_date(late, "id", "Asia/Jakarta") == "21 Nov 2026"
    assert i18n.format_date(date(2026, 11, 20), "id", "Asia/Jakarta") == "20 Nov 2026"


def test_a_time_needs_a_zone() -> None:
    late = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)
    assert "03.30" in i18n.format_datetime(late, "id", "Asia/Jakarta")
    with pytest.raises(ValueError, match="zone"):
        i18n.format_datetime(late.replace(tzinfo=None), "id")
