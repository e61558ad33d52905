"""What does the dashboard say of orders? Per business day in the company's zone, per state, on average."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from pasar.kernel.clock import business_date
from pasar.kernel.db.database import Database
from pasar.shop.orders.states import STATUSES

__all__ = ["DayFigures", "OrderFigures", "order_figures"]

DAYS: Final = """
SELECT (placed_at AT TIME ZONE $3)::date AS day, count(*), sum(grand_total)::bigint
  FROM orders
 WHERE company_id = $1 AND currency = $2 AND status <> 'cancelled'
   AND placed_at >= ($4::date::timestamp AT TIME ZONE $3)
 GROUP BY day
"""
COUNTS: Final = "SELECT status, count(*) FROM orders WHERE company_id = $1 GROUP BY status"


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One business day: orders placed that were not cancelled, and what they come to, in minor units."""

    day: date
    orders: int
    revenue: int


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """Figures in one currency: days from the oldest to today without gaps, orders of all time by state in
    every currency, and totals over the days. `average` is rounded half-up, 0 without orders."""

    currency: str
    days: tuple[DayFigures, ...]
    by_status: dict[str, int]
    orders: int
    revenue: int
    average: int


async def order_figures(
    database: Database, company_id: UUID, *, currency: str, zone: str, at: datetime, days: int = 30
) -> OrderFigures:
    """Figures of the last `days` business days, today included."""
    today = business_date(at, zone)
    first = today - timedelta(days=days - 1)
    rows = await database.rows(DAYS, company_id, currency, zone, first)
    found = {row[0]: (row[1], row[2]) for row in rows}
    counted = {row[0]: row[1] for row in await database.rows(COUNTS, company_id)}
    series = tuple(
        DayFigures(day, *found.get(day, (0, 0))) for day in (first + timedelta(days=n) for n in range(days))
    )
    orders = sum(day.orders for day in series)
    revenue = sum(day.revenue for day in series)
    return OrderFigures(
        currency=currency,
        days=series,
        by_status={status: counted.get(status, 0) for status in STATUSES},
        orders=orders,
        revenue=revenue,
        average=(2 * revenue + orders) // (2 * orders) if orders else 0,
    )
