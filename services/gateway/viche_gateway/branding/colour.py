"""Colours: contrast as WCAG 2.2 computes it, and a search for the nearest that passes in the same hue. Pure.

The search goes along the lightness of OKLCH (B. Ottosson, "A perceptual color space for image processing", 2020), where
a change of lightness leaves the hue as people see it.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of sRGB: red, green and blue from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance from 0 to 1 (WCAG 2.2)."""
        red, green, blue = self._linear()
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def _linear(self) -> tuple[float, float, float]:
        return _to_linear(self.red), _to_linear(self.green), _to_linear(self.blue)

    def oklch(self) -> "Oklch":
        """The same colour by lightness, chroma and hue."""
        red, green, blue = self._linear()
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        return Oklch(lightness, math.hypot(a, b), math.atan2(b, a))


@dataclass(frozen=True, slots=True)
class Oklch:
    """Lightness from 0 to 1, chroma from 0, hue in radians."""

    lightness: float
    chroma: float
    hue: float

    def at(self, lightness: float, most_chroma: float = math.inf) -> Colour:
        """The colour of this hue at another lightness, with as much of the chroma as screens can show."""
        low, high = 0.0, min(self.chroma, most_chroma)
        lightness = min(max(lightness, 0.0), 1.0)
        if _is_shown(whole := _rgb(lightness, high, self.hue)):
            return _rounded(whole)
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if _is_shown(_rgb(lightness, middle, self.hue)) else (low, middle)
        return _rounded(_rgb(lightness, low, self.hue))


def parse(text: str) -> Colour:
    """Reads #rgb or #rrggbb.

    Raises:
        ValueError: it is written in another way.
    """
    if not _HEX.fullmatch(text):
        raise ValueError(f"'{text}' is no colour: write it like #14566b")
    digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
    return Colour(*bytes.fromhex(digits))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio from 1 to 21 (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def nearest(colour: Colour, passes: Callable[[Colour], bool]) -> Colour | None:
    """The colour of the same hue, as near in lightness as can be, that passes; None where none does."""
    own = colour.oklch()
    for step in range(_STEPS + 1):
        for lightness in (own.lightness - step / _STEPS, own.lightness + step / _STEPS):
            if 0 <= lightness <= 1 and passes(found := own.at(lightness)):
                return found
    return None


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _is_shown(linear: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= each <= 1.0001 for each in linear)


def _rounded(linear: tuple[float, float, float]) -> Colour:
    return Colour(*(round(255 * _from_linear(min(max(each, 0.0), 1.0))) for each in linear))


def _to_linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _from_linear(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
