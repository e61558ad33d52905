"""A customer's page in the back office: their data as a file, and being forgotten, when they ask the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.privacy.customer_rights import (
    ask_for_customer_export,
    erase_customer_of,
    fetch_customer_export,
    refuse_unless_guest,
    rights_of_customer,
)
from pasar.people.privacy.http import zip_response
from pasar.web.answering import page_response, see_other
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, PageSource, slots

__all__ = ["PRIVACY_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
CUSTOMERS: Final = "/admin/customers"
HOME: Final = CUSTOMERS + "/{customer_id:uuid}/privacy"
WRITE: Final = [staff_page("privacy:write", step_up=True)]

register_notice(
    "customer-export-begun", "info", N_("Their file is being made. Load this page again in a moment.")
)
register_notice("customer-erased", "success", N_("The customer is erased."))


async def _panel(source: PageSource) -> Mapping[str, object]:
    assert source.subject is not None, "the page shows a customer"
    rights = await rights_of_customer(source.runtime, source.context.company_id, source.subject)
    return {
        "customer_id": source.subject,
        "has_account": rights.has_account,
        "erased": rights.erased,
        "export": rights.export,
    }


slots.fill(
    "customer_panels",
    Filling(
        "privacy",
        "people/privacy/backoffice/customer_panel.html",
        order=90,
        permission="privacy:write",
        load=_panel,
    ),
)


@post(f"{HOME}/export", guards=WRITE, include_in_schema=False)
async def begin_customer_export(context: Context, runtime: Runtime, customer_id: UUID) -> Response[bytes]:
    """Ask for the file."""
    await ask_for_customer_export(runtime, context, customer_id)
    return see_other(f"{CUSTOMERS}/{customer_id}", notice="customer-export-begun")


@get(f"{HOME}/export/{{export_id:uuid}}", guards=WRITE, include_in_schema=False)
async def take_customer_export(
    context: Context, runtime: Runtime, customer_id: UUID, export_id: UUID
) -> Response[bytes]:
    """The file."""
    return zip_response(await fetch_customer_export(runtime, context, customer_id, export_id), export_id)


@get(f"{HOME}/erase", guards=WRITE, include_in_schema=False)
async def ask_before_erasing_customer(
    request: AnyRequest, context: Context, runtime: Runtime, customer_id: UUID
) -> Response[bytes]:
    """Ask first."""
    async with runtime.database.transaction() as session:
        await refuse_unless_guest(session, context.company_id, customer_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        headers={"Cache-Control": "no-store"},
        title=words.gettext("Erase this customer?"),
        consequence=words.gettext(
            "This cannot be undone. Name, e-mail, phone and addresses go. Their orders stay in the books "
            "without them; one that is on its way keeps its address until it is over."
        ),
        action_path=f"{CUSTOMERS}/{customer_id}/privacy/erase",
        confirm_label=words.gettext("Erase this customer"),
        cancel_path=f"{CUSTOMERS}/{customer_id}",
        hidden={},
    )


@post(f"{HOME}/erase", guards=WRITE, include_in_schema=False)
async def erase_customer_on_page(
    request: AnyRequest, context: Context, runtime: Runtime, customer_id: UUID
) -> Response[bytes]:
    """Erase the customer, once asked."""
    if (await request.form()).get("confirmed") != "1":
        return see_other(f"{CUSTOMERS}/{customer_id}/privacy/erase")
    await erase_customer_of(runtime, context, customer_id)
    return see_other(CUSTOMERS, notice="customer-erased")


PRIVACY_BACKOFFICE = (
    begin_customer_export,
    take_customer_export,
    ask_before_erasing_customer,
    erase_customer_on_page,
)
