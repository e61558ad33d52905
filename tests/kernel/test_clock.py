"""The present, and the business day that it falls on."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pasar.kernel.clock import Clock, FixedClock, SystemClock, UnknownZoneError, business_date

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_the_system_clock_answers_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(NOON)
    as_clock: Clock = clock
    assert as_clock.now() == clock.now() == NOON
    assert clock.advance(timedelta(minutes=15)) == datetime(2026, 11, 20, 12, 15, tzinfo=UTC)
    assert clock.now() == datetime(2026, 11, 20, 12, 15, tzinfo=UTC)
    clock.set(NOON)
    assert clock.now() == NOON


def test_a_fixed_clock_turns_other_zones_into_utc() -> None:
    clock = FixedClock(datetime(2026, 11, 20, 19, 0, tzinfo=timezone(timedelta(hours=7))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_times_without_a_zone_are_refused() -> None:
    naive = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001 - the refusal of such a time is what is tested
    with pytest.raises(ValueError, match="without a zone"):
        FixedClock(naive)
    with pytest.raises(ValueError, match="without a zone"):
        FixedClock(NOON).set(naive)
    with pytest.raises(ValueError, match="without a zone"):
        business_date(naive, "UTC")


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        (datetime(2026, 11, 20, 16, 59, tzinfo=UTC), "Asia/Jakarta", date(2026, 11, 20)),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), "Asia/Jakarta", date(2026, 11, 21)),
        (datetime(2026, 11, 20, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 11, 19)),
        (datetime(2026, 7, 20, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 7, 20)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "UTC", date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2027, 1, 1)),
    ],
)
def test_the_business_day_is_the_zones(now: datetime, zone: str, day: date) -> None:
    assert business_date(now, zone) == day


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Asia", "../../etc/passwd", "/etc/localtime"])
def test_unknown_zones_are_refused(zone: str) -> None:
    with pytest.raises(UnknownZoneError):
        business_date(NOON, zone)
