"""What comes in is recognised by its content, judged by its header, and rendered without its secrets."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from PIL import Image

from pasar.shop.catalog.media.addresses import Rendering, read_name
from pasar.shop.catalog.media.limits import MOST_BYTES, PictureRefused, widths_of
from pasar.shop.catalog.media.rendering import render
from support.pictures import bomb, picture_bytes, turned_jpeg


@pytest.mark.parametrize(
    ("width", "served"),
    [
        (2400, (160, 480, 960, 1600)),
        (1600, (160, 480, 960, 1600)),
        (1000, (160, 480, 960, 1000)),
        (480, (160, 480)),
        (100, (100,)),
        (1, (1,)),
    ],
)
def test_widths_never_exceed_the_original(width: int, served: tuple[int, ...]) -> None:
    assert widths_of(width) == served


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_every_format_is_recognised_by_content_and_served_in_two(form: str) -> None:
    rendered = render(picture_bytes(form))
    assert (rendered.width, rendered.height) == (1200, 800)
    assert rendered.widths == [160, 480, 960, 1200]
    assert {(file.width, file.kind) for file in rendered.files} == {
        (width, kind) for width in (160, 480, 960, 1200) for kind in ("webp", "jpg")
    }
    for file in rendered.files:
        picture = Image.open(io.BytesIO(file.content))
        assert picture.format == {"webp": "WEBP", "jpg": "JPEG"}[file.kind]
        assert picture.size == (file.width, round(file.width * 2 / 3))
    red, green, blue = (int(rendered.mean_colour[at : at + 2], 16) for at in (1, 3, 5))
    assert abs(red - 0x33) + abs(green - 0x66) + abs(blue - 0x99) < 12


def test_a_photo_is_turned_as_its_exif_says_and_the_exif_is_gone() -> None:
    rendered = render(turned_jpeg())
    assert (rendered.width, rendered.height) == (40, 60)
    for file in rendered.files:
        assert b"taken at home" not in file.content
        picture = Image.open(io.BytesIO(file.content))
        assert not picture.getexif()
        plain = picture.convert("RGB")
        top, bottom = plain.getpixel((20, 5)), plain.getpixel((20, 55))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[0] > 200 > top[2], "red on top"
        assert bottom[2] > 200 > bottom[0], "blue below"


def test_transparent_places_stay_in_webp_and_are_white_in_jpeg() -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (200, 100), (255, 0, 0, 0)).save(stream, "PNG")
    rendered = render(stream.getvalue())
    by_kind = {
        file.kind: Image.open(io.BytesIO(file.content)) for file in rendered.files if file.width == 200
    }
    assert by_kind["webp"].convert("RGBA").getpixel((50, 50))[3] == 0  # type: ignore[index]  # RGBA is a tuple
    assert min(by_kind["jpg"].getpixel((50, 50))) > 250  # type: ignore[type-var,arg-type]  # RGB is a tuple
    assert rendered.mean_colour == "#ffffff"


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    stream = io.BytesIO()
    Image.new("I;16", (50, 50), 128 * 256).save(stream, "PNG")
    assert render(stream.getvalue()).mean_colour in {"#7f7f7f", "#808080", "#818181"}


def test_the_same_content_has_the_same_name() -> None:
    content = picture_bytes()
    assert render(content) == render(content)
    assert render(content).content_hash != render(picture_bytes(colour="#000000")).content_hash


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_unknown"),
        (b"GIF89a", "picture_unknown"),
        (picture_bytes("BMP"), "picture_unknown"),
        (b"\x00" * (MOST_BYTES + 1), "picture_too_large"),
        (bomb(), "picture_too_many_pixels"),
        (bomb(8_001, 5_000), "picture_too_many_pixels"),
        (bomb(20_000, 100), "picture_too_long"),
        (bomb(100, 100), "picture_damaged"),
        (picture_bytes("JPEG", (900, 900))[:2000], "picture_damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_good_picture_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        render(content)
    assert refused.value.code == code
    assert refused.value.reason.endswith(".")


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    tracemalloc.start()
    with pytest.raises(PictureRefused):
        render(bomb(9_000, 9_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_names_of_renderings_are_read_back_and_nothing_else_is() -> None:
    rendering = Rendering("ab" * 32, 480, "webp")
    assert read_name(rendering.name) == rendering
    for name in (
        "",
        "x",
        "../" + rendering.name,
        rendering.name + ".",
        "AB" * 32 + "-480.webp",
        "ab" * 32 + "-0.jpg",
        "ab" * 32 + "-480.png",
        rendering.name + "\n",
        "ab" * 32 + "-999999.jpg",
    ):
        assert read_name(name) is None, name
