"""The pantry, drawn."""

from __future__ import annotations

from collections.abc import Callable

from pasar.shop.catalog.demo.palette import Palette, Tone
from pasar.shop.catalog.demo.shapes import (
    Ellipse,
    Path,
    Shape,
    Stroke,
    blob,
    corners,
    leaf,
    shadow,
    slab,
    vessel,
)


def honey() -> list[Shape]:
    """A jar of honey under a cloth lid, with a dipper."""
    cells: tuple[tuple[float, float, Tone], ...] = (
        (478, 940, "mid"),
        (545, 940, "light"),
        (612, 940, "deep"),
        (512, 1000, "light"),
        (578, 1000, "mid"),
    )
    return [
        shadow(590, 1185, 290),
        *vessel(570, ((700, 215), (760, 262), (900, 280), (1080, 272), (1168, 232)), rim=None),
        slab(430, 860, 290, 210, 24, "pale"),
        *[
            Path(
                (
                    ((x, y + 34), (x, y - 34)),
                    ((x + 30, y - 52),),
                    ((x + 60, y - 34), (x + 60, y + 34)),
                    ((x + 30, y + 52),),
                ),
                tone,
            )
            for x, y, tone in cells
        ],
        Path(
            (
                ((330, 720), (400, 590), (570, 556), (740, 590), (810, 720)),
                (
                    (770, 700),
                    (730, 728),
                    (690, 702),
                    (650, 732),
                    (610, 704),
                    (570, 734),
                    (530, 704),
                    (490, 732),
                    (450, 702),
                    (410, 728),
                    (370, 700),
                    (330, 720),
                ),
            ),
            "light",
        ),
        Path(
            (
                ((640, 566), (740, 590), (810, 720)),
                ((770, 700), (730, 728), (690, 702)),
                ((690, 640), (640, 566)),
            ),
            "mid",
        ),
        Stroke(((372, 668), (570, 700), (768, 668)), 22, "deep"),
        Stroke(((1010, 660), (940, 880), (905, 990)), 24, "deep"),
        *[
            Stroke(
                ((846 - i * 14, 990 + i * 44), (918 - i * 14, 1014 + i * 44)), 36, "mid" if i % 2 else "deep"
            )
            for i in range(4)
        ],
    ]


def tea() -> list[Shape]:
    """A round tea tin with its lid and a leaf on the label."""
    return [
        shadow(600, 1185, 260),
        *vessel(600, ((600, 248), (900, 248), (1160, 246)), rim=None, tilt=0.14),
        Path((((354, 760), (600, 800), (846, 760)), ((846, 1040), (600, 1080), (354, 1040))), "pale"),
        Path((((705, 796), (846, 760)), ((846, 1040), (705, 1076))), "light"),
        leaf(570, 1030, 210, 100, -24, "mid"),
        leaf(575, 1030, 170, 90, 32, "deep"),
        Stroke(((570, 1035), (535, 950), (510, 880)), 7, "pale"),
        *vessel(600, ((500, 262), (640, 262)), rim=None, tilt=0.14),
        Ellipse(600, 498, 262, 37, "light"),
        Ellipse(600, 494, 150, 19, "mid"),
        Ellipse(600, 470, 44, 26, "deep"),
    ]


def sambal() -> list[Shape]:
    """A bottle of chilli sauce, and two chillies before it."""
    return [
        shadow(570, 1185, 220),
        *vessel(560, ((420, 72), (560, 76), (680, 120), (800, 178), (1000, 182), (1168, 168)), rim=None),
        *vessel(560, ((320, 84), (440, 86)), tones=("mid", "deep", "deep"), rim=None, tilt=0.16),
        Path((((379, 830), (560, 852), (741, 830)), ((742, 1070), (560, 1094), (378, 1070))), "pale"),
        Path((((640, 848), (741, 830)), ((742, 1070), (640, 1088))), "light"),
        Path(
            (((450, 900), (520, 905), (590, 950), (612, 1030)), ((540, 1020), (470, 970), (450, 900))), "mid"
        ),
        Stroke(((452, 902), (430, 885), (436, 866)), 12, "deep"),
        Path(
            (
                ((735, 1225), (840, 1250), (960, 1200), (1030, 1100)),
                ((1000, 1100), (930, 1120), (830, 1150), (735, 1225)),
            ),
            "mid",
        ),
        Path(
            (((800, 1232), (880, 1234), (960, 1200), (1030, 1100)), ((970, 1180), (890, 1218), (800, 1232))),
            "deep",
        ),
        Stroke(((1014, 1108), (1046, 1068), (1034, 1036)), 18, "deep"),
        Path(
            (((690, 1290), (800, 1330), (930, 1315), (1040, 1262)), ((950, 1252), (820, 1250), (690, 1290))),
            "mid",
        ),
        Stroke(((1024, 1266), (1070, 1250), (1096, 1262)), 16, "deep"),
    ]


def coffee() -> list[Shape]:
    """A bag of coffee, its top folded and held with a band, and some beans."""

    def bean(x: float, y: float) -> list[Shape]:
        return [
            Ellipse(x, y, 46, 32, "deep"),
            Stroke(((x - 36, y + 4), (x, y - 6), (x + 36, y + 2)), 6, "light"),
        ]

    return [
        shadow(610, 1185, 290),
        Path(
            (
                ((365, 560), (600, 574), (835, 560)),
                ((858, 800), (870, 1172)),
                ((600, 1196), (330, 1172)),
                ((342, 800), (365, 560)),
            ),
            "mid",
        ),
        Path(
            (
                ((720, 570), (835, 560)),
                ((858, 800), (870, 1172)),
                ((790, 1186), (730, 1190)),
                ((770, 860), (720, 570)),
            ),
            "deep",
        ),
        slab(352, 440, 496, 140, 20, "mid"),
        corners(((720, 445), (835, 440), (848, 470), (848, 565), (720, 578)), "deep"),
        slab(340, 505, 520, 44, 22, "light"),
        slab(430, 720, 300, 320, 20, "pale"),
        blob(((580, 780), (650, 850), (580, 930), (510, 850)), "mid"),
        Stroke(((560, 800), (598, 850), (562, 912)), 12, "pale"),
        slab(480, 965, 200, 18, 9, "mid"),
        Stroke(((395, 640), (382, 820), (372, 1010)), 18, "light"),
        *[shape for x, y in ((300, 1240), (400, 1275), (880, 1262)) for shape in bean(x, y)],
    ]


SCENES: dict[str, tuple[Palette, Callable[[], list[Shape]]]] = {
    "forest-honey": (Palette(78), honey),
    "highland-tea-tin": (Palette(150, 0.95), tea),
    "slow-sambal": (Palette(28, 1.15), sambal),
    "gayo-coffee": (Palette(52, 0.85), coffee),
}
