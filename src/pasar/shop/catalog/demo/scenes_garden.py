"""Plants and garden, drawn."""

from __future__ import annotations

from collections.abc import Callable

from pasar.shop.catalog.demo.palette import Palette, Tone
from pasar.shop.catalog.demo.shapes import (
    Ellipse,
    Path,
    Shape,
    Stroke,
    corners,
    leaf,
    shadow,
    slab,
    turned,
    vessel,
)


def planter() -> list[Shape]:
    """A pot with a broad-leaved plant."""
    tones: tuple[Tone, ...] = ("deep", "mid", "deep", "mid", "light", "mid", "deep", "light")
    leaves: list[Shape] = [
        leaf(600, 860, length, 190, angle, tones[index])
        for index, (angle, length) in enumerate(
            ((-64, 400), (62, 410), (34, 540), (-36, 530), (-14, 600), (12, 520), (48, 330), (-52, 300))
        )
    ]
    return [
        shadow(600, 1185, 250),
        *leaves,
        Stroke(((600, 850), (520, 520), (478, 350)), 7, "mid"),
        Stroke(((600, 850), (660, 600), (690, 440)), 7, "light"),
        *vessel(600, ((880, 228), (1000, 212), (1165, 160)), rim=None),
        *vessel(600, ((800, 260), (900, 252)), rim="light", inside="deep", gleam=False),
        leaf(600, 840, 300, 150, -26, "light"),
        leaf(610, 840, 260, 140, 30, "mid"),
    ]


def watering_can() -> list[Shape]:
    """A watering can; spout to the left."""
    return [
        shadow(640, 1185, 330),
        Stroke(((560, 640), (640, 440), (840, 430), (950, 620), (905, 900), (830, 1030)), 42, "deep"),
        Path(
            (
                ((480, 1060), (380, 960), (290, 780), (232, 640)),
                ((276, 616), (350, 740), (430, 850), (500, 880)),
            ),
            "mid",
        ),
        Path((((178, 660), (240, 600), (318, 590)), ((312, 620), (262, 660), (190, 684))), "deep"),
        *vessel(660, ((690, 205), (800, 215), (1000, 232), (1170, 238)), inside="deep"),
        Stroke(((438, 985), (660, 1016), (884, 985)), 16, "deep"),
        *[Ellipse(150 - i * 14, 740 + i * 62, 11, 17, "mid") for i in range(4)],
        *[Ellipse(208 - i * 10, 770 + i * 64, 11, 17, "light") for i in range(4)],
    ]


def trowel() -> list[Shape]:
    """A hand trowel and a hand fork, crossed as on a stall."""

    def tool(angle: float, blade: list[Path]) -> list[Shape]:
        about = (600.0, 800.0)
        grip = slab(562, 270, 76, 330, 38, "mid")
        shade = slab(604, 282, 30, 306, 15, "deep")
        ring = slab(572, 585, 56, 46, 10, "deep")
        neck = slab(586, 620, 28, 170, 12, "deep")
        return [turned(part, angle, about) for part in (neck, *blade, grip, shade, ring)]

    spade = [
        Path(
            (
                ((510, 800), (540, 765), (600, 755), (660, 765), (690, 800)),
                ((690, 960), (660, 1080), (600, 1170)),
                ((540, 1080), (510, 960), (510, 800)),
            ),
            "light",
        ),
        Path(
            (((600, 757), (660, 765), (690, 800)), ((690, 960), (660, 1080), (600, 1170)), ((600, 757),)),
            "mid",
        ),
    ]
    fork = [
        Path(
            (((500, 850), (520, 780), (600, 764), (680, 780), (700, 850)), ((700, 890),), ((500, 890),)),
            "mid",
        ),
        slab(500, 830, 38, 330, 19, "mid"),
        slab(581, 830, 38, 330, 19, "mid"),
        slab(662, 830, 38, 330, 19, "deep"),
    ]
    return [shadow(600, 1200, 330), *tool(-27, fork), *tool(24, spade)]


def seeds() -> list[Shape]:
    """Three seed packets like a hand of cards, and a few seeds."""
    shapes: list[Shape] = [shadow(620, 1180, 310)]
    packets: tuple[tuple[float, Tone, Tone], ...] = (
        (-15, "deep", "light"),
        (13, "mid", "pale"),
        (-1, "pale", "mid"),
    )
    for angle, paper, flower in packets:
        about = (600.0, 1250.0)
        x, y = 600.0, 780.0
        shapes += [turned(slab(405, 500, 390, 600, 16, paper), angle, about)]
        shapes += [turned(corners(((405, 575), (795, 575), (795, 590), (405, 590)), flower), angle, about)]
        for step in range(7):
            bloom = turned(leaf(x, y, 130, 84, 0, flower), step * 360 / 7, (x, y))
            shapes.append(turned(bloom, angle, about))
        shapes.append(
            turned(slab(x - 36, y - 36, 72, 72, 36, "deep" if paper != "deep" else "mid"), angle, about)
        )
        shapes.append(turned(slab(480, 980, 240, 20, 10, flower), angle, about))
        shapes.append(turned(slab(520, 1025, 160, 16, 8, flower), angle, about))
    shapes += [
        Ellipse(x, y, 17, 11, "deep")
        for x, y in ((330, 1225), (390, 1262), (455, 1232), (300, 1275), (865, 1250))
    ]
    return shapes


def twine() -> list[Shape]:
    """A ball of twine with a loose end."""
    ball: list[Shape] = [
        shadow(620, 1185, 300),
        Stroke(((800, 1120), (900, 1190), (1010, 1170), (1060, 1230), (980, 1290), (880, 1270)), 20, "mid"),
        Ellipse(600, 880, 310, 305, "mid"),
        Path(
            (
                ((760, 614), (880, 740), (910, 880), (870, 1030), (740, 1150)),
                ((800, 1000), (830, 880), (810, 740), (760, 614)),
            ),
            "deep",
        ),
    ]
    for offset in range(-3, 4):
        bend = offset * 62
        ball.append(
            Stroke(
                ((340 + abs(offset) * 26, 860 + bend), (480, 960 + bend * 0.9), (640, 985 + bend * 0.8)),
                17,
                "light",
            )
        )
        if abs(offset) < 3:
            ball.append(
                Stroke(
                    ((500 + bend, 600 + abs(offset) * 16), (630 + bend * 0.8, 740), (700 + bend * 0.7, 900)),
                    13,
                    "deep" if offset > 0 else "pale",
                )
            )
    return ball


SCENES: dict[str, tuple[Palette, Callable[[], list[Shape]]]] = {
    "rimmed-planter": (Palette(142), planter),
    "balcony-watering-can": (Palette(190, 0.95), watering_can),
    "trowel-and-fork": (Palette(55), trowel),
    "seed-packets": (Palette(350, 0.95), seeds),
    "garden-twine": (Palette(80, 0.9), twine),
}
