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


@pytest.mark.parametrize("typed", ["0812 3456 7890", "+62", "phone", "+1 000 000 0000", "+" + "1" * 300])
def test_other_texts_are_no_phone(typed: str) -> None:
    with pytest.raises(PhoneError):
        normalise_phone(typed)
