"""HTTP for imports: staff send a file and ask how it goes."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import BadRequest, FieldProblem, Problem, Unprocessable
from pasar.kernel.http.guards import staff
from pasar.kernel.idempotency import REPLAYED, IdempotencyKey, once
from pasar.kernel.money import MoneyError, exponent
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.importing.queries import import_of, latest_imports
from pasar.shop.catalog.importing.schemas import ImportAccepted, ImportList, ImportOut
from pasar.shop.catalog.importing.start_import import MOST_BYTES, enqueue_import, keep_upload

LARGEST_UPLOAD: Final = MOST_BYTES + 1024 * 1024
PIECE: Final = 256 * 1024
PARTS: Final = frozenset({"file", "currency", "strict", "updateStock"})


@dataclass
class _ImportBody(Operation):
    """Says in the document which parts the upload has."""

    def __post_init__(self) -> None:
        truth = Schema(type=OpenAPIType.STRING, enum=["true", "false"])
        parts = Schema(
            type=OpenAPIType.OBJECT,
            required=["file", "currency"],
            properties={
                "file": Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream"),
                "currency": Schema(type=OpenAPIType.STRING, pattern="^[A-Z]{3}$"),
                "strict": truth,
                "updateStock": truth,
            },
            additional_properties=False,
        )
        media = {RequestEncodingType.MULTI_PART.value: OpenAPIMediaType(schema=parts)}
        self.request_body = RequestBody(required=True, content=media)


@post(
    "/api/admin/imports",
    guards=[staff("catalog:write")],
    tags=["Catalogue, staff"],
    status_code=202,
    operation_class=_ImportBody,
    request_max_body_size=LARGEST_UPLOAD,
)
async def post_import(
    request: Request[Any, Any, Any],
    context: Context,
    runtime: Runtime,
    idempotency_key: IdempotencyKey = None,
) -> Response[ImportAccepted]:
    """Send a Shopify product CSV of up to 64 MB; a job imports it."""
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile) or set(form) - PARTS:
        raise BadRequest(
            "file_required", "Send multipart/form-data with the parts file, currency, strict and updateStock."
        )
    currency = _currency(form.get("currency"))
    strict, update_stock = (_truth(name, form.get(name)) for name in ("strict", "updateStock"))
    upload = await keep_upload(runtime, context.company_id, file_pieces(file), file_name=file.filename)

    async def work(session: AsyncSession) -> ImportAccepted:
        await enqueue_import(
            session,
            context.company_id,
            upload,
            currency=currency,
            strict=strict,
            update_stock=update_stock,
            author=context.caller.label,
            at=runtime.clock.now(),
        )
        return ImportAccepted(id=upload.import_id, status="waiting")

    asked = hashlib.sha256(f"{currency} {strict} {update_stock}".encode() + upload.digest).digest()
    try:
        answer = await once(request, work, status=202, key=idempotency_key, digest=asked)
    except Problem:
        await runtime.files.delete(upload.key)
        raise
    if REPLAYED in answer.headers:  # the import of an earlier call is told again; it has its own file
        await runtime.files.delete(upload.key)
    return answer


@get("/api/admin/imports", guards=[staff("catalog:read")], tags=["Catalogue, staff"])
async def list_imports(context: Context, runtime: Runtime) -> ImportList:
    """List the latest twenty imports, newest first."""
    return ImportList(items=await latest_imports(runtime.database, context.company_id))


@get("/api/admin/imports/{import_id:uuid}", guards=[staff("catalog:read")], tags=["Catalogue, staff"])
async def get_import(import_id: UUID, context: Context, runtime: Runtime) -> ImportOut:
    """Answer an import's progress and, at the end, its report."""
    return await import_of(runtime.database, context.company_id, import_id)


async def file_pieces(file: UploadFile) -> AsyncIterator[bytes]:
    """The file's content, piece by piece."""
    while piece := await file.read(PIECE):
        yield piece


def _currency(value: object) -> str:
    try:
        exponent(str(value))
    except MoneyError:
        message = "Say in which currency the file's prices are, such as USD."
        raise Unprocessable(
            "currency_unknown", message, errors=[FieldProblem("currency", "currency_unknown", message)]
        ) from None
    return str(value)


def _truth(name: str, value: object) -> bool:
    if value not in (None, "", "true", "false"):
        message = "Say true or false."
        raise BadRequest("invalid_request", message, errors=[FieldProblem(name, "invalid", message)])
    return value == "true"


IMPORT_ROUTES: Final = (post_import, list_imports, get_import)
