"""How does a picture that came in become the files that are served?

The header is read first: format, width and height are judged before a single pixel is decoded, so that a
small file cannot ask for gigabytes. Then: turned as its EXIF says, brought to sRGB, shrunk step by step, and
encoded without any metadata. Of an animation, the first frame counts. All of this is CPU work: call it in a
thread (`storing.py` does).
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Final, cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from pasar.shop.catalog.media.addresses import Kind
from pasar.shop.catalog.media.limits import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    WIDTHS,
    PictureRefused,
    widths_of,
)

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
_SRGB: Final = ImageCms.createProfile("sRGB")
_DAMAGED: Final = (OSError, SyntaxError, ValueError, EOFError, IndexError)


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
    picture = _opened(content)
    try:
        # A JPEG can be decoded at a half, a quarter or an eighth: enough for the widest that is served.
        turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        width, height = picture.size[::-1] if turned else picture.size
        picture.draft(None, (WIDTHS[-1], WIDTHS[-1]))
        plain = _in_srgb(ImageOps.exif_transpose(picture))
    except _DAMAGED as reason:
        raise PictureRefused("picture_damaged", f"The picture cannot be decoded: {reason}.") from None
    return _rendered(plain, hashlib.sha256(content).hexdigest(), (width, height))


def render_drawn(picture: Image.Image) -> RenderedPicture:
    """Render a picture that this process drew itself, in RGB. Its hash is that of its pixels."""
    digest = hashlib.sha256(f"{picture.width}x{picture.height}".encode() + picture.tobytes()).hexdigest()
    return _rendered(picture, digest, picture.size)


def _opened(content: bytes) -> Image.Image:
    """Open lazily and judge the header."""
    if len(content) > MOST_BYTES:
        raise PictureRefused("picture_too_large", f"The picture is over {MOST_BYTES // 1024**2} MB.")
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


def _rendered(picture: Image.Image, digest: str, size: tuple[int, int]) -> RenderedPicture:
    files: list[RenderedFile] = []
    current = picture
    for width in sorted(widths_of(size[0]), reverse=True):
        if current.width != width:
            # Each width is made from the next wider one: almost as sharp, and a fraction of the work.
            height = max(1, round(width * size[1] / size[0]))
            current = current.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        opaque = _on_white(current)
        files.append(RenderedFile(width, "webp", _encoded(current, "WEBP", quality=80, method=2)))
        files.append(RenderedFile(width, "jpg", _encoded(opaque, "JPEG", quality=82, progressive=True)))
    return RenderedPicture(digest, *size, _mean_colour(_on_white(current)), tuple(files))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "#ffffff")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    picture.info.clear()  # no profile, comment or EXIF travels on
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def _mean_colour(picture: Image.Image) -> str:
    red, green, blue = cast(
        "tuple[int, int, int]", picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    )
    return f"#{red:02x}{green:02x}{blue:02x}"
