"""Is this a picture, and how is it brought into a form that is safe to serve?

The content is judged, never the name or the type that came with it. The header is read first: format, width
and height are judged before a single pixel is decoded, so that a small file cannot ask for gigabytes. Then:
turned as its EXIF says, and brought to sRGB. What `encoded` writes carries no metadata. Of an animation, the
first frame counts. All of this is CPU work: call it in a thread.
"""

from __future__ import annotations

import io
from typing import Final, Literal

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

__all__ = ["LONGEST_SIDE", "MOST_PIXELS", "PictureRefused", "encoded", "on_white", "read_picture"]

MOST_PIXELS: Final = 40_000_000
"""Pixels of a picture: width by height."""

LONGEST_SIDE: Final = 16_383
"""Pixels of a side: what a WebP file can hold."""

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
_SRGB: Final = ImageCms.createProfile("sRGB")
_DAMAGED: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError)


class PictureRefused(Exception):
    """A picture that is not taken. `code` is for programs, `reason` is a sentence for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def read_picture(content: bytes, *, most_bytes: int, wanted: int) -> tuple[Image.Image, tuple[int, int]]:
    """The picture in RGB, or RGBA where it has transparent places, and its whole size in pixels.

    A JPEG may come out smaller, though not below `wanted` pixels a side: it can be decoded at a half, a
    quarter or an eighth. Raises `PictureRefused`.
    """
    picture = _opened(content, most_bytes)
    try:
        turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        size = picture.size[::-1] if turned else picture.size
        picture.draft(None, (wanted, wanted))
        return _in_srgb(ImageOps.exif_transpose(picture)), size
    except _DAMAGED as reason:
        raise PictureRefused("picture_damaged", f"The picture cannot be decoded: {reason}.") from None


def on_white(picture: Image.Image) -> Image.Image:
    """The picture without transparent places."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "#ffffff")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def encoded(picture: Image.Image, form: Literal["WEBP", "JPEG"], **options: object) -> bytes:
    """The picture as a file: no profile, comment or EXIF travels on."""
    picture.info.clear()
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def _opened(content: bytes, most_bytes: int) -> Image.Image:
    """Open lazily and judge the header."""
    if len(content) > most_bytes:
        raise PictureRefused("picture_too_large", f"The picture is over {most_bytes // 1024**2} MB.")
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, *_DAMAGED):
        raise PictureRefused(
            "picture_unknown", "This is no picture that we read: PNG, JPEG, WebP, GIF or AVIF."
        ) from None
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_many_pixels()
    if max(picture.size) > LONGEST_SIDE:
        raise PictureRefused("picture_too_long", f"A side of the picture is over {LONGEST_SIDE} pixels.")
    return picture


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        "picture_too_many_pixels", f"The picture is over {MOST_PIXELS // 10**6} megapixels."
    )


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA where it has transparent places; colours of its profile led to sRGB."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits a channel: Pillow's convert would cut off, not scale
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    clear = picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info
    if profile and not clear:
        picture = _by_profile(picture, profile)
    if picture.mode == "RGB":
        return picture
    return picture.convert("RGBA" if clear else "RGB")


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return picture
        led = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    except (
        ImageCms.PyCMSError,
        OSError,
        ValueError,
    ):  # a profile that fits the pixels badly: take them as they are
        return picture
    return picture if led is None else led
