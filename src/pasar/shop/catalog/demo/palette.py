"""Which tones does a drawing use? Three of one hue, on a ground tinted by it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Tone = Literal["ground", "arch", "floor", "shadow", "pale", "light", "mid", "deep"]

# Lightness and chroma in OKLCH, whose steps look even in every hue.
_TONES: dict[Tone, tuple[float, float]] = {
    "ground": (0.912, 0.034),
    "arch": (0.958, 0.017),
    "floor": (0.855, 0.050),
    "shadow": (0.775, 0.062),
    "pale": (0.975, 0.016),
    "light": (0.80, 0.100),
    "mid": (0.645, 0.115),
    "deep": (0.43, 0.094),
}

# Words that variants use for their colour, as hues in degrees.
HUES: dict[str, float] = {
    "clay": 42.0,
    "terracotta": 38.0,
    "chalk": 80.0,
    "sand": 75.0,
    "oat": 85.0,
    "honey": 78.0,
    "leaf": 142.0,
    "moss": 125.0,
    "sage": 150.0,
    "sea": 220.0,
    "indigo": 268.0,
    "night": 275.0,
    "plum": 340.0,
    "rose": 12.0,
    "ink": 255.0,
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The tones of one hue (degrees in OKLCH); ``strength`` scales their chroma."""

    hue: float
    strength: float = 1.0

    def colour(self, tone: Tone) -> str:
        """``tone`` as ``#rrggbb``."""
        lightness, chroma = _TONES[tone]
        return oklch(lightness, chroma * self.strength, self.hue)


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """A colour of OKLCH as ``#rrggbb``, cut off at the borders of sRGB."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(_gamma(value) * 255):02x}" for value in linear)


def _gamma(value: float) -> float:
    value = min(1.0, max(0.0, value))
    curved: float = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return curved
