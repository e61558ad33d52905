"""How much, and in which currency: whole minor units beside an ISO 4217 code, never floats.

The number of decimals is ISO 4217's, for every currency. IDR therefore has two: Pasar stores Rp 129.000 as
12900000 and sends it as "129000.00", although people read and write rupiah without decimals. Hiding them is
the display's business (Babel's), never storage's: one rule for all providers, files and ledgers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

__all__ = [
    "BIGINT_MAX",
    "CurrencyMismatch",
    "Money",
    "MoneyError",
    "exponent",
    "known_currency",
    "split_minor",
]

BIGINT_MAX: Final = 2**63 - 1
"""The largest amount, in minor units, that a PostgreSQL bigint column holds; the smallest is its negative."""

# ISO 4217, list one: the currencies in use, without funds, metals and test codes.
_NO_DECIMALS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DECIMALS: Final = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DECIMALS: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
    "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
    "ZMW ZWG"
)
_EXPONENTS: Final[dict[str, int]] = {
    code: decimals
    for decimals, codes in ((0, _NO_DECIMALS), (2, _TWO_DECIMALS), (3, _THREE_DECIMALS))
    for code in codes.split()
}

# Nineteen digits are the most that a bigint has, so longer text is refused before it costs anything.
_DECIMAL: Final = re.compile(r"(-?)([0-9]{1,19})(?:\.([0-9]{1,3}))?", re.ASCII)


class MoneyError(ValueError):
    """An amount that cannot be money: unreadable, too fine for its currency, too large, or of none known."""


class CurrencyMismatch(MoneyError):
    """Two currencies met where only one makes sense. Pasar never converts silently."""


def known_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 currency in use, in capitals ("USD")."""
    return code in _EXPONENTS


def exponent(currency: str) -> int:
    """Decimals of a currency's major unit: 0, 2 or 3. Raises MoneyError for an unknown code."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise MoneyError(f"unknown currency {currency!r}") from None


def split_minor(minor: int, weights: Sequence[int]) -> list[int]:
    """Divide `minor` units in proportion to `weights`, by largest remainder; the parts sum to it exactly.

    Each part is rounded towards zero and the units left over go to the largest remainders, the earlier
    position first among equals. A negative amount splits as the mirror image of the positive one, so that
    a refund takes back what was given. Weights that are all zero count as equal.
    Raises MoneyError without weights (the amount would vanish) and for a negative weight.
    """
    if not weights:
        raise MoneyError("nothing to split an amount over")
    if min(weights) < 0:
        raise MoneyError("a weight is negative")
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    size = abs(minor)
    parts = [size * weight // total for weight in weights]
    left = size - sum(parts)
    if left:
        # sorted() is stable, so equal remainders stay in order of position.
        by_remainder = sorted(range(len(parts)), key=lambda i: -(size * weights[i] % total))
        for position in by_remainder[:left]:
            parts[position] += 1
    return parts if minor >= 0 else [-part for part in parts]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency: `minor` counts its smallest units (cents, yen, fils), within a bigint.

    Raises MoneyError for an unknown currency and for an amount beyond a bigint; so does arithmetic.
    Equality of two currencies is False, while every other comparison and sum of them raises
    CurrencyMismatch: an amount can then be looked for in a set or a list of mixed ones.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise MoneyError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        if self.currency not in _EXPONENTS:
            raise MoneyError(f"unknown currency {self.currency!r}")
        if not -BIGINT_MAX <= self.minor <= BIGINT_MAX:
            raise MoneyError("the amount does not fit a bigint")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, of this currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read a decimal string in major units, as it travels on the wire: "129.00", "-5", "0.125".

        The only sign is a leading "-". Raises MoneyError for an unknown currency, more decimals than the
        currency has (zeros too: "5.00" is no JPY), exponents, spaces, group separators, NaN and infinity.
        """
        decimals = exponent(currency)
        match = _DECIMAL.fullmatch(text)
        if match is None:
            raise MoneyError("not a decimal amount")
        sign, whole, fraction = match[1], match[2], match[3] or ""
        if len(fraction) > decimals:
            raise MoneyError(f"{currency} has {decimals} decimals")
        minor = int(whole + fraction.ljust(decimals, "0"))
        return cls(-minor if sign else minor, currency)

    def decimal_string(self) -> str:
        """The wire form in major units, always with all decimals of the currency: "129.00", "500" for JPY."""
        decimals = _EXPONENTS[self.currency]
        if decimals == 0:
            return str(self.minor)
        digits = str(abs(self.minor)).rjust(decimals + 1, "0")
        return f"{'-' if self.minor < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """Divide in proportion to `weights`; see `split_minor` for the rule and the errors."""
        return [Money(part, self.currency) for part in split_minor(self.minor, weights)]

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other) if isinstance(other, Money) else NotImplemented

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} meets {other.currency}")
        return other.minor
