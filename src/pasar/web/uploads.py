"""Pictures that people give of themselves, or of their shop: photos and logos.

Each is checked by its content, encoded anew without metadata, and kept under a random name that nobody can
guess; who has the name may see the picture. Unlike pictures of goods they can be taken back: `drop_upload`
removes the files, and nothing in between may keep them for long.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Literal

from litestar import Request, Response, get
from litestar.datastructures import UploadFile
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from PIL import Image, ImageOps

from pasar.kernel.errors import BadRequest, NotFound, TooLarge, Unprocessable
from pasar.kernel.files import FileMissing, Files
from pasar.kernel.http.guards import anyone
from pasar.kernel.ids import new_token
from pasar.kernel.pictures import PictureRefused, encoded, read_picture
from pasar.kernel.runtime import Runtime

__all__ = [
    "LARGEST_UPLOAD",
    "MOST_BYTES",
    "PictureBody",
    "drop_upload",
    "keep_upload",
    "logo_paths",
    "picture_of",
    "upload_file",
    "upload_path",
]

AnyRequest = Request[Any, Any, Any]
Shape = Literal["photo", "logo"]

MOST_BYTES: Final = 5 * 1024 * 1024
"""Bytes of a picture as it comes in."""
LARGEST_UPLOAD: Final = 6 * 1024 * 1024
"""Bytes of the form around it: for `request_max_body_size`."""
SIZES: Final[dict[Shape, tuple[tuple[int, int], ...]]] = {
    "photo": ((96, 96), (320, 320)),
    "logo": ((200, 44), (400, 88)),
}
"""Pixels: photos are cut square to them, logos fit into them."""
_NAME: Final = re.compile(r"([0-9a-f]{64})-([12])\.webp")
_TOKEN: Final = re.compile(r"[0-9a-f]{64}")
# Long enough for a page and its pictures, short enough for what was taken back to be gone.
CACHED: Final = "private, max-age=300"
_HANDS: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="uploads")


@dataclass
class PictureBody(Operation):
    """Says in the document that the body is a form with one picture, as its part `file`."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
        shape = Schema(
            type=OpenAPIType.OBJECT, required=["file"], properties={"file": file}, additional_properties=False
        )
        self.request_body = RequestBody(
            required=True, content={"multipart/form-data": OpenAPIMediaType(schema=shape)}
        )


def upload_path(files: Files, token: str, size: Literal[1, 2] = 1) -> str:
    """Where the upload `token` is served, in its small (1) or large (2) size."""
    return files.public_address(f"/uploads/{token}-{size}.webp")


def logo_paths(files: Files, token: str) -> tuple[str, str]:
    """Where a logo is served, for screens of one and of two pixels a point."""
    return upload_path(files, token), upload_path(files, token, 2)


async def picture_of(request: AnyRequest) -> bytes:
    """The content of the form's part `file`. Raises `BadRequest` (`file_required`) and `TooLarge`."""
    form = await request.form() if "multipart/form-data" in request.headers.get("content-type", "") else {}
    file = form.get("file")
    if not isinstance(file, UploadFile) or set(form) - {"file", "_csrf_token"}:
        raise BadRequest("file_required", "Send the picture as the part named file of multipart/form-data.")
    content: bytes = await file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge("picture_too_large", f"A picture has at most {MOST_BYTES // 1024**2} MB.")
    return content


async def keep_upload(files: Files, content: bytes, shape: Shape) -> str:
    """Keep a picture in both sizes and answer its token.

    Call it outside any transaction; drop it again when the row that was to name it does not come about.
    Raises `Unprocessable` with the codes of `kernel.pictures`.
    """
    try:
        made = await _in_thread(lambda: _made(content, shape))
    except PictureRefused as refusal:
        raise Unprocessable(refusal.code, refusal.reason) from None
    token = new_token()
    for number, file in enumerate(made, start=1):
        await files.put(_key(token, number), file)
    return token


async def drop_upload(files: Files, token: str) -> None:
    """Remove the files of an upload; nothing happens when they are gone."""
    if _TOKEN.fullmatch(token):
        for number in (1, 2):
            await files.delete(_key(token, number))


@get("/uploads/{name:str}", guards=[anyone], tags=["Pictures"], media_type="image/webp")
async def upload_file(name: str, runtime: Runtime) -> Response[bytes]:
    """Answer a photo or a logo. Its name is its key: who was not given it cannot guess it."""
    found = _NAME.fullmatch(name)
    try:
        content = await runtime.files.get(_key(found[1], int(found[2]))) if found else None
    except FileMissing:
        content = None
    if content is None:
        raise NotFound("picture_not_found", "There is no such picture.")
    return Response(content, media_type="image/webp", headers={"Cache-Control": CACHED})


def _key(token: str, number: int) -> str:
    return f"uploads/{token[:2]}/{token}-{number}.webp"


def _made(content: bytes, shape: Shape) -> list[bytes]:
    sizes = SIZES[shape]
    picture, _ = read_picture(content, most_bytes=MOST_BYTES, wanted=max(sizes[-1]))
    return [_one(picture, shape, size) for size in sizes]


def _one(picture: Image.Image, shape: Shape, size: tuple[int, int]) -> bytes:
    if shape == "photo":
        return encoded(ImageOps.fit(picture, size, Image.Resampling.LANCZOS), "WEBP", quality=82)
    return encoded(ImageOps.contain(picture, size, Image.Resampling.LANCZOS), "WEBP", quality=90)


async def _in_thread(work: Callable[[], list[bytes]]) -> list[bytes]:
    return await asyncio.get_running_loop().run_in_executor(_HANDS, work)
