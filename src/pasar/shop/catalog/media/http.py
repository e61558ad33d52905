"""HTTP for pictures: the files for everybody, the places at products for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from pasar.kernel.errors import BadRequest, NotFound, TooLarge, Unprocessable
from pasar.kernel.files import FileMissing
from pasar.kernel.http.bodies import read_json
from pasar.kernel.http.guards import anyone, staff
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.media.actions.add_media import add_media
from pasar.shop.catalog.media.actions.change_media import change_media
from pasar.shop.catalog.media.actions.remove_media import remove_media
from pasar.shop.catalog.media.actions.reorder_media import reorder_media
from pasar.shop.catalog.media.addresses import CONTENT_TYPES, read_name
from pasar.shop.catalog.media.limits import MOST_BYTES, PictureRefused
from pasar.shop.catalog.media.queries import media_of, media_of_product, one_of
from pasar.shop.catalog.media.schemas import MediaByAddress, MediaChange, MediaList, MediaOrder, MediaOut
from pasar.shop.catalog.media.storing import keep_picture, store_picture

AnyRequest = Request[Any, Any, Any]
LARGEST_UPLOAD: Final = 11 * 1024 * 1024
LONGEST_ALT: Final = 500
FOR_EVER: Final = "public, max-age=31536000, immutable"
WRITE: Final = staff("catalog:write")


@dataclass
class _MediaBody(Operation):
    """Says in the document that a picture comes as a file or as an address."""

    def __post_init__(self) -> None:
        text = Schema(type=OpenAPIType.STRING, max_length=LONGEST_ALT)
        address = Schema(type=OpenAPIType.STRING, max_length=2048, pattern="^https?://")
        file = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
        self.request_body = RequestBody(
            required=True,
            content={
                RequestEncodingType.MULTI_PART.value: OpenAPIMediaType(schema=_closed("file", file, text)),
                RequestEncodingType.JSON.value: OpenAPIMediaType(schema=_closed("url", address, text)),
            },
        )


def _closed(name: str, source: Schema, alt: Schema) -> Schema:
    return Schema(
        type=OpenAPIType.OBJECT,
        required=[name],
        properties={name: source, "alt": alt},
        additional_properties=False,
    )


@get("/media/{name:str}", guards=[anyone], tags=["Pictures"], media_type="image/webp")
async def picture_file(name: str, request: AnyRequest, runtime: Runtime) -> Response[bytes]:
    """Answer one file of a picture, to be cached for a year: its name is made from its content."""
    rendering = read_name(name)
    if rendering is None:
        raise _no_picture()
    tag = f'"{rendering.name}"'
    headers = {"Cache-Control": FOR_EVER, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    try:
        content = await runtime.files.get(rendering.key)
    except FileMissing:
        raise _no_picture() from None
    return Response(content, media_type=CONTENT_TYPES[rendering.kind], headers=headers)


@get("/api/admin/products/{product_id:uuid}/media", guards=[staff("catalog:read")], tags=["Catalogue, staff"])
async def list_media(product_id: UUID, context: Context, runtime: Runtime) -> MediaList:
    """List a product's pictures in their order."""
    async with runtime.database.transaction() as session:
        items = await media_of_product(session, runtime.files, context.company_id, product_id)
    return MediaList(items=items)


@post(
    "/api/admin/products/{product_id:uuid}/media",
    guards=[WRITE],
    tags=["Catalogue, staff"],
    operation_class=_MediaBody,
    request_max_body_size=LARGEST_UPLOAD,
)
async def post_media(product_id: UUID, request: AnyRequest, context: Context, runtime: Runtime) -> MediaOut:
    """Give a product one more picture: a file (`multipart/form-data`), or an address that a job fetches."""
    if request.content_type[0] == RequestEncodingType.MULTI_PART.value:
        return await _upload(product_id, request, context, runtime)
    body = await _address(request)
    async with runtime.database.transaction() as session:
        at = runtime.clock.now()
        media_id = await add_media(
            session, context.company_id, product_id, source_url=body.url, alt=body.alt.strip(), at=at
        )
        return await one_of(session, runtime.files, context.company_id, product_id, media_id)


@patch("/api/admin/media/{media_id:uuid}", guards=[WRITE], tags=["Catalogue, staff"])
async def patch_media(media_id: UUID, data: MediaChange, context: Context, runtime: Runtime) -> MediaOut:
    """Change the words that stand for a picture."""
    async with runtime.database.transaction() as session:
        at, alt = runtime.clock.now(), data.alt.strip()
        product_id = await change_media(session, context.company_id, media_id, alt=alt, at=at)
        return await one_of(session, runtime.files, context.company_id, product_id, media_id)


@delete("/api/admin/media/{media_id:uuid}", guards=[WRITE], tags=["Catalogue, staff"])
async def delete_media(media_id: UUID, context: Context, runtime: Runtime) -> None:
    """Take a picture away from its product."""
    async with runtime.database.transaction() as session:
        await remove_media(session, context.company_id, media_id, at=runtime.clock.now())


@put("/api/admin/products/{product_id:uuid}/media/order", guards=[WRITE], tags=["Catalogue, staff"])
async def put_media_order(
    product_id: UUID, data: MediaOrder, context: Context, runtime: Runtime
) -> MediaList:
    """Put a product's pictures in order; the first is the one that lists show."""
    async with runtime.database.transaction() as session:
        at = runtime.clock.now()
        await reorder_media(session, context.company_id, product_id, data.media_ids, at=at)
        return MediaList(items=await media_of(session, runtime.files, context.company_id, product_id))


async def _address(request: AnyRequest) -> MediaByAddress:
    kind = request.headers.get("content-type", "")
    try:
        found: MediaByAddress = read_json(await request.body(), kind, MediaByAddress)
    except ValidationException as problem:
        raise BadRequest("invalid_body", f"{problem.detail}. Send url, and alt if you like.") from None
    return found


async def _upload(product_id: UUID, request: AnyRequest, context: Context, runtime: Runtime) -> MediaOut:
    form = await request.form()
    file, alt = form.get("file"), form.get("alt", "")
    if not isinstance(file, UploadFile) or not isinstance(alt, str) or set(form) - {"file", "alt"}:
        raise BadRequest("file_required", "Send the picture as the part named file, and its words as alt.")
    if len(alt) > LONGEST_ALT:
        raise BadRequest("alt_too_long", f"Describe the picture in at most {LONGEST_ALT} characters.")
    content = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge("picture_too_large", f"A picture has at most {MOST_BYTES // 1024**2} MB.")
    try:
        rendered = await store_picture(runtime.files, content)
    except PictureRefused as refusal:
        raise Unprocessable(refusal.code, refusal.reason) from None
    async with runtime.database.transaction() as session:
        at = runtime.clock.now()
        picture_id = await keep_picture(session, context.company_id, rendered)
        media_id = await add_media(
            session, context.company_id, product_id, picture_id=picture_id, alt=alt.strip(), at=at
        )
        return await one_of(session, runtime.files, context.company_id, product_id, media_id)


def _no_picture() -> NotFound:
    return NotFound("picture_not_found", "There is no such picture.")


MEDIA_ROUTES: Final = (
    picture_file,
    list_media,
    post_media,
    patch_media,
    delete_media,
    put_media_order,
)
