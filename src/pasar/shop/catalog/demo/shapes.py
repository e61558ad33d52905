"""The shapes that a drawing is made of: plain data on a sheet of 1200 by 1500 units, light from the left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pasar.shop.catalog.demo.palette import Tone

Point = tuple[float, float]
Run = tuple[Point, ...]

WIDTH = 1200
HEIGHT = 1500
FLOOR = 1130.0


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A filled ellipse about ``(x, y)``."""

    x: float
    y: float
    rx: float
    ry: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Path:
    """A filled outline of runs: each run is a smooth curve, and runs meet in corners."""

    runs: tuple[Run, ...]
    tone: Tone


@dataclass(frozen=True, slots=True)
class Stroke:
    """A smooth line with round ends."""

    points: Run
    width: float
    tone: Tone


Shape = Ellipse | Path | Stroke


def corners(points: Iterable[Point], tone: Tone) -> Path:
    """A polygon: every point is a corner."""
    return Path(tuple((point,) for point in points), tone)


def blob(points: Sequence[Point], tone: Tone) -> Path:
    """A closed outline that is smooth all around."""
    return Path(((*points, points[0]),), tone)


def slab(x: float, y: float, width: float, height: float, round_by: float, tone: Tone) -> Path:
    """A rectangle from ``(x, y)`` with round corners."""
    r, right, bottom = round_by, x + width, y + height
    k = 0.293 * r  # how far a quarter circle stays from its corner
    return Path(
        (
            ((x, y + r), (x + k, y + k), (x + r, y)),
            ((right - r, y), (right - k, y + k), (right, y + r)),
            ((right, bottom - r), (right - k, bottom - k), (right - r, bottom)),
            ((x + r, bottom), (x + k, bottom - k), (x, bottom - r)),
        ),
        tone,
    )


def turned(shape: Path, angle: float, about: Point) -> Path:
    """``shape`` turned by ``angle`` degrees, clockwise on the sheet."""
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))

    def turn(point: Point) -> Point:
        dx, dy = point[0] - about[0], point[1] - about[1]
        return about[0] + dx * cosine - dy * sine, about[1] + dx * sine + dy * cosine

    return Path(tuple(tuple(turn(point) for point in run) for run in shape.runs), shape.tone)


def leaf(x: float, y: float, length: float, width: float, angle: float, tone: Tone) -> Path:
    """A leaf that grows from ``(x, y)``; 0 degrees points up, positive leans right."""
    outline = Path(
        (
            (
                (x, y),
                (x - width / 2, y - length * 0.45),
                (x - width * 0.3, y - length * 0.8),
                (x, y - length),
            ),
            (
                (x, y - length),
                (x + width * 0.3, y - length * 0.8),
                (x + width / 2, y - length * 0.45),
                (x, y),
            ),
        ),
        tone,
    )
    return turned(outline, angle, (x, y))


def shadow(x: float, y: float, reach: float) -> Ellipse:
    """What a thing at ``(x, y)`` throws to the right on the floor."""
    return Ellipse(x + reach * 0.32, y, reach * 1.08, reach * 0.15, "shadow")


def vessel(
    x: float,
    profile: Sequence[Point],
    *,
    tones: tuple[Tone, Tone, Tone] = ("light", "mid", "deep"),
    rim: Tone | None = "light",
    inside: Tone = "deep",
    tilt: float = 0.13,
    gleam: bool = True,
) -> list[Shape]:
    """A round body about the axis ``x``: ``profile`` is (height, half width) from top to bottom.

    ``tones`` are gleam, body and shade; the gleam lies left and the shade right, for the light comes from the
    left. ``tilt`` is how far we look down into it; without ``rim`` the top is closed.
    """
    left = tuple((x - half, y) for y, half in profile)
    base_y, base = profile[-1]
    top_y, top = profile[0]
    floor = tuple(_on_arc(x, base_y, base, base * tilt, part) for part in (-1, -0.7, 0, 0.7, 1))
    right = tuple((x + half, y) for y, half in reversed(profile))
    inner = tuple((x + half * 0.42, y) for y, half in profile)
    shade_floor = tuple(_on_arc(x, base_y, base, base * tilt, part) for part in (0.42, 0.62, 0.85, 1))
    shapes: list[Shape] = [Path((left, floor, right), tones[1]), Path((inner, shade_floor, right), tones[2])]
    if gleam:
        shapes.append(_gleam(x, profile, tones[0]))
    if rim is not None:
        shapes.append(Ellipse(x, top_y, top, top * tilt, rim))
        shapes.append(Ellipse(x, top_y + top * 0.012, top * 0.9, top * tilt * 0.8, inside))
    else:
        shapes.append(Ellipse(x, top_y, top, top * tilt, tones[1]))
    return shapes


def _gleam(x: float, profile: Sequence[Point], tone: Tone) -> Stroke:
    """A soft stripe of light along the left side, short of both ends."""
    top, bottom = profile[0][0], profile[-1][0]
    margin = (bottom - top) * 0.16
    points = tuple(
        (x - _half_at(profile, y) * 0.74, y)
        for y in (top + margin + (bottom - top - 2 * margin) * step / 6 for step in range(7))
    )
    return Stroke(points, max(14.0, profile[0][1] * 0.09), tone)


def _half_at(profile: Sequence[Point], y: float) -> float:
    for (y0, half0), (y1, half1) in pairwise(profile):
        if y0 <= y <= y1:
            return half0 + (half1 - half0) * (y - y0) / (y1 - y0)
    return profile[-1][1]


def _on_arc(x: float, y: float, rx: float, ry: float, part: float) -> Point:
    return x + rx * part, y + ry * math.sqrt(max(0.0, 1 - part * part))


def stage() -> list[Shape]:
    """What stands behind every good: the hall's arch on a wall, and the floor."""
    arch = tuple(
        (600 - 400 * math.cos(math.pi * step / 12), 620 - 400 * math.sin(math.pi * step / 12))
        for step in range(13)
    )
    return [
        Path((((200.0, FLOOR),), arch, ((1000.0, FLOOR),)), "arch"),
        corners(((0, FLOOR), (WIDTH, FLOOR), (WIDTH, HEIGHT), (0, HEIGHT)), "floor"),
    ]
