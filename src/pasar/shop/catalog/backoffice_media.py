"""Pictures of a product in the back office: uploaded, fetched, described, ordered and taken away."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, post
from litestar.datastructures import UploadFile

from pasar.kernel.errors import Conflict
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.catalog.backoffice_page import HOME, product_page
from pasar.shop.catalog.backoffice_words import REFUSALS
from pasar.shop.catalog.media.actions.add_media import add_media
from pasar.shop.catalog.media.actions.change_media import change_media
from pasar.shop.catalog.media.actions.remove_media import remove_media
from pasar.shop.catalog.media.actions.reorder_media import reorder_media
from pasar.shop.catalog.media.http import LARGEST_UPLOAD, LONGEST_ALT
from pasar.shop.catalog.media.limits import MOST_BYTES, PictureRefused
from pasar.shop.catalog.media.queries import media_of, one_of
from pasar.shop.catalog.media.schemas import MediaByAddress
from pasar.shop.catalog.media.storing import keep_picture, store_picture
from pasar.web.answering import see_other
from pasar.web.form_inputs import input_of, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["MEDIA_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
OF_PRODUCT: Final = HOME + "/{product_id:uuid}/media"
ONE: Final = OF_PRODUCT + "/{media_id:uuid}"
WRITE: Final = [staff_page("catalog:write")]
LONGEST_ADDRESS: Final = 2048
_REFUSED: Final = N_("This file is no picture that we can show. Use a JPEG, PNG, WebP, GIF or AVIF.")

register_notice("picture-added", "success", N_("The picture is there."))
register_notice("picture-waiting", "success", N_("The picture is being fetched. Look again in a moment."))
register_notice("picture-removed", "success", N_("The picture is gone."))


@post(OF_PRODUCT, guards=WRITE, include_in_schema=False, request_max_body_size=LARGEST_UPLOAD)
async def add_picture(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID
) -> Response[bytes]:
    """Give a product a picture: a file, or an address that a job fetches."""
    form = await request.form()
    file = form.get("file")
    values = {"url": text_of(form, "url", LONGEST_ADDRESS), "alt": text_of(form, "alt", LONGEST_ALT)}
    words = translator(context.locale)
    errors: dict[str, str] = {}
    if isinstance(file, UploadFile) and file.filename:
        errors = await _upload(file, values["alt"], context, runtime, product_id)
    elif values["url"]:
        data, errors = input_of(MediaByAddress, values, words)
        if data is None:
            errors = {"url": words.gettext("Write an address that begins with https://")}
        else:
            errors = await _add(context, runtime, product_id, alt=data.alt, source_url=data.url)
            if not errors:
                return see_other(f"{HOME}/{product_id}", notice="picture-waiting")
    else:
        errors = {"file": words.gettext("Choose a file, or write the address of a picture.")}
    if errors:
        return await product_page(request, context, runtime, product_id, errors=errors, values=values)
    return see_other(f"{HOME}/{product_id}", notice="picture-added")


@post(ONE, guards=WRITE, include_in_schema=False)
async def change_picture(
    request: AnyRequest, context: Context, runtime: Runtime, product_id: UUID, media_id: UUID
) -> Response[bytes]:
    """Describe a picture, move it, or take it away: by the button that was pressed."""
    form = await request.form()
    step = text_of(form, "step")
    at = runtime.clock.now()
    async with runtime.database.transaction() as session:
        await one_of(session, runtime.files, context.company_id, product_id, media_id)
        if step == "remove":
            await remove_media(session, context.company_id, media_id, at=at)
        elif step in ("earlier", "later"):
            media = await media_of(session, runtime.files, context.company_id, product_id)
            order = moved([one.id for one in media], media_id, -1 if step == "earlier" else 1)
            await reorder_media(session, context.company_id, product_id, order, at=at)
        else:
            alt = text_of(form, f"alt-{media_id}", LONGEST_ALT)
            await change_media(session, context.company_id, media_id, alt=alt, at=at)
    notice = "picture-removed" if step == "remove" else "saved"
    return see_other(f"{HOME}/{product_id}", notice=notice)


MEDIA_BACKOFFICE = (add_picture, change_picture)


def moved(ids: list[UUID], which: UUID, by: int) -> list[UUID]:
    """`ids` with one of them a place earlier (-1) or later (1); at the end it stays where it is."""
    order = list(ids)
    place = order.index(which)
    order.insert(max(0, place + by), order.pop(place))
    return order


async def _upload(
    file: UploadFile, alt: str, context: Context, runtime: Runtime, product_id: UUID
) -> dict[str, str]:
    words = translator(context.locale)
    content = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return {"file": words.gettext("A picture has at most {n} MB.", n=MOST_BYTES // 1024**2)}
    try:
        rendered = await store_picture(runtime.files, content)
    except PictureRefused:
        return {"file": words.gettext(_REFUSED)}
    async with runtime.database.transaction() as session:
        picture_id = await keep_picture(session, context.company_id, rendered)
    return await _add(context, runtime, product_id, alt=alt, picture_id=picture_id)


async def _add(
    context: Context, runtime: Runtime, product_id: UUID, *, alt: str, **source: Any
) -> dict[str, str]:
    try:
        async with runtime.database.transaction() as session:
            at = runtime.clock.now()
            await add_media(session, context.company_id, product_id, alt=alt.strip(), at=at, **source)
    except Conflict as problem:
        return refusal_errors(problem, REFUSALS, translator(context.locale))
    return {}
