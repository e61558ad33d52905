"""Stationery, drawn."""

from __future__ import annotations

from collections.abc import Callable

from pasar.shop.catalog.demo.palette import Palette, Tone
from pasar.shop.catalog.demo.shapes import Ellipse, Path, Shape, Stroke, corners, shadow, slab, turned, vessel


def notebook() -> list[Shape]:
    """A cloth notebook, upright and a little turned, with ribbon and label."""
    parts = [
        slab(372, 462, 500, 715, 26, "deep"),
        slab(372, 470, 482, 700, 18, "pale"),
        slab(340, 455, 500, 715, 26, "mid"),
        slab(340, 455, 84, 715, 22, "deep"),
        slab(500, 610, 260, 150, 14, "pale"),
    ]
    turned_parts = [turned(part, -4, (600, 1170)) for part in parts]
    return [
        shadow(640, 1185, 320),
        Path(
            (((560, 1130), (566, 1190), (556, 1250)), ((582, 1232), (612, 1250)), ((606, 1190), (604, 1130))),
            "deep",
        ),
        *turned_parts,
        turned(slab(540, 655, 180, 14, 7, "mid"), -4, (600, 1170)),
        turned(slab(540, 695, 120, 14, 7, "mid"), -4, (600, 1170)),
        turned(slab(446, 500, 14, 600, 7, "light"), -4, (600, 1170)),
    ]


def pencils() -> list[Shape]:
    """Pencils in a small cup."""
    shapes: list[Shape] = [shadow(600, 1185, 230)]
    tones: tuple[tuple[Tone, Tone], ...] = (
        ("light", "deep"),
        ("deep", "mid"),
        ("mid", "light"),
        ("pale", "deep"),
        ("deep", "light"),
    )
    for index, angle in enumerate((-19, -9, 1, 11, 21)):
        x = 520 + index * 40
        body, core = tones[index]
        top = 400 + abs(index - 2) * 36
        about = (x, 1000.0)
        shapes += [
            turned(
                corners(((x - 33, top + 105), (x + 33, top + 105), (x + 33, 1000), (x - 33, 1000)), body),
                angle,
                about,
            ),
            turned(
                corners(
                    ((x - 33, top + 108), (x, top), (x + 33, top + 108)),
                    "arch" if body != "pale" else "light",
                ),
                angle,
                about,
            ),
            turned(corners(((x - 11, top + 36), (x, top), (x + 11, top + 36)), "deep"), angle, about),
            turned(
                corners(((x + 9, top + 105), (x + 33, top + 105), (x + 33, 1000), (x + 9, 1000)), core),
                angle,
                about,
            ),
        ]
    return [
        *shapes,
        *vessel(600, ((800, 196), (980, 192), (1165, 182)), rim=None, tilt=0.1),
        Stroke(((408, 800), (600, 822), (792, 800)), 22, "light"),
    ]


def letters() -> list[Shape]:
    """A sheet in its envelope, sealed with wax, and one more behind."""
    back = [turned(slab(330, 610, 620, 430, 22, "deep"), 9, (640, 830))]
    return [
        shadow(620, 1180, 360),
        *back,
        slab(320, 560, 560, 380, 14, "pale"),
        *[slab(390, y, width, 14, 7, "light") for y, width in ((620, 300), (664, 420), (708, 390))],
        slab(270, 740, 660, 440, 24, "light"),
        corners(((930, 764), (930, 1170), (905, 1180), (640, 960)), "mid"),
        corners(((282, 1174), (600, 925), (918, 1174)), "mid"),
        corners(((278, 752), (922, 752), (600, 1010)), "light"),
        Stroke(((282, 758), (600, 1010)), 7, "mid"),
        Stroke(((918, 758), (600, 1010)), 7, "mid"),
        Ellipse(600, 985, 74, 72, "deep"),
        Ellipse(592, 978, 46, 44, "mid"),
        Stroke(((570, 994), (572, 968), (592, 954), (612, 968), (614, 994)), 10, "light"),
    ]


def ink() -> list[Shape]:
    """A square-shouldered ink bottle and a dip pen."""
    pen = [
        turned(
            Path(
                (
                    ((690, 330), (712, 300), (734, 330)),
                    ((738, 700), (728, 960)),
                    ((696, 960), (686, 700), (690, 330)),
                ),
                "mid",
            ),
            24,
            (712, 1000),
        ),
        turned(
            corners(((716, 330), (734, 330), (738, 700), (728, 960), (714, 960)), "deep"), 24, (712, 1000)
        ),
        turned(
            Path(
                (((690, 960),), ((734, 960),), ((740, 1040), (712, 1150)), ((712, 1150), (684, 1040))), "deep"
            ),
            24,
            (712, 1000),
        ),
        turned(hole(712, 1040, 9), 24, (712, 1000)),
    ]
    return [
        shadow(560, 1185, 280),
        *vessel(500, ((720, 105), (800, 112), (850, 200), (900, 245), (1060, 250), (1168, 225)), rim=None),
        slab(355, 940, 250, 140, 16, "pale"),
        slab(400, 978, 160, 14, 7, "mid"),
        slab(400, 1020, 110, 14, 7, "mid"),
        *vessel(500, ((610, 122), (735, 122)), tones=("mid", "deep", "deep"), rim=None, tilt=0.12),
        *[Stroke(((x, 650), (x, 725)), 7, "mid") for x in (430, 470, 510)],
        *pen,
    ]


def hole(x: float, y: float, radius: float) -> Path:
    """A small round hole that can be turned with the nib."""
    return slab(x - radius, y - radius, radius * 2, radius * 2, radius, "light")


def calendar() -> list[Shape]:
    """A standing desk calendar with a grid of days, one of them marked."""
    days: list[Shape] = [
        Ellipse(390 + column * 74, 790 + row * 74, 17, 17, "light") for row in range(5) for column in range(6)
    ]
    return [
        shadow(640, 1185, 370),
        corners(((860, 560), (985, 1180), (300, 1180)), "deep"),
        turned(slab(300, 540, 560, 640, 22, "pale"), 0, (600, 1180)),
        slab(300, 540, 560, 150, 22, "mid"),
        corners(((300, 640), (860, 640), (860, 700), (300, 700)), "mid"),
        slab(360, 600, 200, 34, 17, "pale"),
        *days,
        Ellipse(612, 938, 42, 42, "deep"),
        Ellipse(600, 926, 12, 10, "light"),
        *[Stroke(((x, 500), (x, 570)), 17, "deep") for x in range(360, 830, 74)],
    ]


SCENES: dict[str, tuple[Palette, Callable[[], list[Shape]]]] = {
    "cloth-notebook": (Palette(340, 0.9), notebook),
    "pencil-set": (Palette(90), pencils),
    "letter-set": (Palette(25, 0.9), letters),
    "bottle-of-ink": (Palette(262), ink),
    "desk-calendar": (Palette(180, 0.8), calendar),
}
