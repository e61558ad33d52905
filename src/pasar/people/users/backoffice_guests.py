"""Finding a guest's record by e-mail in the back office, to export or erase what the shop knows of them."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post

from pasar.kernel.errors import NotFound, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.guests import guest_by_email
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, refusal_errors
from pasar.web.form_values import text_of

__all__ = ["GUEST_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/customers/guest"
PAGE: Final = "people/users/backoffice/guest.html"
WRITE: Final = [staff_page("privacy:write")]
LONGEST_EMAIL: Final = 320
REFUSALS: Final[Refusals] = {
    "customer_not_found": ("email", N_("No guest ordered, had a cart or was written to by this e-mail.")),
    "email_invalid": ("email", N_("This is not an e-mail address. Write it like name@example.com.")),
}


@get(HOME, guards=WRITE, include_in_schema=False)
async def ask_for_guest(request: AnyRequest) -> Response[bytes]:
    """Ask for the e-mail."""
    return await page_response(request, PAGE, email="", errors={})


@post(HOME, guards=WRITE, include_in_schema=False)
async def find_guest_on_page(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Lead to the guest's page."""
    email = text_of(await request.form(), "email", LONGEST_EMAIL)
    try:
        customer_id = await guest_by_email(runtime.database, context.company_id, email)
    except (NotFound, Unprocessable) as problem:
        errors = refusal_errors(problem, REFUSALS, translator(context.locale))
        return await page_response(request, PAGE, status=problem.status, email=email, errors=errors)
    return see_other(f"/admin/customers/{customer_id}")


GUEST_BACKOFFICE = (ask_for_guest, find_guest_on_page)
