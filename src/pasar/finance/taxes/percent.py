"""How is a rate of parts per million written as per cent? Exactly, as a decimal string: 88750 is "8.875"."""

import re
from typing import Final

_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?", re.ASCII)
MOST_PPM: Final = 1_000_000


def percent_of(rate_ppm: int) -> str:
    """The per cent of a rate, without needless zeros: 110000 is "11"."""
    whole, fraction = divmod(rate_ppm, 10_000)
    return f"{whole}.{fraction:04d}".rstrip("0").rstrip(".")


def ppm_of(percent: str) -> int:
    """Read per cent, up to four decimals. Raises ValueError for other text and for more than 100 %."""
    match = _PERCENT.fullmatch(percent)
    if match is None:
        raise ValueError("not a percentage")
    rate = int(match[1]) * 10_000 + int((match[2] or "").ljust(4, "0"))
    if rate > MOST_PPM:
        raise ValueError("more than 100 %")
    return rate
