"""How zones and quotes travel: decimal strings outside, minor units inside."""

from __future__ import annotations

from uuid import UUID

from pasar.delivery.shipping.queries import StoredZone
from pasar.delivery.shipping.rates import (
    ShippingMethod,
    ShippingQuote,
    ShippingRuleError,
    ShippingZone,
    WeightBand,
)
from pasar.delivery.shipping.schemas import (
    BandAnswer,
    MethodAnswer,
    MethodInput,
    QuoteAnswer,
    ZoneAnswer,
    ZoneInput,
)
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.money import Money, MoneyError


def read_money(text: str, currency: str, field: str) -> int:
    """Minor units of a decimal string. Raises `Unprocessable` naming `field`."""
    try:
        return Money.parse(text, currency).minor
    except MoneyError as problem:
        raise Unprocessable(
            "amount_invalid",
            f"This amount cannot be read: {problem}.",
            errors=[FieldProblem(field, "invalid", str(problem))],
        ) from None


def read_zone(data: ZoneInput) -> tuple[ShippingZone, list[bool]]:
    """A zone with its methods, and which of them are offered. Raises `Unprocessable` `zone_invalid`."""
    methods = tuple(
        read_method(method, f"methods[{position}]") for position, method in enumerate(data.methods)
    )
    try:
        zone = ShippingZone(
            data.name.strip(),
            frozenset(data.countries),
            methods,
            frozenset(region.strip() for region in data.regions),
            tuple(data.postcodes),
        )
    except ShippingRuleError as problem:
        raise _refused("postcodes" if "postcode" in str(problem) else "countries", str(problem)) from None
    return zone, [method.is_active for method in data.methods]


def zone_answer(stored: StoredZone) -> ZoneAnswer:
    """A stored zone for staff."""
    zone = stored.zone
    return ZoneAnswer(
        id=stored.id,
        name=zone.name,
        countries=sorted(zone.countries),
        regions=sorted(zone.regions),
        postcodes=list(zone.postcodes),
        methods=[_method_answer(method, on) for method, on in zip(zone.methods, stored.active, strict=True)],
    )


def quote_answer(quote: ShippingQuote) -> QuoteAnswer:
    """A quote for shoppers."""
    currency = quote.method.currency
    to_free = quote.amount_to_free
    return QuoteAnswer(
        id=UUID(quote.method.method_id),
        name=quote.method.name,
        price=_text(quote.price_minor, currency),
        currency=currency,
        delivery_days=quote.method.delivery_days,
        amount_to_free=None if to_free is None else _text(to_free, currency),
        cheapest=quote.cheapest,
    )


def read_method(data: MethodInput, field: str) -> ShippingMethod:
    """A method that staff sent; `field` is its place on the wire. Raises `Unprocessable`."""
    free_from = data.free_from
    try:
        return ShippingMethod(
            method_id=str(data.id or ""),
            name=data.name.strip(),
            kind=data.kind,
            currency=data.currency,
            price_minor=read_money(data.price, data.currency, f"{field}.price"),
            bands=tuple(
                WeightBand(band.up_to_grams, read_money(band.price, data.currency, f"{field}.bands"))
                for band in data.bands
            ),
            free_from_minor=None
            if free_from is None
            else read_money(free_from, data.currency, f"{field}.freeFrom"),
            delivery_days=data.delivery_days.strip(),
        )
    except ShippingRuleError as problem:
        raise _refused(f"{field}.bands", str(problem)) from None


def _method_answer(method: ShippingMethod, is_active: bool) -> MethodAnswer:
    free_from = method.free_from_minor
    return MethodAnswer(
        id=UUID(method.method_id),
        name=method.name,
        kind=method.kind,
        currency=method.currency,
        price=_text(method.price_minor, method.currency),
        bands=[
            BandAnswer(up_to_grams=band.up_to_grams, price=_text(band.price_minor, method.currency))
            for band in method.bands
        ],
        free_from=None if free_from is None else _text(free_from, method.currency),
        delivery_days=method.delivery_days,
        is_active=is_active,
    )


def _text(minor: int, currency: str) -> str:
    return Money(minor, currency).decimal_string()


def _refused(field: str, reason: str) -> Unprocessable:
    return Unprocessable(
        "zone_invalid", f"This zone cannot work: {reason}.", errors=[FieldProblem(field, "invalid", reason)]
    )
