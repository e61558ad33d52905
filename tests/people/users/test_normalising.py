"""One form for each e-mail, name and phone."""

from __future__ import annotations

import pytest

from pasar.people.users.public import (
    EmailError,
    PersonNameError,
    PhoneError,
    normalise_email,
    normalise_name,
    normalise_phone,
    phone_region,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  Ann.B+tag@EXAMPLE.com\n", "ann.b+tag@example.com"),
        ("ａｎｎ@example.com", "ann@example.com"),  # full-width letters, as Japanese keyboards type
        ("owner@pasar.test", "owner@pasar.test"),
        ("siti@BÜCHER.example.com", "siti@bücher.example.com"),
        ("siti@xn--bcher-kva.example.com", "siti@bücher.example.com"),
    ],
)
def test_an_e_mail_has_one_form(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept
    assert normalise_email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "ann", "@example.com", "ann@", "ann@localhost", "a b@example.com", "a\0b@example.com", "a@b@c.com",
     "ann@example..com", "ann@[127.0.0.1]", '"a b"@example.com', "x" * 65 + "@example.com",
     "ann@exa mple.com", "Ann <ann@example.com>", "a" * 1000],
)  # fmt: skip
def test_other_texts_are_no_e_mail(typed: str) -> None:
    with pytest.raises(EmailError):
        normalise_email(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "\u0430nn@example.com",  # Cyrillic а
        "ann@ex\u0430mple.com",
        "ann@xn--exmple-4nf.com",  # the same as IDNA writes it
        "ann@xn--80ak6aa92e.com",  # a whole label of Cyrillic letters that look like "apple"
        "\u0441\u043e\u0441\u043e@example.com",  # Cyrillic letters alone that look like "coco"
        "\u03bfnn@example.com",  # Greek ο
        "\u0251nn@example.com",  # Latin alpha
        "a\u200bnn@example.com",  # no width
        "a\u00adnn@example.com",  # soft hyphen
        "ann\u202e@example.com",  # turns the direction
        "ann\u2066@example.com",
        "ann\r\nBcc: eve@example.com",
        "ann@example.com\nBcc: eve@example.com",
        "ann\u2028@example.com",
        "ann\x7f@example.com",
        "ann@example.com,eve@example.com",
    ],
)
def test_what_reads_as_another_address_is_refused(typed: str) -> None:
    with pytest.raises(EmailError):
        normalise_email(typed)


@pytest.mark.parametrize(
    "typed",
    ["анна@example.com", "почта@пример.рф", "佐藤a@example.jp", "josé@example.com", "ελένη@example.gr"],
)
def test_addresses_of_one_script_are_taken(typed: str) -> None:
    assert normalise_email(typed) == typed


def test_a_name_has_single_spaces_and_composed_letters() -> None:
    assert normalise_name("  Cafe\u0301   Budi ") == "Café Budi"
    assert normalise_name("x" * 200) == "x" * 200


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "required"), (" ", "required"), ("x" * 201, "too_long"), ("a\0", "control_characters"),
     ("a\u2028b", "control_characters"), ("a\u202eb", "control_characters")],
)  # fmt: skip
def test_other_texts_are_no_name(typed: str, code: str) -> None:
    with pytest.raises(PersonNameError) as refusal:
        normalise_name(typed)
    assert refusal.value.code == code


def test_a_phone_is_kept_in_e164() -> None:
    assert normalise_phone("+62 (812) 3456-7890") == "+6281234567890"
    assert normalise_phone("  ") is None


INDONESIAN = [
    ("081234567890", "+6281234567890"),
    ("0812-3456-7890", "+6281234567890"),
    ("(0812) 3456 7890", "+6281234567890"),
    ("812 3456 7890", "+6281234567890"),
    ("6281234567890", "+6281234567890"),
    ("+62 812 3456 7890", "+6281234567890"),
    ("+62 0812 3456 7890", "+6281234567890"),
    ("０８１２３４５６７８９０", "+6281234567890"),
    ("021 5795 1234", "+622157951234"),
    ("+65 6123 4567", "+6561234567"),
    ("0065 6123 4567", None),  # Indonesia's international prefixes are others
]


@pytest.mark.parametrize(("typed", "kept"), INDONESIAN)
def test_indonesian_numbers_need_no_country_code_at_an_indonesian_site(typed: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(PhoneError):
            normalise_phone(typed, "ID")
    else:
        assert normalise_phone(typed, "ID") == kept


@pytest.mark.parametrize(
    ("currency", "locale", "region"),
    [
        ("IDR", "en", "ID"),
        ("USD", "id", "ID"),
        ("USD", "id-ID", "ID"),
        ("USD", "en", None),
        ("EUR", "de", None),
    ],
)
def test_whose_numbers_a_site_reads(currency: str, locale: str, region: str | None) -> None:
    assert phone_region(currency, locale) == region


@pytest.mark.parametrize(
    "typed",
    [
        "0812\n34567890",
        "081234567890 ext. 5",
        "08\u202e1234567890",
        "08123",
        "0812345678901234567",
        "0" * 500,
    ],
)
def test_no_country_makes_a_number_of_these(typed: str) -> None:
    with pytest.raises(PhoneError):
        normalise_phone(typed, "ID")


@pytest.mark.parametrize("typed", ["0812 3456 7890", "+62", "phone", "+1 000 000 0000", "+" + "1" * 300])
def test_other_texts_are_no_phone(typed: str) -> None:
    with pytest.raises(PhoneError):
        normalise_phone(typed)
