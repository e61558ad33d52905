"""Customers over HTTP, for staff."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import Parameter

from pasar.kernel.errors import BadRequest, NotFound
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.ids import parse_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.queries import count_customers, customer_by_id, customers_page
from pasar.people.users.schemas import CustomerAnswer, customer_answer


@get(
    "/api/admin/customers",
    guards=[staff("customers:read")],
    summary="The shop's customers",
    tags=["Customers"],
)
async def list_customers(
    context: Context,
    runtime: Runtime,
    q: Annotated[str, Parameter(max_length=200, description="Part of a name, e-mail or phone")] = "",
    limit: Annotated[int, Parameter(ge=1, le=100)] = 25,
    cursor: Annotated[str | None, Parameter(max_length=36)] = None,
) -> Page[CustomerAnswer]:
    """List the company's customers, the newest first."""
    after = _place(cursor)
    q = q.replace("\0", "")  # no text in PostgreSQL holds it, so nothing can be found by it
    found, more = await customers_page(runtime.database, context.company_id, q=q, limit=limit, after=after)
    return Page(
        items=[customer_answer(facts) for facts in found],
        next_cursor=str(found[-1].id) if more else None,
        total=await count_customers(runtime.database, context.company_id, q=q),
    )


@get(
    "/api/admin/customers/{customer_id:str}",
    guards=[staff("customers:read")],
    summary="One customer",
    tags=["Customers"],
)
async def show_customer(context: Context, runtime: Runtime, customer_id: str) -> CustomerAnswer:
    """Show one customer of the company."""
    wanted = parse_id(customer_id)
    facts = await customer_by_id(runtime.database, context.company_id, wanted) if wanted else None
    if facts is None:
        raise NotFound("customer_not_found", "There is no such customer.")
    return customer_answer(facts)


def _place(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    place = parse_id(cursor)
    if place is None:
        raise BadRequest(
            "cursor_malformed", "Send the cursor as nextCursor gave it, or none for the first page."
        )
    return place


ROUTES = (list_customers, show_customer)
