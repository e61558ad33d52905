"""Which taxes does a place charge, and how much are they? In whole minor units and parts per million.

Which rates. A rate names a country, perhaps a region, perhaps a postcode pattern: exact ("94105"), a prefix
("94*") or a range of equally long numbers ("12000-12999"). Among the rates of one `priority` that match a
place the most specific wins: postcode before region before country, exact before pattern, a narrow pattern
before a wide one. Rates of different priorities are charged side by side (a state's and a city's), in order
of priority; a `compound` one is charged on the amount with the taxes before it (decisions, "Tax").

How much. Rounding is half-up on the size of the amount, so that the tax of a refund is exactly the tax of the
sale, negated. By default every line is rounded, each rate by itself, since each is owed to its own authority;
rounding "order" rounds the sum over the lines once and spreads it back by largest remainder. A price with tax
included is divided once by all its rates together, so that net and taxes give the price again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from pasar.kernel.money import split_minor
from pasar.kernel.places import Place, PostcodePatternError, check_pattern, codes_covered

__all__ = [
    "STANDARD",
    "Place",
    "Rounding",
    "TaxPolicy",
    "TaxRate",
    "TaxRateError",
    "TaxedLines",
    "matching_rates",
    "tax_lines",
    "tax_of",
]

Rounding = Literal["line", "order"]

STANDARD: Final = "standard"
"""The tax class of goods that no other class is named for."""

_MILLION: Final = 1_000_000
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)


class TaxRateError(ValueError):
    """A rate that cannot be charged; the message says which part of it is wrong."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One tax of one authority: `rate_ppm` parts per million, so 8.875 % is 88750.

    Raises TaxRateError for a rate outside 0 to 100 %, a country that is not two capitals, an empty region,
    or a postcode pattern of none of the three kinds.
    """

    country: str
    name: str
    rate_ppm: int
    region: str | None = None
    postcode: str | None = None
    tax_class: str = STANDARD
    priority: int = 1
    compound: bool = False

    def __post_init__(self) -> None:
        if not _COUNTRY.fullmatch(self.country):
            raise TaxRateError("the country is two capital letters")
        if type(self.rate_ppm) is not int or not 0 <= self.rate_ppm <= _MILLION:
            raise TaxRateError("the rate lies between 0 and 1,000,000 parts per million")
        if self.region is not None and not self.region.strip():
            raise TaxRateError("the region is empty")
        if self.postcode is not None:
            try:
                check_pattern(self.postcode)
            except PostcodePatternError as problem:
                raise TaxRateError(str(problem)) from None


@dataclass(frozen=True, slots=True)
class TaxPolicy:
    """What a site charges on a cart: rates in the order they are charged, and how they are reckoned.

    Whether prices include tax is set per site and currency (decisions, "Tax").
    """

    rates: tuple[TaxRate, ...]
    included: bool
    rounding: Rounding = "line"


@dataclass(frozen=True, slots=True)
class TaxedLines:
    """Taxes in minor units: `lines[i][r]` is what rate `r` takes of line `i`, `by_rate` sums the lines."""

    lines: tuple[tuple[int, ...], ...]
    by_rate: tuple[int, ...]
    total: int


def matching_rates(rates: Iterable[TaxRate], place: Place, tax_class: str = STANDARD) -> tuple[TaxRate, ...]:
    """The rates charged on goods of a class sent to `place`, in order of charging; empty when none matches.

    Two equally specific rates of one priority are a mistake of configuration: the first by name is taken,
    so that the answer at least does not depend on the order of rows.
    """
    best: dict[int, tuple[tuple[int, int, int], TaxRate]] = {}
    for rate in rates:
        if rate.tax_class != tax_class:
            continue
        rank = _specificity(rate, place)
        if rank is None:
            continue
        held = best.get(rate.priority)
        if held is None or rank > held[0] or (rank == held[0] and _order(rate) < _order(held[1])):
            best[rate.priority] = (rank, rate)
    return tuple(best[priority][1] for priority in sorted(best))


def tax_of(amount_minor: int, rate_ppm: int, included: bool) -> int:
    """The tax of one rate on an amount, or contained in it when `included`; half-up, away from zero."""
    divisor = _MILLION + rate_ppm if included else _MILLION
    if amount_minor < 0:
        return -((-2 * amount_minor * rate_ppm + divisor) // (2 * divisor))
    return (2 * amount_minor * rate_ppm + divisor) // (2 * divisor)


def tax_lines(
    amounts: Sequence[int], rates: tuple[TaxRate, ...], included: bool, rounding: Rounding = "line"
) -> TaxedLines:
    """The taxes of lines that share their rates, `rates` being in order of charging.

    `amounts` are minor units after discount; with tax `included` they contain it, else it comes on top.
    The total is the sum of the lines under both roundings.
    """
    if len(rates) == 1 and rounding == "line":
        # The ordinary cart, read on every page: one pass and no intermediate tables.
        rate_ppm = rates[0].rate_ppm
        single = tuple([(tax_of(amount, rate_ppm, included),) for amount in amounts])
        total = sum([line[0] for line in single])
        return TaxedLines(single, (total,), total)
    by_line = _contained(amounts, rates, rounding) if included else _on_top(amounts, rates, rounding)
    by_rate = tuple(sum(line[r] for line in by_line) for r in range(len(rates)))
    return TaxedLines(tuple(by_line), by_rate, sum(by_rate))


def _on_top(amounts: Sequence[int], rates: tuple[TaxRate, ...], rounding: Rounding) -> list[tuple[int, ...]]:
    taxes: list[tuple[int, ...]] = [()] * len(amounts)
    for rate in rates:
        bases = amounts
        if rate.compound:
            bases = [amount + sum(tax) for amount, tax in zip(amounts, taxes, strict=True)]
        charged = _round([base * rate.rate_ppm for base in bases], _MILLION, rounding)
        taxes = [(*tax, more) for tax, more in zip(taxes, charged, strict=True)]
    return taxes


def _contained(
    amounts: Sequence[int], rates: tuple[TaxRate, ...], rounding: Rounding
) -> list[tuple[int, ...]]:
    if not rates:
        return [()] * len(amounts)
    weights, whole = _shares(rates)
    all_taxes = sum(weights)
    taxes = _round([amount * all_taxes for amount in amounts], whole + all_taxes, rounding)
    return [tuple(split_minor(tax, weights)) for tax in taxes]


@lru_cache(maxsize=256)
def _shares(rates: tuple[TaxRate, ...]) -> tuple[tuple[int, ...], int]:
    """What each rate takes of a net amount of `whole`, exactly: a compound one takes a fraction of others."""
    whole = _MILLION ** len(rates)
    shares: list[int] = []
    for rate in rates:
        base = whole + sum(shares) if rate.compound else whole
        shares.append(base * rate.rate_ppm // _MILLION)  # divides evenly: whole has a million per rate
    return tuple(shares), whole


def _round(numerators: list[int], divisor: int, rounding: Rounding) -> list[int]:
    """Round each fraction, or their sum once, spreading it back by largest remainder, earlier lines first."""
    if rounding == "line":
        return [_half_up(numerator, divisor) for numerator in numerators]
    if sum(numerators) < 0:
        return [-tax for tax in _round([-numerator for numerator in numerators], divisor, rounding)]
    parts = [numerator // divisor for numerator in numerators]
    left = _half_up(sum(numerators), divisor) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: -(numerators[i] % divisor))
    for position in by_remainder[:left]:
        parts[position] += 1
    return parts


def _half_up(numerator: int, divisor: int) -> int:
    rounded = (2 * abs(numerator) + divisor) // (2 * divisor)
    return rounded if numerator >= 0 else -rounded


def _order(rate: TaxRate) -> tuple[str, int, bool]:
    return rate.name, rate.rate_ppm, rate.compound


def _specificity(rate: TaxRate, place: Place) -> tuple[int, int, int] | None:
    """How closely a rate names the place, larger being closer; None when it does not match."""
    if rate.country != place.country.upper():
        return None
    if rate.region is not None and rate.region.strip().casefold() != place.region.strip().casefold():
        return None
    in_region = int(rate.region is not None)
    if rate.postcode is None:
        return 0, 0, in_region
    width = codes_covered(rate.postcode, place.postal_code)
    if width is None:
        return None
    return 1, -width, in_region
