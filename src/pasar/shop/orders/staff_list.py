"""Which orders do staff look at? By state, period in the company's zone, currency and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pasar.kernel.clock import business_date
from pasar.kernel.db.database import Database
from pasar.shop.orders.cursors import read_cursor, write_cursor
from pasar.shop.orders.facts import OrderSummary
from pasar.shop.orders.states import STATUSES

__all__ = ["OPEN", "PERIODS", "Period", "StaffOrders", "first_day", "staff_orders", "statuses_of"]

Period = Literal["today", "week", "month"]
PERIODS: Final[tuple[Period, ...]] = ("today", "week", "month")
OPEN: Final = ("pending", "confirmed", "processing", "shipped")
"""States in which somebody still has to do something."""

PAGE: Final = """
SELECT o.id, o.number, o.status, o.payment_status, o.payment_method, o.customer_id,
       coalesce(o.shipping_address->>'name', ''), o.email, o.currency, o.grand_total, o.item_count,
       o.placed_at
  FROM orders o
 WHERE o.company_id = $1
   AND ($2::text[] IS NULL OR o.status = ANY ($2))
   AND ($3::text IS NULL OR o.currency = $3)
   AND ($4::timestamptz IS NULL OR o.placed_at >= $4)
   AND ($5::text IS NULL OR strpos(lower(o.number), $5) > 0 OR strpos(lower(o.email), $5) > 0
        OR strpos(lower(o.shipping_address->>'name'), $5) > 0)
   AND ($6::timestamptz IS NULL OR (o.placed_at, o.id) < ($6, $7::uuid))
 ORDER BY o.placed_at DESC, o.id DESC
 LIMIT $8
"""


@dataclass(frozen=True, slots=True)
class StaffOrders:
    """What staff ask for. `status` is a state, `open`, `counted` (all but cancelled), or empty for all."""

    status: str = ""
    period: Period | None = None
    currency: str | None = None
    text: str = ""


def statuses_of(status: str) -> list[str] | None:
    """The states that a filter stands for; None for all. An unknown one finds all."""
    if status == "open":
        return list(OPEN)
    if status == "counted":
        return [one for one in STATUSES if one != "cancelled"]
    return [status] if status in STATUSES else None


def first_day(period: Period, today: date) -> date:
    """The business day on which the period began; weeks begin on Monday."""
    if period == "today":
        return today
    return today - timedelta(days=today.weekday()) if period == "week" else today.replace(day=1)


async def staff_orders(
    database: Database,
    company_id: UUID,
    wanted: StaffOrders,
    *,
    zone: str,
    at: datetime,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[OrderSummary], str | None]:
    """Orders, newest first, and where the next page begins. Raises `BadRequest` `cursor_malformed`."""
    after, order_id = read_cursor(cursor)
    since = None
    if wanted.period is not None:
        day = first_day(wanted.period, business_date(at, zone))
        since = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    rows = await database.rows(
        PAGE,
        company_id,
        statuses_of(wanted.status),
        wanted.currency,
        since,
        wanted.text.strip().lower() or None,
        after,
        order_id,
        limit + 1,
    )
    items = [OrderSummary(*row) for row in rows[:limit]]
    return items, write_cursor(items[-1].placed_at, items[-1].id) if len(rows) > limit else None
