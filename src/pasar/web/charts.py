"""Where do the bars and lines of a chart stand? Geometry only; ``components/charts.html`` draws it as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640.0
HEIGHT = 220.0
LEFT = 56.0
RIGHT = 12.0
TOP = 18.0
BOTTOM = 28.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One point of data: ``label`` on the axis, ``value``, and ``shown``, the value as people read it."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A horizontal guide at height ``y`` with its ``label``."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar or point in the drawing's units; ``labelled`` marks carry their label on the axis."""

    x: float
    y: float
    width: float
    height: float
    figure: Figure
    labelled: bool
    peak: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of ``WIDTH`` by ``HEIGHT`` units; ``line`` is the points of the polyline, empty for bars."""

    kind: str
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    line: str
    area: str
    width: float = WIDTH
    height: float = HEIGHT
    baseline: float = HEIGHT - BOTTOM


def bar_chart(figures: Sequence[Figure]) -> Chart:
    """Bars from zero for non-negative ``figures``. Raises ``ValueError`` for a negative one."""
    return _chart("bar", figures)


def line_chart(figures: Sequence[Figure]) -> Chart:
    """A line over ``figures`` at equal distances, from zero. Raises ``ValueError`` for a negative one."""
    return _chart("line", figures)


def ceiling(value: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten at or above ``value``: a round top for the axis."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= value * 0.999999)


def _chart(kind: str, figures: Sequence[Figure]) -> Chart:
    if any(figure.value < 0 for figure in figures):
        raise ValueError("charts start at zero: show negative figures in a table")
    most = max((figure.value for figure in figures), default=0.0)
    top = ceiling(most)
    drawn = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / max(1, len(figures))
    every = max(1, math.ceil(len(figures) / 7))
    peak = next((i for i, figure in enumerate(figures) if figure.value == most and most > 0), -1)
    marks = tuple(
        Mark(
            x=round(LEFT + step * (i + 0.5), 1),
            y=round(HEIGHT - BOTTOM - drawn * figure.value / top, 1),
            width=round(min(40.0, step * 0.62), 1),
            height=round(drawn * figure.value / top, 1),
            figure=figure,
            labelled=i % every == 0,
            peak=i == peak,
        )
        for i, figure in enumerate(figures)
    )
    line = " ".join(f"{mark.x},{mark.y}" for mark in marks) if kind == "line" else ""
    floor = HEIGHT - BOTTOM
    area = f"{marks[0].x},{floor} {line} {marks[-1].x},{floor}" if line else ""
    ticks = tuple(Tick(round(floor - drawn * part / 2, 1), _short(top * part / 2)) for part in range(3))
    return Chart(kind, marks, ticks, line, area)


def _short(value: float) -> str:
    """``1200`` as ``1.2k``: an axis gives the size, the labels and the table give the figure."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{suffix}"
    return f"{value:g}"
