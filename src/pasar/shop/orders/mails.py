"""What do mails about an order say? They are written when they leave, from the order as it is then."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from pasar.delivery.notifications.public import (
    MailPage,
    MessageKind,
    NothingToSay,
    Waiting,
    Written,
    mail_page,
    register_kind,
    write_mail,
)
from pasar.delivery.shipping.public import ShipmentFacts, shipments_of
from pasar.finance.payments.public import PaymentFacts, payment_methods, payments_of
from pasar.kernel.i18n import N_, babel_locale, translator
from pasar.kernel.runtime import Runtime
from pasar.people.companies.public import site_by_id
from pasar.shop.orders.facts import OrderFacts
from pasar.shop.orders.order_page import order_lines
from pasar.shop.orders.queries import order_by_id
from pasar.shop.orders.view_tokens import view_path, view_token

__all__ = ["CANCELLED", "DELIVERED", "PLACED", "SHIPPED", "register_order_mails"]

PLACED: Final = "order.placed"
SHIPPED: Final = "order.shipped"
DELIVERED: Final = "order.delivered"
CANCELLED: Final = "order.cancelled"

_SUBJECTS: Final = {
    PLACED: N_("Your order {number} is with us"),
    SHIPPED: N_("Your order {number} is on its way"),
    DELIVERED: N_("Your order {number} has arrived"),
    CANCELLED: N_("Your order {number} is cancelled"),
}


def register_order_mails() -> None:
    """Make the kinds of mail about orders known to notifications."""
    register_kind(MessageKind(PLACED, _placed))
    register_kind(MessageKind(SHIPPED, _shipped))
    register_kind(MessageKind(DELIVERED, _plain))
    register_kind(MessageKind(CANCELLED, _plain))


async def _placed(runtime: Runtime, message: Waiting) -> Written:
    """Thanks, what was ordered, where it goes and, while money is awaited, how to pay."""
    order, page = await _order_and_page(runtime, message)
    async with runtime.database.transaction() as session:
        payments = await payments_of(session, order.company_id, order.id)
    awaited = payments[-1] if payments and order.status == "pending" else None
    if awaited is not None and awaited.status != "pending":
        awaited = None
    countries: Any = babel_locale(page.locale).territories
    return _write(
        runtime,
        message,
        order,
        page,
        countries=countries,
        way=_way(order),
        payment=awaited,
        note=_note(awaited),
    )


async def _shipped(runtime: Runtime, message: Waiting) -> Written:
    """What left, by whom, and where to follow it."""
    order, page = await _order_and_page(runtime, message)
    async with runtime.database.transaction() as session:
        shipments = await shipments_of(session, order.company_id, order.id)
    shipment = next((one for one in shipments if str(one.id) == message.given["shipmentId"]), None)
    if shipment is None:
        raise NothingToSay("The shipment is gone.")
    return _write(runtime, message, order, page, shipment=shipment, parcel=_parcel(order, shipment))


async def _plain(runtime: Runtime, message: Waiting) -> Written:
    """What needs the order alone."""
    order, page = await _order_and_page(runtime, message)
    return _write(runtime, message, order, page)


async def _order_and_page(runtime: Runtime, message: Waiting) -> tuple[OrderFacts, MailPage]:
    order = await order_by_id(runtime.database, message.company_id, UUID(message.given["orderId"]))
    if order is None:
        raise NothingToSay("The order is gone.")
    site = await site_by_id(runtime.database, order.company_id, order.site_id)
    if site is None:  # a site that was closed since: the company's other one speaks
        site = await runtime.sites.of_company(order.company_id)
    if site is None:
        raise NothingToSay("The shop is gone.")
    return order, mail_page(runtime.settings, site, message.locale)


def _write(
    runtime: Runtime, message: Waiting, order: OrderFacts, page: MailPage, **values: object
) -> Written:
    subject = translator(page.locale).gettext(_SUBJECTS[message.kind], number=order.number)
    return write_mail(
        f"shop/orders/mail/{message.kind.removeprefix('order.')}",
        page,
        subject,
        order=order,
        lines=order_lines(order, ""),
        view=page.link(view_path(view_token(runtime, order.company_id, order.id))),
        **values,
    )


def _way(order: OrderFacts) -> str:
    """How the chosen way to pay is described; nothing when it is no longer on offer."""
    ways = payment_methods(order.currency)
    return next((way.description for way in ways if way.name == order.payment_method), "")


def _note(payment: PaymentFacts | None) -> str:
    """The company's own text for whoever pays, such as its bank account."""
    return payment.instructions.get("note", "") if payment else ""


def _parcel(order: OrderFacts, shipment: ShipmentFacts) -> list[tuple[str, int]]:
    """What is in the parcel: title and pieces."""
    titles = {
        line.id: " – ".join(part for part in (line.title, line.variant_title) if part) for line in order.lines
    }
    return [(titles[line_id], quantity) for line_id, quantity in shipment.lines]
