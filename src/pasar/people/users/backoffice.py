"""Customers in the back office: the list, and one customer with what other modules know of them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get

from pasar.kernel.errors import BadRequest, NotFound
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, Translator, translator
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.queries import CustomerFacts, count_customers, customer_by_id, customers_page
from pasar.web.answering import page_response
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.slots import PageSource, slots
from pasar.web.tables import Badge, Column, Link, Moment, Row, Table

__all__ = ["CUSTOMER_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/customers"
READ: Final = [staff_page("customers:read")]
A_PAGE: Final = 25

admin_menu.add(MenuEntry(N_("Customers"), HOME, "person", group="people", permission="customers:read"))


@get(HOME, guards=READ, include_in_schema=False)
async def show_customers(
    request: AnyRequest, context: Context, runtime: Runtime, cursor: str | None = None
) -> Response[bytes]:
    """List the company's customers, the newest first."""
    text = text_of(request.query_params, "q", 200)
    after = parse_id(cursor) if cursor else None
    if cursor and after is None:
        raise BadRequest("cursor_malformed", "This address is cut off. Open the first page again.")
    found, more = await customers_page(
        runtime.database, context.company_id, q=text, limit=A_PAGE, after=after
    )
    words = translator(context.locale)
    table = Table(
        columns=(
            Column(words.gettext("Name")),
            Column(words.gettext("E-mail")),
            Column(words.gettext("Phone")),
            Column(words.gettext("Account")),
            Column(words.gettext("Since")),
        ),
        rows=[
            Row(
                str(one.id),
                (
                    # Who was erased has neither; the link must say something all the same.
                    Link(_called(one) or words.gettext("Erased"), f"{HOME}/{one.id}"),
                    one.email or None,
                    one.phone,
                    _account_badge(one, words),
                    Moment(one.created_at),
                ),
            )
            for one in found
        ],
        empty_title=words.gettext("No customers yet"),
        empty_text=words.gettext("People who open an account in the shop appear here."),
        search=text,
        search_label=words.gettext("Name, e-mail or phone"),
        next_cursor=str(found[-1].id) if more else None,
        on_first_page=not cursor,
        total=await count_customers(runtime.database, context.company_id, q=text),
    )
    return await page_response(
        request,
        "people/users/backoffice/customers.html",
        table=table,
        finds_guests=context.caller.may("privacy:write"),
    )


@get(f"{HOME}/{{customer_id:uuid}}", guards=READ, include_in_schema=False)
async def show_customer(
    request: AnyRequest, context: Context, runtime: Runtime, customer_id: UUID
) -> Response[bytes]:
    """Show one customer of the company."""
    facts = await customer_by_id(runtime.database, context.company_id, customer_id)
    if facts is None:
        raise NotFound("customer_not_found", "There is no such customer.")
    panels = await slots.gather(
        "customer_panels", PageSource(runtime, context, facts.id), context.caller.permissions
    )
    return await page_response(
        request, "people/users/backoffice/customer.html", customer=facts, panels=panels
    )


def _called(one: CustomerFacts) -> str:
    return one.name or one.email or one.phone or ""


def _account_badge(one: CustomerFacts, words: Translator) -> Badge:
    if not _called(one):
        return Badge(words.gettext("Erased"))
    return Badge(words.gettext("Has an account"), "success") if one.user_id else Badge(words.gettext("Guest"))


CUSTOMER_BACKOFFICE = (show_customers, show_customer)
