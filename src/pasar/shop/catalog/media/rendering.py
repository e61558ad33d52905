"""How does a picture that came in become the files that are served?

`kernel.pictures` judges and decodes it; here it is shrunk step by step and encoded. All of this is CPU work:
call it in a thread (`storing.py` does).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

from PIL import Image

from pasar.kernel.pictures import encoded, on_white, read_picture
from pasar.shop.catalog.media.addresses import Kind
from pasar.shop.catalog.media.limits import MOST_BYTES, WIDTHS, widths_of


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One encoding of one width in pixels."""

    width: int
    kind: Kind
    content: bytes


@dataclass(frozen=True, slots=True)
class RenderedPicture:
    """All files of a picture. `width` and `height` are the original's in pixels, after turning it."""

    content_hash: str
    width: int
    height: int
    mean_colour: str
    files: tuple[RenderedFile, ...]

    @property
    def widths(self) -> list[int]:
        """The widths that are served, from narrow to wide."""
        return sorted({file.width for file in self.files})


def render(content: bytes) -> RenderedPicture:
    """Recognise and render the bytes of a picture file. Raises `PictureRefused`."""
    plain, size = read_picture(content, most_bytes=MOST_BYTES, wanted=WIDTHS[-1])
    return _rendered(plain, hashlib.sha256(content).hexdigest(), size)


def render_drawn(picture: Image.Image) -> RenderedPicture:
    """Render a picture that this process drew itself, in RGB. Its hash is that of its pixels."""
    digest = hashlib.sha256(f"{picture.width}x{picture.height}".encode() + picture.tobytes()).hexdigest()
    return _rendered(picture, digest, picture.size)


def _rendered(picture: Image.Image, digest: str, size: tuple[int, int]) -> RenderedPicture:
    files: list[RenderedFile] = []
    current = picture
    for width in sorted(widths_of(size[0]), reverse=True):
        if current.width != width:
            # Each width is made from the next wider one: almost as sharp, and a fraction of the work.
            height = max(1, round(width * size[1] / size[0]))
            current = current.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        opaque = on_white(current)
        files.append(RenderedFile(width, "webp", encoded(current, "WEBP", quality=80, method=2)))
        files.append(RenderedFile(width, "jpg", encoded(opaque, "JPEG", quality=82, progressive=True)))
    return RenderedPicture(digest, *size, _mean_colour(on_white(current)), tuple(files))


def _mean_colour(picture: Image.Image) -> str:
    red, green, blue = cast(
        "tuple[int, int, int]", picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    )
    return f"#{red:02x}{green:02x}{blue:02x}"
