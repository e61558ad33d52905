"""The checkout's form: what the buyer saw, and errors beside the fields in the buyer's words."""

from __future__ import annotations

import pytest

from pasar.kernel.errors import FieldProblem
from pasar.kernel.i18n import translator
from pasar.shop.checkout.address_form import address_shape, country_choices, country_of_currency
from pasar.shop.checkout.form import FIELDS, expected_total, field_name, problem_words


@pytest.mark.parametrize(
    ("seen", "method", "total"),
    [
        ("1200;a=500;b=0", "a", "17.00"),
        ("1200;a=500;b=0", "b", "12.00"),
        ("1200;a=500", "c", None),
        ("1200;a=500", "", None),
        ("1200", "", "12.00"),  # nothing travels
        ("", "a", None),
        ("-5;a=500", "a", None),
        ("1200;a=5x", "a", None),
        ("9" * 30, "", None),
    ],
)
def test_the_total_that_was_seen(seen: str, method: str, total: str | None) -> None:
    assert expected_total(seen, method, "USD") == total


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        ("shippingAddress.postalCode", "ship_postal_code"),
        ("billingAddress.line1", "bill_line1"),
        ("shippingMethodId", "shipping_method"),
        ("paymentMethod", "payment_method"),
        ("email", "email"),
        ("elsewhere", ""),
    ],
)
def test_errors_find_their_fields(wire: str, field: str) -> None:
    assert field_name(wire) == field


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "ZIP code: please fill this in."), ("id", "Kode pos (ZIP): mohon diisi.")],
)
def test_errors_speak_the_language_and_the_country(locale: str, said: str) -> None:
    values = dict.fromkeys(FIELDS, "") | {"ship_country": "US"}
    problems = [FieldProblem("shippingAddress.postalCode", "required", "…")]
    assert problem_words(problems, values, translator(locale)) == {"ship_postal_code": said}


def test_the_form_follows_the_country() -> None:
    america, germany, hong_kong = (address_shape(code) for code in ("US", "DE", "HK"))
    assert (america.region_label, america.region_required, america.postcode_label) == (
        "State",
        True,
        "ZIP code",
    )
    assert "California" in america.regions
    assert not germany.region_shown
    assert germany.postcode_required
    assert not hong_kong.postcode_shown
    assert address_shape("??") == address_shape("")


def test_countries_are_named_in_the_language_and_guessed_by_the_currency() -> None:
    assert ("DE", "Germany") in country_choices("en")
    assert ("DE", "Jerman") in country_choices("id")
    assert [country_of_currency(code) for code in ("USD", "IDR", "EUR")] == ["US", "ID", ""]
