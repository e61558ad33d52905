"""HTTP for exports: a file that streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from litestar import Request, get
from litestar.params import Parameter
from litestar.response import Stream

from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.http.guards import staff
from pasar.kernel.money import MoneyError, exponent
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.audit.public import audit_event
from pasar.shop.catalog.exporting.export_products import export_pieces

Currency = Annotated[str | None, Parameter(pattern="^[A-Z]{3}$", description="Prices; else the site's own.")]


@get(
    "/api/admin/exports/products.csv",
    guards=[staff("catalog:read")],
    tags=["Catalogue, staff"],
    media_type="text/csv",
)
async def export_csv(
    request: Request[Any, Any, Any], context: Context, runtime: Runtime, currency: Currency = None
) -> Stream:
    """Answer the whole catalogue as a Shopify product CSV, which `POST /api/admin/imports` takes back."""
    wanted = currency or context.site.currency
    try:
        exponent(wanted)
    except MoneyError:
        message = "There is no such currency."
        raise Unprocessable(
            "currency_unknown", message, errors=[FieldProblem("currency", "currency_unknown", message)]
        ) from None

    return await export_stream(request, context, runtime, wanted)


async def export_stream(
    request: Request[Any, Any, Any], context: Context, runtime: Runtime, currency: str
) -> Stream:
    """The catalogue of the caller's company as a file that streams, with prices in `currency`. The audit log
    notes that it was taken."""
    async with runtime.database.transaction() as session:
        await audit_event(
            session, context, "export.downloaded", "export", "products", after={"currency": currency}
        )

    async def text() -> AsyncIterator[str]:
        base = str(request.base_url).rstrip("/")
        async for piece in export_pieces(runtime, context.company_id, currency=currency, base_url=base):
            yield piece.text

    headers = {"Content-Disposition": 'attachment; filename="products.csv"', "Cache-Control": "no-store"}
    return Stream(text(), media_type="text/csv", headers=headers)


EXPORT_ROUTES: Final = (export_csv,)
