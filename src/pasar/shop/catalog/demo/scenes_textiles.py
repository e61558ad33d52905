"""Textiles, drawn."""

from __future__ import annotations

from collections.abc import Callable

from pasar.shop.catalog.demo.palette import Palette, Tone
from pasar.shop.catalog.demo.shapes import Ellipse, Path, Shape, Stroke, corners, shadow, slab


def towel() -> list[Shape]:
    """A striped towel over a peg rail."""
    return [
        slab(230, 360, 740, 52, 26, "deep"),
        Path(
            (
                ((370, 380), (600, 368), (830, 380)),
                ((842, 700), (836, 1090)),
                ((720, 1076), (600, 1098), (480, 1078), (358, 1094)),
                ((352, 700), (370, 380)),
            ),
            "light",
        ),
        Path(
            (
                ((690, 374), (830, 380)),
                ((842, 700), (836, 1090)),
                ((770, 1078), (700, 1084)),
                ((720, 760), (690, 374)),
            ),
            "mid",
        ),
        Path((((355, 830), (600, 842), (839, 830)), ((839, 890), (600, 902), (354, 890))), "deep"),
        Path((((355, 930), (600, 942), (838, 930)), ((838, 956), (600, 968), (354, 956))), "deep"),
        Stroke(((470, 440), (462, 600), (468, 760)), 14, "pale"),
        Stroke(((580, 430), (590, 600), (578, 740)), 12, "mid"),
        Ellipse(300, 386, 34, 34, "mid"),
        Ellipse(900, 386, 34, 34, "mid"),
        *[Stroke(((x, 1086), (x - 3, 1126)), 9, "mid") for x in range(376, 830, 38)],
    ]


def apron() -> list[Shape]:
    """A bib apron on a hook, with a pocket."""
    return [
        Stroke(((490, 500), (520, 330), (600, 270), (680, 330), (710, 500)), 26, "deep"),
        Ellipse(600, 262, 30, 30, "deep"),
        Stroke(((375, 790), (300, 900), (320, 1040)), 24, "deep"),
        Stroke(((825, 790), (905, 880), (890, 1020)), 24, "deep"),
        Path(
            (
                ((460, 480), (600, 496), (740, 480)),
                ((755, 640), (840, 760)),
                ((862, 960), (850, 1170)),
                ((720, 1185), (600, 1178), (480, 1188), (350, 1170)),
                ((338, 960), (360, 760)),
                ((445, 640), (460, 480)),
            ),
            "mid",
        ),
        Path(
            (
                ((690, 488), (740, 480)),
                ((755, 640), (840, 760)),
                ((862, 960), (850, 1170)),
                ((760, 1183), (700, 1180)),
                ((740, 850), (690, 488)),
            ),
            "deep",
        ),
        Path(
            (
                ((450, 820), (600, 830), (745, 820)),
                ((735, 960), (690, 1010)),
                ((600, 1018), (510, 1010)),
                ((460, 960), (450, 820)),
            ),
            "light",
        ),
        Stroke(((600, 828), (600, 1012)), 8, "mid"),
        Stroke(((478, 540), (600, 552), (690, 546)), 10, "light"),
    ]


def cushion() -> list[Shape]:
    """A plump cushion with a woven border of lines."""
    return [
        shadow(620, 1180, 370),
        Path(
            (
                ((240, 610), (420, 645), (600, 650), (780, 645), (960, 610)),
                ((940, 760), (935, 900), (975, 1180)),
                ((780, 1150), (600, 1146), (420, 1150), (225, 1180)),
                ((262, 900), (258, 760), (240, 610)),
            ),
            "mid",
        ),
        Path(
            (
                ((800, 642), (960, 610)),
                ((940, 760), (935, 900), (975, 1180)),
                ((860, 1158), (760, 1150)),
                ((830, 900), (800, 642)),
            ),
            "deep",
        ),
        *[Stroke(((x, 680), (x + 8, 900), (x, 1120)), 15, "light") for x in (350, 400, 450)],
        *[Stroke(((x, 685), (x + 4, 900), (x, 1118)), 8, "deep") for x in (560, 600, 640)],
        Stroke(((285, 680), (300, 760), (303, 860)), 12, "pale"),
    ]


def throw() -> list[Shape]:
    """Three folded throws, one on the other."""
    layers: list[Shape] = [shadow(620, 1185, 380)]
    tones: tuple[tuple[Tone, Tone], ...] = (("deep", "mid"), ("light", "mid"), ("mid", "deep"))
    for index, y in enumerate((1040, 890, 740)):
        tone, edge = tones[index]
        left, right = 255 + index * 14, 945 - index * 10
        layers += [
            slab(left, y, right - left, 145, 70, tone),
            Stroke(((left + 90, y + 72), (600, y + 76), (right - 20, y + 72)), 10, edge),
        ]
    layers += [
        *[Stroke(((x, 770), (x + 2, 870)), 12, "light") for x in (440, 480, 520)],
        *[Stroke(((x, 880), (x - 4, 962)), 9, "light") for x in range(850, 930, 22)],
        Stroke(((330, 780), (310, 812), (330, 850)), 14, "light"),
    ]
    return layers


def tote() -> list[Shape]:
    """A market bag with long handles and the hall's arch on it."""
    return [
        shadow(620, 1185, 330),
        Stroke(((470, 640), (480, 420), (600, 330), (720, 420), (730, 640)), 36, "deep"),
        Path(
            (
                ((300, 610), (600, 632), (900, 610)),
                ((915, 900), (930, 1180)),
                ((760, 1192), (600, 1186), (270, 1180)),
                ((285, 900), (300, 610)),
            ),
            "mid",
        ),
        Path(
            (
                ((770, 620), (900, 610)),
                ((915, 900), (930, 1180)),
                ((860, 1186), (790, 1190)),
                ((810, 900), (770, 620)),
            ),
            "deep",
        ),
        Path(
            (
                ((430, 1040), (430, 880)),
                ((440, 800), (510, 742), (570, 742), (640, 800), (650, 880)),
                ((650, 1040),),
            ),
            "pale",
        ),
        Path(
            (((490, 1040), (490, 890)), ((500, 830), (540, 800), (580, 830), (590, 890)), ((590, 1040),)),
            "mid",
        ),
        Stroke(((330, 680), (322, 860), (315, 1040)), 16, "light"),
        corners(((440, 604), (500, 608), (500, 690), (440, 690)), "deep"),
        corners(((700, 608), (760, 604), (760, 690), (700, 690)), "deep"),
    ]


SCENES: dict[str, tuple[Palette, Callable[[], list[Shape]]]] = {
    "linen-kitchen-towel": (Palette(240, 0.85), towel),
    "market-apron": (Palette(155, 0.8), apron),
    "woven-cushion": (Palette(15), cushion),
    "wool-throw": (Palette(75), throw),
    "market-tote": (Palette(48), tote),
}
