"""A guest's customer record by their e-mail: who writes to ask what the shop knows of them is found by it."""

from __future__ import annotations

from typing import Annotated

from litestar import post
from msgspec import Meta

from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Input
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.guests import guest_by_email
from pasar.people.users.queries import customer_by_id
from pasar.people.users.schemas import CustomerAnswer, customer_answer


class GuestInput(Input):
    """The e-mail that a guest ordered by."""

    email: Annotated[str, Meta(max_length=320)]


@post(
    "/api/admin/customers/guests",
    status_code=200,
    guards=[staff("privacy:write")],
    summary="A guest's record by e-mail",
    tags=["Privacy, staff"],
)
async def find_guest(data: GuestInput, context: Context, runtime: Runtime) -> CustomerAnswer:
    """Find the record under which a guest's data are exported and erased.

    It is made for an address that only the company's orders, carts or messages name. Any other is
    `customer_not_found`.
    """
    customer_id = await guest_by_email(runtime.database, context.company_id, data.email)
    facts = await customer_by_id(runtime.database, context.company_id, customer_id)
    assert facts is not None, "it was found or made just now"
    return customer_answer(facts)


GUEST_CUSTOMER_ROUTES = (find_guest,)
