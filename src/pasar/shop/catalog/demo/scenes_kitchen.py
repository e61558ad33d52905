"""Kitchen and table, drawn."""

from __future__ import annotations

from collections.abc import Callable

from pasar.shop.catalog.demo.palette import Palette
from pasar.shop.catalog.demo.shapes import Ellipse, Path, Shape, Stroke, shadow, slab, turned, vessel


def mug() -> list[Shape]:
    """A straight mug with a round handle and two lines of steam."""
    return [
        shadow(600, 1180, 300),
        Stroke(((800, 800), (955, 790), (985, 920), (930, 1030), (800, 1050)), 62, "deep"),
        *vessel(570, ((700, 250), (900, 256), (1090, 244), (1165, 205))),
        Stroke(((490, 600), (455, 540), (510, 470), (475, 400)), 20, "light"),
        Stroke(((640, 600), (605, 530), (660, 450), (625, 370)), 20, "light"),
    ]


def bowl() -> list[Shape]:
    """A wide bowl on a foot, with three limes."""
    return [
        shadow(600, 1185, 290),
        Ellipse(500, 770, 118, 112, "mid"),
        Ellipse(470, 735, 42, 34, "light"),
        Ellipse(720, 755, 128, 122, "deep"),
        Ellipse(680, 712, 44, 36, "mid"),
        Ellipse(610, 735, 120, 118, "light"),
        Ellipse(570, 695, 40, 34, "pale"),
        *vessel(600, ((1080, 150), (1175, 180)), rim=None, gleam=False),
        *vessel(600, ((800, 405), (930, 350), (1050, 235), (1105, 165)), rim=None, tilt=0.05),
        Path(
            (
                ((195, 800), (400, 836), (600, 842), (800, 836), (1005, 800)),
                ((1000, 835), (800, 868), (600, 874), (400, 868), (200, 835)),
            ),
            "light",
        ),
    ]


def board() -> list[Shape]:
    """A serving board with a handle, leaning, and a small loaf before it."""
    wood = slab(380, 420, 440, 740, 90, "mid")
    handle = slab(535, 250, 130, 260, 62, "mid")
    return [
        shadow(640, 1180, 330),
        turned(handle, 5, (600, 1160)),
        turned(wood, 5, (600, 1160)),
        turned(
            Path(
                (((700, 510), (705, 800), (700, 1160)), ((760, 1160), (820, 1080)), ((820, 520), (740, 425))),
                "deep",
            ),
            5,
            (600, 1160),
        ),
        Ellipse(674, 325, 26, 26, "arch"),
        Stroke(((475, 560), (468, 760), (440, 960)), 16, "light"),
        Stroke(((570, 520), (562, 700), (545, 830)), 12, "light"),
        Path(
            (((330, 1185), (300, 1060), (420, 955), (600, 930), (790, 960), (890, 1070), (850, 1185)),),
            "light",
        ),
        Path(
            (((700, 945), (800, 970), (890, 1070), (850, 1185)), ((720, 1185), (780, 1080), (700, 945))),
            "deep",
        ),
        Stroke(((430, 1020), (480, 1060), (500, 1120)), 22, "pale"),
        Stroke(((555, 985), (605, 1035), (620, 1105)), 22, "pale"),
    ]


def teapot() -> list[Shape]:
    """A round teapot; spout to the left, towards the light."""
    return [
        shadow(610, 1185, 330),
        Path(
            (
                ((360, 1060), (270, 960), (225, 850), (150, 790)),
                ((215, 745), (320, 800), (380, 870), (440, 900)),
            ),
            "mid",
        ),
        Ellipse(182, 768, 40, 22, "deep"),
        Stroke(((830, 790), (985, 750), (1030, 900), (960, 1030), (830, 1070)), 54, "deep"),
        *vessel(600, ((690, 130), (760, 235), (890, 305), (1040, 290), (1170, 190)), rim=None),
        *vessel(600, ((640, 60), (668, 128), (700, 150)), rim=None, gleam=False),
        Ellipse(600, 605, 52, 48, "mid"),
        Ellipse(585, 590, 18, 16, "light"),
    ]


def carafe() -> list[Shape]:
    """A carafe with a glass as its lid."""
    return [
        shadow(600, 1185, 240),
        *vessel(
            600,
            ((470, 108), (640, 104), (760, 150), (900, 218), (1080, 228), (1170, 195)),
            tones=("pale", "light", "mid"),
            rim=None,
        ),
        Path(
            (
                ((377, 930), (600, 955), (823, 930)),
                ((828, 1080), (795, 1170)),
                ((600, 1196), (405, 1170)),
                ((372, 1080), (377, 930)),
            ),
            "mid",
        ),
        Path((((700, 948), (823, 930)), ((828, 1080), (795, 1170)), ((690, 1190), (700, 948))), "deep"),
        Ellipse(600, 932, 222, 24, "light"),
        Stroke(((425, 990), (425, 1060), (440, 1120)), 22, "pale"),
        *vessel(600, ((330, 128), (420, 124), (520, 118)), tones=("pale", "light", "mid"), rim=None),
        Ellipse(600, 330, 128, 17, "pale"),
    ]


SCENES: dict[str, tuple[Palette, Callable[[], list[Shape]]]] = {
    "dawn-mug": (Palette(38), mug),
    "ripple-serving-bowl": (Palette(125), bowl),
    "mango-wood-board": (Palette(62), board),
    "round-teapot": (Palette(220), teapot),
    "night-carafe": (Palette(200, 0.85), carafe),
}
