"""Files that want to be more than a picture, or to be taken for one: judged by content alone."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import zlib

import pytest
from PIL import Image

from pasar.kernel.pictures import PictureRefused, encoded, read_picture
from support.pictures import bomb, picture_bytes

MOST_BYTES = 10 * 1024 * 1024
SCRIPT = b"<script>alert(document.domain)</script>"


def read(content: bytes) -> Image.Image:
    return read_picture(content, most_bytes=MOST_BYTES, wanted=1600)[0]


def png(*more: tuple[bytes, bytes], size: tuple[int, int] = (20, 10), pixels: bytes | None = None) -> bytes:
    """A grey PNG with further chunks before its pixels; `pixels` is what its one IDAT expands to."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80" * size[0] for _ in range(size[1])) if pixels is None else pixels
    body = b"".join(chunk(kind, content) for kind, content in more)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + body
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def gif_frame(screen: tuple[int, int], frame: tuple[int, int]) -> bytes:
    """A GIF whose header tells one size and whose only frame another."""
    start = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return start + b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x4c\x01\x00;"


NO_PICTURES = {
    "a page": b"<!DOCTYPE html><html><body>" + SCRIPT,
    "an SVG": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>",
    "an SVG without its declaration": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a page that begins like a GIF": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "a page that begins like a PNG": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "a page that begins like a JPEG": b"\xff\xd8\xff\xe0" + SCRIPT,
    "a page that begins like a WebP": b"RIFF\x40\x00\x00\x00WEBP" + SCRIPT,
    "PostScript, which runs programs": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a PDF": b"%PDF-1.7\n" + SCRIPT,
    "an archive": b"PK\x03\x04" + b"\0" * 200,
    "a program": b"\x7fELF" + b"\0" * 200,
    "a TIFF, which we do not read": picture_bytes("TIFF", (20, 10)),
    "an icon": picture_bytes("ICO", (16, 16)),
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_refused_whatever_it_calls_itself(content: bytes) -> None:
    with pytest.raises(PictureRefused) as refused:
        read(content)

    assert refused.value.code in {"picture_unknown", "picture_damaged"}
    assert "alert" not in refused.value.reason


POLYGLOTS = {
    "a JPEG with a page behind it": picture_bytes("JPEG", (60, 40)) + SCRIPT,
    "a JPEG with an archive behind it": picture_bytes("JPEG", (60, 40)) + b"PK\x03\x04" + SCRIPT,
    "a JPEG with a page as its comment": picture_bytes("JPEG", (60, 40), comment=SCRIPT),
    "a JPEG with a page as its EXIF": picture_bytes("JPEG", (60, 40), exif=b"Exif\0\0" + SCRIPT),
    "a GIF with a page as its comment": picture_bytes("GIF", (60, 40), comment=SCRIPT),
    "a PNG with a page behind it": png() + SCRIPT,
    "a PNG with a page as its text": png((b"tEXt", b"Comment\0" + SCRIPT)),
    "a PNG with a page as its XMP": png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SCRIPT)),
    "a PNG with a page as its profile": png((b"iCCP", b"p\0\0" + zlib.compress(SCRIPT))),
    "a WebP with a page as its XMP": picture_bytes("WEBP", (60, 40), xmp=SCRIPT),
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS)
def test_of_a_picture_that_is_more_only_the_picture_stays(content: bytes) -> None:
    picture = read(content)
    for form in ("WEBP", "JPEG"):
        file = encoded(picture.convert("RGB"), form)  # type: ignore[arg-type]  # the two literals
        assert b"script" not in file
        assert b"alert" not in file
        assert b"PK\x03\x04" not in file
        Image.open(io.BytesIO(file)).verify()


def test_content_counts_and_not_the_name_it_has() -> None:
    """A PNG that is called .jpg, or typed text/html, is a PNG: nothing asks for the name."""
    assert read(picture_bytes("PNG", (20, 10))).size == (20, 10)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (bomb(65_535, 65_535), "picture_too_many_pixels"),
        (bomb(2**31 - 1, 2**31 - 1), "picture_too_many_pixels"),
        (bomb(40_000_000, 1), "picture_too_long"),
        (bomb(1, 16_384), "picture_too_long"),
        (gif_frame((1, 1), (60_000, 60_000)), "picture_too_many_pixels"),
        (gif_frame((60_000, 60_000), (1, 1)), "picture_too_many_pixels"),
    ],
)
def test_sizes_are_judged_before_a_pixel_is_decoded(content: bytes, code: str) -> None:
    assert len(content) < 200
    tracemalloc.start()
    with pytest.raises(PictureRefused) as refused:
        read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refused.value.code == code
    assert peak < 2_000_000


BOMBS = {
    # Each expands to a hundred megabytes.
    "pixels beyond the picture": png(pixels=b"\0" * 100_000_000),
    "a text": png((b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 100_000_000))),
    "many texts": png(*[(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 1_000_000))] * 100),
    "a profile": png((b"iCCP", b"p\0\0" + zlib.compress(b"x" * 100_000_000))),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_what_expands_without_end_is_cut_short(content: bytes) -> None:
    assert len(content) < 200_000
    tracemalloc.start()
    with contextlib.suppress(PictureRefused):  # a text that is too long may be refused or passed over
        assert read(content).size == (20, 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 70_000_000, "never the whole"


def test_of_an_endless_animation_one_frame_is_decoded() -> None:
    frames = [Image.new("P", (50, 50), colour % 256) for colour in range(500)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])

    picture = read(stream.getvalue())

    assert picture.size == (50, 50)
    assert getattr(picture, "n_frames", 1) == 1
