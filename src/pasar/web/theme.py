"""Which colours does this site wear, and can everybody read them?

A site chooses a few colours; each is corrected until it is legible: the accent reaches 4.5:1 on the paper of
both schemes (WCAG 2.2, 1.4.3), by moving its lightness and keeping its hue.
"""

from __future__ import annotations

import colorsys
import hashlib
import re
from collections.abc import Mapping

LIGHT_PAPER = "#fbf9f5"
DARK_PAPER = "#181613"
READABLE = 4.5
INK_CONTRAST = 7.0

_HEX = re.compile(r"#[0-9a-f]{6}")


class ColourError(ValueError):
    """A theme names an unknown colour or writes one other than as ``#rrggbb``."""


def validate_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """``colours`` in lower case. Keys are ``accent``, ``ink`` and ``paper``, each optional.

    Raises ``ColourError`` for anything else: the value is written into a style sheet as it stands.
    """
    checked: dict[str, str] = {}
    for name, value in colours.items():
        if name not in {"accent", "ink", "paper"}:
            raise ColourError(f"unknown theme colour {name!r}")
        if not _HEX.fullmatch(value.lower()):
            raise ColourError(f"theme colour {name!r} is not of the form #rrggbb")
        checked[name] = value.lower()
    return checked


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two hex colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, paper: str, ratio: float = READABLE) -> str:
    """``colour``, moved in lightness away from ``paper`` until the two differ by ``ratio``."""
    red, green, blue = _channels(colour)
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    step = -0.01 if _luminance(paper) > 0.18 else 0.01
    found = colour
    while contrast(found, paper) < ratio and 0 <= lightness + step <= 1:
        lightness += step
        found = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return found if contrast(found, paper) >= ratio else ("#000000" if step < 0 else "#ffffff")


def theme_css(colours: Mapping[str, str]) -> str:
    """The style sheet of a site's theme: the tokens that it changes, in both schemes, nothing else.

    Raises ``ColourError``. A paper is honoured in the light scheme if it is light; the dark one stays.
    """
    chosen = validate_colours(colours)
    paper = chosen.get("paper", LIGHT_PAPER)
    if _luminance(paper) < 0.6:
        paper = LIGHT_PAPER
    light = {"paper": paper}
    dark = {"paper": DARK_PAPER}
    if "accent" in chosen:
        on_paper = readable(chosen["accent"], paper)
        light |= {"accent": readable(on_paper, "#ffffff"), "accent-on": "#ffffff"}
        dark |= {"accent": readable(chosen["accent"], DARK_PAPER), "accent-on": DARK_PAPER}
    if "ink" in chosen:
        light["ink"] = readable(chosen["ink"], paper, INK_CONTRAST)
        dark["ink"] = readable(chosen["ink"], DARK_PAPER, INK_CONTRAST)
    return (
        f"@layer theme{{:root{{{_tokens(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_tokens(dark)}}}}}}}\n"
    )


def theme_version(colours: Mapping[str, str]) -> str:
    """Eight letters that change with the style sheet, for its address: ``/theme.css?v=…``."""
    return hashlib.sha256(theme_css(colours).encode()).hexdigest()[:8]


def _tokens(values: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in values.items())


def _channels(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, value)) * 255):02x}" for value in channels)


def _luminance(colour: str) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
