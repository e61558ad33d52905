"""Orders as a list of the back office: columns, filters, and a customer's own on the customer's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pasar.kernel.i18n import N_, Translator, translator
from pasar.shop.orders.backoffice_order import order_row
from pasar.shop.orders.order_page import STATUS_WORDS
from pasar.shop.orders.queries import orders_page
from pasar.shop.orders.staff_list import PERIODS, StaffOrders
from pasar.shop.orders.states import STATUSES
from pasar.web.slots import Filling, PageSource, slots
from pasar.web.tables import Choice, Column, Filter, Table

__all__ = ["PERIOD_WORDS", "order_columns", "order_filters"]

OF_CUSTOMER: Final = 20
PERIOD_WORDS: Final = {"today": N_("Today"), "week": N_("This week"), "month": N_("This month")}


def order_columns(words: Translator) -> tuple[Column, ...]:
    """The columns that `order_row` fills."""
    return (
        Column(words.gettext("Number")),
        Column(words.gettext("Placed")),
        Column(words.gettext("Buyer")),
        Column(words.gettext("Status")),
        Column(words.gettext("Payment")),
        Column(words.gettext("Pieces"), number=True),
        Column(words.gettext("Total"), number=True),
    )


def order_filters(wanted: StaffOrders, currencies: tuple[str, ...], words: Translator) -> tuple[Filter, ...]:
    """By state, period and, where there are several, currency."""
    states = [Choice(one, words.gettext(STATUS_WORDS[one][0])) for one in STATUSES]
    groups = [
        Choice("open", words.gettext("Open: somebody must act")),
        Choice("counted", words.gettext("All but cancelled")),
    ]
    periods = tuple(Choice(one, words.gettext(PERIOD_WORDS[one])) for one in PERIODS)
    filters = (
        Filter("status", words.gettext("Status"), (*groups, *states), wanted.status),
        Filter("placed", words.gettext("Placed"), periods, wanted.period or ""),
    )
    if len(currencies) < 2:
        return filters
    choices = tuple(Choice(code, code) for code in currencies)
    return (*filters, Filter("currency", words.gettext("Currency"), choices, wanted.currency or ""))


async def _of_customer(source: PageSource) -> Mapping[str, object]:
    """The orders of the customer whom a page of the back office shows."""
    words = translator(source.context.locale)
    found, _ = await orders_page(
        source.runtime.database, source.context.company_id, customer_id=source.subject, limit=OF_CUSTOMER
    )
    table = Table(
        columns=order_columns(words),
        rows=[order_row(order, words) for order in found],
        empty_title=words.gettext("No orders yet"),
        empty_text=words.gettext("What this person buys while signed in appears here."),
    )
    return {"table": table}


slots.fill(
    "customer_panels",
    Filling(
        "orders",
        "shop/orders/backoffice/customer_orders.html",
        order=10,
        permission="orders:read",
        load=_of_customer,
    ),
)
