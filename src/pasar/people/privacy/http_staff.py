"""What a customer without account asks of a shop: their data as a file, and to be forgotten."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, get, post

from pasar.kernel.http.guards import staff
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.privacy.customer_rights import (
    ask_for_customer_export,
    erase_customer_of,
    fetch_customer_export,
)
from pasar.people.privacy.exports import customer_export
from pasar.people.privacy.http import zip_response
from pasar.people.privacy.schemas import ErasureAnswer, ExportAnswer, export_answer

TAGS: Final = ["Privacy, staff"]
HOME: Final = "/api/admin/customers/{customer_id:uuid}"


@post(
    f"{HOME}/export",
    status_code=202,
    guards=[staff("privacy:write", step_up=True)],
    summary="A guest customer's data",
    tags=TAGS,
)
async def begin_customer_export(customer_id: UUID, context: Context, runtime: Runtime) -> ExportAnswer:
    """Make a ZIP of what the shop knows of a customer without account, who asked for it."""
    export_id = await ask_for_customer_export(runtime, context, customer_id)
    export = await customer_export(runtime, context.company_id, customer_id, export_id)
    return export_answer(export, _file(customer_id, export_id))


@get(
    f"{HOME}/export/{{export_id:uuid}}",
    guards=[staff("privacy:write")],
    summary="How far is the export?",
    tags=TAGS,
)
async def show_customer_export(
    customer_id: UUID, export_id: UUID, context: Context, runtime: Runtime
) -> ExportAnswer:
    """Say how far the export is."""
    export = await customer_export(runtime, context.company_id, customer_id, export_id)
    return export_answer(export, _file(customer_id, export_id))


@get(
    f"{HOME}/export/{{export_id:uuid}}/file",
    guards=[staff("privacy:write", step_up=True)],
    summary="The file of the customer's data",
    tags=TAGS,
    media_type="application/zip",
)
async def download_customer_export(
    customer_id: UUID, export_id: UUID, context: Context, runtime: Runtime
) -> Response[bytes]:
    """Answer the ZIP."""
    return zip_response(await fetch_customer_export(runtime, context, customer_id, export_id), export_id)


@post(
    f"{HOME}/erase",
    status_code=200,
    guards=[staff("privacy:write", step_up=True)],
    summary="Forget a guest customer",
    tags=TAGS,
)
async def erase_customer(customer_id: UUID, context: Context, runtime: Runtime) -> ErasureAnswer:
    """Erase a customer without account. One with an account erases it alone, at every shop at once."""
    return ErasureAnswer(erasure_id=await erase_customer_of(runtime, context, customer_id))


def _file(customer_id: UUID, export_id: UUID) -> str:
    return f"/api/admin/customers/{customer_id}/export/{export_id}/file"


STAFF_PRIVACY_ROUTES = (
    begin_customer_export,
    show_customer_export,
    download_customer_export,
    erase_customer,
)
