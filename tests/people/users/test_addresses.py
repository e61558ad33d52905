"""Addresses are checked by the rules of their country, and each error lands on one of our fields."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasar.people.users.addresses import MAX_LENGTH, Address, FieldError, known_country, normalise_address

JAKARTA = Address(
    country="ID",
    name="Sari Dewi",
    line1="Jl. Jend. Sudirman Kav. 52",
    line2="Lantai 3",
    city="Jakarta Selatan",
    region="DKI Jakarta",
    postal_code="12190",
    phone="+6281234567890",
)
BERLIN = Address("DE", "Jo Groß", "Unter den Linden 77", "", "Berlin", "", "10117", "+4930901820")
NEW_YORK = Address("US", "Ann Lee", "350 5th Ave", "", "New York", "NY", "10118", "+12125552368")
TOKYO = Address("JP", "佐藤 花", "道玄坂1-2-3", "", "渋谷区", "東京都", "150-0043", "+81312345678")
SINGAPORE = Address("SG", "Tan Li", "1 Raffles Place", "#10-01", "Singapore", "", "048616", "+6561234567")
HONG_KONG = Address("HK", "Chan", "8 Queen's Road", "", "Central", "Hong Kong Island", "", "")
DUBAI = Address("AE", "Omar", "Sheikh Zayed Road 1", "", "", "إمارة دبيّ", "", "")
IRELAND = Address("IE", "Aoife", "1 O'Connell St", "", "Dublin", "", "D01 F5P2", "")


@pytest.mark.parametrize(
    "address",
    [JAKARTA, BERLIN, NEW_YORK, TOKYO, SINGAPORE, HONG_KONG, DUBAI, IRELAND],
    ids=lambda a: a.country,
)
def test_a_well_written_address_is_kept_as_it_is(address: Address) -> None:
    assert normalise_address(address) == (address, ())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (replace(JAKARTA, country="id", region="jakarta", phone="0812-3456-7890"), JAKARTA),
        (replace(JAKARTA, region=" daerah khusus ibukota  jakarta"), JAKARTA),
        (replace(JAKARTA, region="D.K.I. Jakarta", phone="62 812 3456 7890"), JAKARTA),
        (replace(JAKARTA, region="papua tengah"), replace(JAKARTA, region="Papua Tengah")),
        (replace(JAKARTA, region="yogyakarta"), replace(JAKARTA, region="Daerah Istimewa Yogyakarta")),
        (replace(JAKARTA, postal_code=""), replace(JAKARTA, postal_code="")),
        (replace(BERLIN, name="  Jo   Groß ", phone="030 901820"), BERLIN),
        (replace(BERLIN, region="Berlin"), replace(BERLIN, region="Berlin")),
        (replace(BERLIN, name="Jose\u0301"), replace(BERLIN, name="Jos\u00e9")),
        (replace(NEW_YORK, region="new york", phone="(212) 555-2368"), NEW_YORK),
        (replace(NEW_YORK, postal_code="10118 0110"), replace(NEW_YORK, postal_code="10118-0110")),
        (replace(NEW_YORK, line1="", line2="350 5th Ave"), NEW_YORK),
        (replace(TOKYO, region="Tokyo", postal_code="１５０００４３", phone="03-1234-5678"), TOKYO),
        (replace(TOKYO, postal_code="１５０ー００４３"), TOKYO),
        (replace(SINGAPORE, country=" sg ", phone="6123 4567"), SINGAPORE),
        (replace(HONG_KONG, postal_code="999077", region="香港島"), HONG_KONG),
        (replace(DUBAI, region="dubai"), DUBAI),
        (replace(IRELAND, postal_code="d01f5p2"), IRELAND),
        (
            Address("BR", "Zé", "Av. Paulista 1", "", "sao paulo", "sao paulo", "01310100"),
            Address("BR", "Zé", "Av. Paulista 1", "", "São Paulo", "SP", "01310-100"),
        ),
        (
            Address("GB", "Kim", "10 Downing St", "", "London", "", "sw1a2aa"),
            Address("GB", "Kim", "10 Downing St", "", "London", "", "SW1A 2AA"),
        ),
    ],
)
def test_what_people_type_is_stored_as_the_country_writes_it(typed: Address, stored: Address) -> None:
    assert normalise_address(typed) == (stored, ())
    assert normalise_address(stored) == (stored, ())


@pytest.mark.parametrize(
    ("address", "errors"),
    [
        (replace(JAKARTA, region=""), {"region": "required"}),
        (replace(JAKARTA, region="Atlantis"), {"region": "invalid"}),
        (replace(JAKARTA, postal_code="1219"), {"postalCode": "invalid"}),
        (replace(JAKARTA, postal_code="121901"), {"postalCode": "invalid"}),
        (replace(JAKARTA, line1="", line2=""), {"line1": "required"}),
        (replace(JAKARTA, phone="12"), {"phone": "invalid"}),
        (replace(JAKARTA, phone="call me"), {"phone": "invalid"}),
        (replace(BERLIN, city=""), {"city": "required"}),
        (replace(BERLIN, postal_code=""), {"postalCode": "required"}),
        (replace(BERLIN, postal_code="1011"), {"postalCode": "invalid"}),
        (replace(NEW_YORK, region=""), {"region": "required"}),
        (replace(NEW_YORK, region="ON"), {"region": "invalid"}),
        (replace(NEW_YORK, postal_code="94105"), {"postalCode": "invalid"}),  # a Californian code
        (replace(NEW_YORK, postal_code="1011A"), {"postalCode": "invalid"}),
        (replace(NEW_YORK, phone="+1 212 555"), {"phone": "invalid"}),
        (replace(TOKYO, region=""), {"region": "required"}),
        (replace(TOKYO, postal_code="150"), {"postalCode": "invalid"}),
        (replace(SINGAPORE, postal_code=""), {"postalCode": "required"}),
        (replace(SINGAPORE, postal_code="04861"), {"postalCode": "invalid"}),
        (Address("GB", "Kim", "1 Road", "", "London", "", "SW1A 2AAXX"), {"postalCode": "invalid"}),
        (Address("DE"), {"line1": "required", "city": "required", "postalCode": "required"}),
        (
            Address("US", line1="1 Main St"),
            {"city": "required", "region": "required", "postalCode": "required"},
        ),
    ],
)
def test_errors_land_on_our_fields(address: Address, errors: dict[str, str]) -> None:
    _, found = normalise_address(address)
    assert {error.field: error.code for error in found} == errors
    assert [error.field for error in found] == list(errors)
    assert all(error.message for error in found)


@pytest.mark.parametrize("country", ["XX", "ZZ", "UK", "ALL", "USA", "U", "1", "../", "ÄÖ", "Indonesia"])
def test_unknown_countries(country: str) -> None:
    assert not known_country(country)
    _, errors = normalise_address(replace(BERLIN, country=country))
    assert errors == (FieldError("country", "country_unknown", "This country is not known."),)


def test_a_country_is_required() -> None:
    _, errors = normalise_address(replace(BERLIN, country=" ", name="x" * 201))
    assert [(error.field, error.code) for error in errors] == [("country", "required"), ("name", "too_long")]


@pytest.mark.parametrize("country", ["ID", "DE", "US", "JP", "SG", "HK", "AE", "GB", "XK", "VA"])
def test_known_countries(country: str) -> None:
    assert known_country(country)
    assert not known_country(country.lower())


@pytest.mark.parametrize(
    ("field", "wire"), [("name", "name"), ("line1", "line1"), ("line2", "line2"), ("city", "city")]
)
def test_every_field_has_a_length(field: str, wire: str) -> None:
    fits, errors = normalise_address(replace(BERLIN, **{field: "x" * MAX_LENGTH}))
    assert errors == ()
    assert getattr(fits, field) == "x" * MAX_LENGTH
    _, errors = normalise_address(replace(BERLIN, **{field: "x" * (MAX_LENGTH + 1)}))
    assert [(error.field, error.code) for error in errors] == [(wire, "too_long")]


@pytest.mark.parametrize("field", ["region", "postal_code", "phone"])
def test_length_comes_before_the_rules_of_the_country(field: str) -> None:
    _, errors = normalise_address(replace(NEW_YORK, **{field: "1" * (MAX_LENGTH + 1)}))
    assert [error.code for error in errors] == ["too_long"]


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\r\nb", "a\tb", "a\x00b", "\x1b[31ma", "a\u2028b", "a\u202eb", "a\x85b", "a\n", "a\ud800"],
)
@pytest.mark.parametrize(
    ("field", "wire"),
    [
        ("name", "name"),
        ("line1", "line1"),
        ("city", "city"),
        ("postal_code", "postalCode"),
        ("phone", "phone"),
    ],
)
def test_control_characters_are_refused(field: str, wire: str, text: str) -> None:
    _, errors = normalise_address(replace(BERLIN, **{field: text}))
    assert [(error.field, error.code) for error in errors] == [(wire, "control_characters")]


def test_all_errors_come_at_once_in_the_order_of_the_form() -> None:
    _, errors = normalise_address(Address("US", "a\nb", "x" * 201, "", "", "Atlantis", "1", "12"))
    assert [(error.field, error.code) for error in errors] == [
        ("name", "control_characters"),
        ("line1", "too_long"),
        ("city", "required"),
        ("region", "invalid"),
        ("postalCode", "invalid"),
        ("phone", "invalid"),
    ]


def test_a_refused_address_can_be_shown_again() -> None:
    shown, errors = normalise_address(
        replace(NEW_YORK, region="Atlantis", phone="12", postal_code="10118 0110")
    )
    assert errors
    assert (shown.region, shown.phone, shown.postal_code) == ("Atlantis", "12", "10118-0110")


TEXT = st.text(max_size=30)


@settings(max_examples=200)
@given(
    st.builds(
        Address,
        country=st.sampled_from(["ID", "DE", "US", "JP", "SG", "HK", "BR", "KR", "CN", "GB", "AE", "XX"])
        | TEXT,
        name=TEXT,
        line1=TEXT,
        line2=TEXT,
        city=TEXT,
        region=TEXT | st.sampled_from(["CA", "Bali", "Tokyo", "서울", "SP"]),
        postal_code=TEXT | st.from_regex(r"[0-9]{3,8}", fullmatch=True),
        phone=TEXT | st.from_regex(r"\+?[0-9]{3,15}", fullmatch=True),
    )
)
def test_any_text_is_answered_and_what_is_accepted_stays_as_it_is(address: Address) -> None:
    stored, errors = normalise_address(address)
    if not errors:
        assert normalise_address(stored) == (stored, ())
