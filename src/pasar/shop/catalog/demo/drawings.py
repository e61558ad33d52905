"""How does a good of the demo look, as SVG or as pixels? Two renderers over one description."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from PIL import Image, ImageDraw

from pasar.shop.catalog.demo import (
    scenes_garden,
    scenes_kitchen,
    scenes_pantry,
    scenes_stationery,
    scenes_textiles,
)
from pasar.shop.catalog.demo.palette import HUES, Palette
from pasar.shop.catalog.demo.shapes import HEIGHT, WIDTH, Ellipse, Path, Point, Run, Shape, Stroke, stage

PICTURE_SIZE = (1600, 2000)
_CURVE_STEPS = 14

SCENES = {
    **scenes_kitchen.SCENES,
    **scenes_textiles.SCENES,
    **scenes_stationery.SCENES,
    **scenes_garden.SCENES,
    **scenes_pantry.SCENES,
}


def draw(product_handle: str, variant_hint: str | None = None) -> str:
    """The drawing of a good as an SVG document of 1200 by 1500 units.

    ``variant_hint`` is a variant's title or colour: a known colour word in it sets the hue. Raises
    ``KeyError`` for a handle without a drawing.
    """
    palette = palette_of(product_handle, variant_hint)
    body = "".join(_svg(shape, palette) for shape in scene(product_handle))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette.colour("ground")}"/>{body}</svg>'
    )


def render_picture(
    product_handle: str, variant_hint: str | None = None, size: tuple[int, int] = PICTURE_SIZE
) -> Image.Image:
    """The same drawing as an RGB picture of ``size`` pixels, drawn at twice the size and scaled down."""
    palette = palette_of(product_handle, variant_hint)
    picture = Image.new("RGB", (size[0] * 2, size[1] * 2), palette.colour("ground"))
    pen = ImageDraw.Draw(picture)
    for shape in scene(product_handle):
        _paint(pen, shape, palette, picture.width / WIDTH)
    return picture.reduce(2)  # exactly half: the mean of four, a tenth of the time of a general filter


def palette_of(product_handle: str, variant_hint: str | None = None) -> Palette:
    """The palette of a good, in the hue that ``variant_hint`` names, if it names one."""
    own, _ = SCENES[product_handle]
    for word in (variant_hint or "").lower().replace("/", " ").split():
        if word in HUES:
            return Palette(HUES[word], own.strength)
    return own


@cache
def scene(product_handle: str) -> tuple[Shape, ...]:
    """All shapes of a good's drawing, from back to front."""
    _, build = SCENES[product_handle]
    return (*stage(), *build())


def curve(run: Run) -> Iterator[tuple[Point, Point, Point]]:
    """The run's Bézier pieces: two control points and an end each (Catmull-Rom through every point)."""
    closed = len(run) > 3 and run[0] == run[-1]
    before = run[-2] if closed else run[0]
    after = run[1] if closed else run[-1]
    points = (before, *run, after)
    for i in range(1, len(points) - 2):
        p0, p1, p2, p3 = points[i - 1 : i + 3]
        yield (
            (p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6),
            (p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6),
            p2,
        )


def _svg(shape: Shape, palette: Palette) -> str:
    colour = palette.colour(shape.tone)
    if isinstance(shape, Ellipse):
        return (
            f'<ellipse cx="{shape.x:.1f}" cy="{shape.y:.1f}" rx="{shape.rx:.1f}" ry="{shape.ry:.1f}" '
            f'fill="{colour}"/>'
        )
    if isinstance(shape, Stroke):
        return (
            f'<path d="{_svg_runs((shape.points,))}" fill="none" stroke="{colour}" '
            f'stroke-width="{shape.width:.1f}" stroke-linecap="round" stroke-linejoin="round"/>'
        )
    return f'<path d="{_svg_runs(shape.runs)}Z" fill="{colour}"/>'


def _svg_runs(runs: Sequence[Run]) -> str:
    parts: list[str] = []
    for run in runs:
        parts.append(f"{'L' if parts else 'M'}{run[0][0]:.1f} {run[0][1]:.1f}")
        parts.extend(
            f"C{a[0]:.1f} {a[1]:.1f} {b[0]:.1f} {b[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
            for a, b, end in curve(run)
        )
    return "".join(parts)


def _paint(pen: ImageDraw.ImageDraw, shape: Shape, palette: Palette, scale: float) -> None:
    colour = palette.colour(shape.tone)
    if isinstance(shape, Ellipse):
        box = (shape.x - shape.rx, shape.y - shape.ry, shape.x + shape.rx, shape.y + shape.ry)
        pen.ellipse(tuple(value * scale for value in box), fill=colour)
    elif isinstance(shape, Path):
        outline = [point for run in shape.runs for point in _sampled(run)]
        pen.polygon([(x * scale, y * scale) for x, y in outline], fill=colour)
    else:
        line = [(x * scale, y * scale) for x, y in _sampled(shape.points)]
        pen.line(line, fill=colour, width=round(shape.width * scale))
        radius = shape.width * scale / 2
        for x, y in line:  # a disc on each point: Pillow leaves notches where short pieces meet
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _sampled(run: Run) -> list[Point]:
    """Points along the run, close enough to look smooth."""
    sampled = [run[0]]
    start = run[0]
    for a, b, end in curve(run):
        for step in range(1, _CURVE_STEPS + 1):
            t = step / _CURVE_STEPS
            s = 1 - t
            weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
            points = (start, a, b, end)
            sampled.append(
                (
                    sum(w * p[0] for w, p in zip(weights, points, strict=True)),
                    sum(w * p[1] for w, p in zip(weights, points, strict=True)),
                )
            )
        start = end
    return sampled
