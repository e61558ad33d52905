"""How do a zone and a method stand in a form, and what does a filled form mean? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pasar.delivery.shipping.queries import StoredZone
from pasar.delivery.shipping.rates import ShippingMethod, ShippingZone
from pasar.delivery.shipping.schemas import MethodInput, ZoneInput
from pasar.delivery.shipping.wire import read_method, read_zone
from pasar.kernel.errors import Unprocessable
from pasar.kernel.i18n import N_, Translator
from pasar.kernel.money import Money
from pasar.web.form_inputs import Refusals, input_of, lines_of, refusal_errors

__all__ = [
    "method_values",
    "read_method_form",
    "read_zone_form",
    "with_method",
    "without_method",
    "zone_values",
]

KINDS: Final = (
    ("flat", N_("The same for every order")),
    ("per_item", N_("By piece")),
    ("by_weight", N_("By weight")),
)
_ZONE_WORDS: Final[Mapping[str, str]] = {
    "countries": N_("Write countries as two capitals, such as ID, or * for the rest of the world."),
    "postcodes": N_("Write postcodes as 94105, 94* or 12000-12999."),
}
_METHOD_WORDS: Final[Refusals] = {
    "amount_invalid": ("price", N_("Write amounts as numbers, such as 4.95, with the currency's decimals.")),
    "zone_invalid": (
        "bands",
        N_("A method by weight, and only that, has bands: each line a weight above the one before."),
    ),
}


def zone_values(stored: StoredZone | None) -> dict[str, str]:
    """A zone as its form shows it; empty fields for a new one."""
    if stored is None:
        return {"name": "", "countries": "", "regions": "", "postcodes": ""}
    zone = stored.zone
    return {
        "name": zone.name,
        "countries": ", ".join(sorted(zone.countries)),
        "regions": "\n".join(sorted(zone.regions)),
        "postcodes": "\n".join(zone.postcodes),
    }


def read_zone_form(
    values: Mapping[str, str], stored: StoredZone | None, words: Translator
) -> tuple[ShippingZone | None, dict[str, str]]:
    """The zone that the form describes, with the methods that it has already; or what is wrong."""
    raw = {
        "name": values["name"],
        "countries": [code.upper() for code in lines_of(values["countries"])],
        "regions": lines_of(values["regions"]),
        "postcodes": lines_of(values["postcodes"]),
    }
    data, errors = input_of(ZoneInput, {name: value for name, value in raw.items() if value}, words)
    if data is None:
        if "countries" in errors and raw["countries"]:
            said = _ZONE_WORDS["countries"]
            errors["countries"] = words.gettext(said)
        return None, errors
    try:
        zone, _ = read_zone(data)
    except Unprocessable as problem:
        field = problem.errors[0].field
        return None, {field: words.gettext(_ZONE_WORDS.get(field, problem.detail))}
    return replace(zone, methods=stored.zone.methods if stored else ()), {}


def method_values(method: ShippingMethod | None, currency: str, *, active: bool = True) -> dict[str, Any]:
    """A method as its form shows it; a new one in `currency`."""
    if method is None:
        empty = dict.fromkeys(("name", "price", "bands", "free_from", "delivery_days"), "")
        return empty | {"kind": "flat", "currency": currency, "is_active": True}
    code = method.currency

    def text(minor: int) -> str:
        return Money(minor, code).decimal_string()

    return {
        "name": method.name,
        "kind": method.kind,
        "currency": code,
        "price": "" if method.kind == "by_weight" else text(method.price_minor),
        "bands": "\n".join(f"{band.up_to_grams}: {text(band.price_minor)}" for band in method.bands),
        "free_from": "" if method.free_from_minor is None else text(method.free_from_minor),
        "delivery_days": method.delivery_days,
        "is_active": active,
    }


def read_method_form(
    values: Mapping[str, Any], method_id: str | None, words: Translator
) -> tuple[ShippingMethod | None, dict[str, str]]:
    """The method that the form describes, or what is wrong. Bands are lines of grams, a colon, a price."""
    bands = []
    for line in str(values["bands"]).splitlines():
        if not line.strip():
            continue
        grams, _, price = line.replace(";", ":").partition(":")
        bands.append({"upToGrams": grams.strip(), "price": price.strip()})
    raw: dict[str, Any] = {
        "name": values["name"],
        "kind": values["kind"],
        "currency": values["currency"],
        "price": values["price"],
        "freeFrom": values["free_from"],
        "deliveryDays": values["delivery_days"],
        "bands": bands,
    }
    data, errors = input_of(MethodInput, {name: value for name, value in raw.items() if value}, words)
    if data is None:
        if "bands" in errors:
            errors["bands"] = words.gettext("Write each band as grams, a colon and the price: 1000: 4.95")
        if "freeFrom" in errors:
            errors["free_from"] = errors.pop("freeFrom")
        return None, errors
    try:
        method = read_method(data, "method")
    except Unprocessable as problem:
        known = dict(_METHOD_WORDS)
        if problem.errors and problem.errors[0].field == "method.freeFrom":
            known["amount_invalid"] = ("free_from", known["amount_invalid"][1])
        if problem.errors and problem.errors[0].field == "method.bands" and problem.code == "amount_invalid":
            known["amount_invalid"] = ("bands", known["amount_invalid"][1])
        return None, refusal_errors(problem, known, words)
    return replace(method, method_id=method_id or ""), {}


def with_method(
    stored: StoredZone, method: ShippingMethod, *, active: bool
) -> tuple[ShippingZone, list[bool]]:
    """The zone with `method` in the place of its older self, or last; and which are offered."""
    methods, offered = list(stored.zone.methods), list(stored.active)
    for place, known in enumerate(methods):
        if method.method_id and known.method_id == method.method_id:
            methods[place], offered[place] = method, active
            break
    else:
        methods.append(method)
        offered.append(active)
    return replace(stored.zone, methods=tuple(methods)), offered


def without_method(stored: StoredZone, method_id: str) -> tuple[ShippingZone, list[bool]]:
    """The zone without the method of this id; and which of the others are offered."""
    kept = [
        (method, on)
        for method, on in zip(stored.zone.methods, stored.active, strict=True)
        if method.method_id != method_id
    ]
    return replace(stored.zone, methods=tuple(method for method, _ in kept)), [on for _, on in kept]
