"""What time it is: always asked of a `Clock`, so that tests set it, and always aware and in UTC."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

__all__ = ["Clock", "FixedClock", "SystemClock", "UnknownZoneError", "business_date"]


class UnknownZoneError(ValueError):
    """A time zone name that the IANA database does not have."""


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> datetime:
        """The present, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until a test moves it. Raises ValueError for a time without a zone."""

    def __init__(self, at: datetime) -> None:
        self._now = _in_utc(at)

    def now(self) -> datetime:
        return self._now

    def set(self, at: datetime) -> None:
        """Jump to `at`, forward or back."""
        self._now = _in_utc(at)

    def advance(self, by: timedelta) -> datetime:
        """Move on by `by` and answer the new present."""
        self._now += by
        return self._now


def business_date(now: datetime, zone_name: str) -> date:
    """The calendar day at `now` in a zone such as "Asia/Jakarta": a company's business day.

    Raises UnknownZoneError for a name outside the IANA database, ValueError for a `now` without a zone.
    """
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder of zones, such as "Asia"
        raise UnknownZoneError(f"unknown time zone {zone_name!r}") from None
    return _in_utc(now).astimezone(zone).date()


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone is ambiguous")
    return at.astimezone(UTC)
