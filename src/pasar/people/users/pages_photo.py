"""One's photo among the pages of one's account."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import BadRequest, TooLarge, Unauthorised, Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.photos import keep_photo, photo_of
from pasar.web.answering import page_response, see_other
from pasar.web.notices import register_notice
from pasar.web.uploads import LARGEST_UPLOAD, picture_of, upload_path

__all__ = ["PHOTO_PAGES"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/account/photo"
_REFUSED: Final = {
    "file_required": N_("Choose a file."),
    "picture_too_large": N_("This picture is over 5 MB. Choose a smaller one."),
}
_NO_PICTURE: Final = N_("This file is no picture that we can show. Use a JPEG, PNG, WebP, GIF or AVIF.")

register_notice("photo-removed", "success", N_("Your photo is gone."))


@get(HOME, guards=[page], include_in_schema=False)
async def show_photo(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show one's photo, and ask for another."""
    return await _page(request, context, runtime, {})


@post(HOME, guards=[page], include_in_schema=False, request_max_body_size=LARGEST_UPLOAD)
async def change_photo(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Take a picture as one's photo."""
    user_id = _person(context)
    try:
        await keep_photo(runtime, user_id, await picture_of(request))
    except (BadRequest, TooLarge, Unprocessable) as problem:
        said = translator(context.locale).gettext(_REFUSED.get(problem.code, _NO_PICTURE))
        return await _page(request, context, runtime, {"file": said})
    return see_other(HOME, notice="saved")


@post(f"{HOME}/remove", guards=[page], include_in_schema=False)
async def remove_photo(context: Context, runtime: Runtime) -> Response[bytes]:
    """Take one's photo away."""
    await keep_photo(runtime, _person(context), None)
    return see_other(HOME, notice="photo-removed")


PHOTO_PAGES = (show_photo, change_photo, remove_photo)


async def _page(
    request: AnyRequest, context: Context, runtime: Runtime, errors: dict[str, str]
) -> Response[bytes]:
    token = await photo_of(runtime, _person(context))
    photo = upload_path(runtime.files, token, 2) if token else ""
    return await page_response(
        request, "people/users/account/photo.html", status=422 if errors else 200, photo=photo, errors=errors
    )


def _person(context: Context) -> UUID:
    """The signed-in person's id. Raises `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    return context.caller.user_id
