"""The back office's first page: what was sold, what waits, and what the other modules put beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from litestar import Request, Response, get

from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, format_date, format_minor, translator
from pasar.kernel.money import exponent
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_currencies, company_settings
from pasar.shop.orders.backoffice import HOME
from pasar.shop.orders.backoffice_list import PERIOD_WORDS, order_columns
from pasar.shop.orders.backoffice_order import order_row
from pasar.shop.orders.figures import OrderFigures, order_figures
from pasar.shop.orders.order_page import STATUS_WORDS
from pasar.shop.orders.staff_list import OPEN, PERIODS, StaffOrders, first_day, staff_orders
from pasar.web.answering import page_response
from pasar.web.charts import Figure
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.slots import PageSource, slots
from pasar.web.tables import Table

__all__ = ["DASHBOARD", "PeriodFigures", "period_figures"]

AnyRequest = Request[Any, Any, Any]
LONGEST_MONTH: Final = 31
CHARTED: Final = 30
NEWEST: Final = 5

admin_menu.add(MenuEntry(N_("Overview"), "/admin", "chart", group="sell", permission="orders:read", order=10))


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What was sold in one currency since a period began, without what was cancelled; minor units.

    `average` is of one order, rounded half-up, 0 without orders.
    """

    period: str
    orders: int
    revenue: int

    @property
    def average(self) -> int:
        """Revenue of one order."""
        return (2 * self.revenue + self.orders) // (2 * self.orders) if self.orders else 0


def period_figures(figures: OrderFigures) -> list[PeriodFigures]:
    """Today, this week and this month. Raises ValueError for figures that do not reach back a month."""
    if len(figures.days) < LONGEST_MONTH:
        raise ValueError("a month needs the figures of 31 days")
    today = figures.days[-1].day
    found = []
    for period in PERIODS:
        since = first_day(period, today)
        days = [day for day in figures.days if day.day >= since]
        found.append(PeriodFigures(period, sum(d.orders for d in days), sum(d.revenue for d in days)))
    return found


@get("/admin", guards=[staff_page("orders:read")], include_in_schema=False)
async def show_dashboard(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show how the shop does, in one currency at a time and in the company's own days."""
    company_id, at = context.company_id, runtime.clock.now()
    currencies = await company_currencies(runtime.database, company_id)
    currency = request.query_params.get("currency")
    currency = currency if currency in currencies else context.site.currency
    zone = (await company_settings(runtime.database, company_id)).time_zone
    figures = await order_figures(
        runtime.database, company_id, currency=currency, zone=zone, at=at, days=LONGEST_MONTH
    )
    newest, _ = await staff_orders(
        runtime.database, company_id, StaffOrders(), zone=zone, at=at, limit=NEWEST
    )
    words = translator(context.locale)
    source = PageSource(runtime, context)
    return await page_response(
        request,
        "shop/orders/backoffice/dashboard.html",
        currency=currency,
        currencies=currencies,
        periods=[(PERIOD_WORDS[one.period], one) for one in period_figures(figures)],
        open_states=[(one, STATUS_WORDS[one][0], figures.by_status[one]) for one in OPEN],
        figures=[_figure(day.day, day.revenue, currency, context.locale) for day in figures.days[-CHARTED:]],
        newest=Table(
            columns=order_columns(words),
            rows=[order_row(order, words) for order in newest],
            empty_title="",
            empty_text="",
        ),
        orders_path=HOME,
        tiles=await slots.gather("dashboard_tiles", source, context.caller.permissions),
    )


DASHBOARD = (show_dashboard,)


def _figure(day: Any, revenue: int, currency: str, locale: str) -> Figure:
    """A point of the chart, drawn in major units so that the axis reads as people speak."""
    label = format_date(day, locale, style="short").rpartition("/")[0] or day.isoformat()
    return Figure(label, revenue / 10 ** exponent(currency), format_minor(revenue, currency, locale))
