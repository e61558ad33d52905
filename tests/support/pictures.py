"""Pictures for tests, as files would hold them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def picture_bytes(
    form: str = "PNG", size: tuple[int, int] = (1200, 800), colour: str = "#336699", **options: object
) -> bytes:
    """A picture of one colour in the format `form`."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, form, **options)
    return stream.getvalue()


def turned_jpeg() -> bytes:
    """A JPEG of 60 by 40 pixels, red left and blue right, that its EXIF turns by a quarter; with a secret."""
    picture = Image.new("RGB", (60, 40), "#0000ff")
    picture.paste("#ff0000", (0, 0, 30, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at home"
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif, quality=95)
    return stream.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG whose header promises gigabytes of pixels, in some dozen bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
