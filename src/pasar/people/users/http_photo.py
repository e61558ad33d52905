"""One's photo over HTTP."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, put

from pasar.kernel.http.guards import signed_in
from pasar.kernel.http.schema import Output
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.photos import keep_photo, photo_of
from pasar.web.uploads import LARGEST_UPLOAD, PictureBody, picture_of, upload_path

__all__ = ["PHOTO_ROUTES"]

AnyRequest = Request[Any, Any, Any]


class PhotoAnswer(Output):
    """Where one's photo is served: `photo` of 96 pixels a side, `large` of 320."""

    photo: str
    large: str


@put(
    "/api/auth/me/photo",
    guards=[signed_in],
    summary="Give my account a photo",
    tags=["Sign-in"],
    operation_class=PictureBody,
    request_max_body_size=LARGEST_UPLOAD,
)
async def put_photo(request: AnyRequest, context: Context, runtime: Runtime) -> PhotoAnswer:
    """Take a picture of up to 5 MB as one's photo, cut square, in place of the former one."""
    user_id = context.user_id
    await keep_photo(runtime, user_id, await picture_of(request))
    token = await photo_of(runtime, user_id) or ""
    return PhotoAnswer(photo=upload_path(runtime.files, token), large=upload_path(runtime.files, token, 2))


@delete("/api/auth/me/photo", guards=[signed_in], summary="Take my photo away", tags=["Sign-in"])
async def delete_photo(context: Context, runtime: Runtime) -> None:
    """Take one's photo away, its files included."""
    await keep_photo(runtime, context.user_id, None)


PHOTO_ROUTES = (put_photo, delete_photo)
