"""The colours that follow from an accent, each AA on its ground, and what is wrong with an accent. Pure.

The grounds are those of the theme (static/src/theme/_tokens.scss); a test holds them equal.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viche_gateway.branding.colour import Colour, contrast, nearest, parse

ENOUGH = 4.5
"""Least contrast of text (WCAG 2.2, 1.4.3, level AA)."""

DARK_LIGHTNESS = 0.79
_DARK_CHROMA = 0.09  # more of it glares on a dark page


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a colour stands on in one scheme of the theme, and how its companions are made.

    Args:
        strong: by how much the companion for hovering is lighter.
        soft: lightness of the quiet companion, and where it may go so that the accent is read on it.
    """

    scheme: str
    paper: Colour
    ground: Colour
    ink: Colour
    strong: float
    soft: tuple[float, float]
    soft_chroma: float


LIGHT = Grounds("light", parse("#fffefb"), parse("#f6f4ef"), parse("#1b252b"), -0.13, (0.945, 0.985), 0.02)
DARK = Grounds("dark", parse("#161d21"), parse("#0f1518"), parse("#e9eef0"), 0.09, (0.305, 0.2), 0.035)
WHITE = Colour(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours that meet on a page: text, and what it stands on."""

    what: str
    text: Colour
    ground: Colour

    @property
    def contrast(self) -> float:
        """Their contrast ratio."""
        return contrast(self.text, self.ground)

    @property
    def is_enough(self) -> bool:
        """Whether people can read it."""
        return self.contrast >= ENOUGH


@dataclass(frozen=True, slots=True)
class Scheme:
    """The accent and its companions on light or on dark pages."""

    grounds: Grounds
    accent: Colour
    strong: Colour
    soft: Colour
    on_accent: Colour

    def pairs(self) -> Iterator[Pair]:
        """Every pair of colours that an accent takes part in."""
        yield Pair("links on the page", self.accent, self.grounds.paper)
        yield Pair("links in the foot", self.accent, self.grounds.ground)
        yield Pair("words on buttons", self.on_accent, self.accent)
        yield Pair("words on tags", self.accent, self.soft)
        yield Pair("text in boxes", self.grounds.ink, self.soft)
        yield Pair("links under the pointer", self.strong, self.grounds.ground)
        yield Pair("words on buttons under the pointer", self.on_accent, self.strong)

    @property
    def properties(self) -> Mapping[str, Colour]:
        """Custom properties of the theme."""
        return {
            "--accent": self.accent,
            "--accent-strong": self.strong,
            "--accent-soft": self.soft,
            "--on-accent": self.on_accent,
        }


@dataclass(frozen=True, slots=True)
class Palette:
    """An accent on light and on dark pages."""

    light: Scheme
    dark: Scheme

    def style_sheet(self) -> str:
        """What follows the theme's own style sheet and wins over it."""
        return f"{_rule(self.light)}@media (prefers-color-scheme: dark) {{ {_rule(self.dark)}}}\n"


def palette(accent: Colour, accent_dark: Colour | None = None) -> Palette:
    """The colours that follow; for dark pages from the same hue, where no accent of its own is given."""
    return Palette(scheme(accent, LIGHT), scheme(accent_dark or for_dark(accent), DARK))


def for_dark(accent: Colour) -> Colour:
    """The accent's hue as light as dark pages need it."""
    return accent.oklch().at(DARK_LIGHTNESS, _DARK_CHROMA)


def suggestion(accent: Colour, grounds: Grounds) -> Colour | None:
    """The nearest colour of the same hue that all pairs pass with; None where there is none."""
    return nearest(accent, lambda colour: all(pair.is_enough for pair in scheme(colour, grounds).pairs()))


def scheme(accent: Colour, grounds: Grounds) -> Scheme:
    """The companions of an accent on these grounds."""
    own = accent.oklch()
    strong = own.at(min(max(own.lightness + grounds.strong, 0.16), 0.97))
    on_accent = WHITE if grounds.scheme == LIGHT.scheme else own.at(0.2, 0.03)
    return Scheme(grounds, accent, strong, _soft(accent, grounds), on_accent)


def _soft(accent: Colour, grounds: Grounds) -> Colour:
    """The quiet companion: as strong as can be while the accent is read on it."""
    start, end = grounds.soft
    own = accent.oklch()
    for step in range(9):
        soft = own.at(start + (end - start) * step / 8, grounds.soft_chroma)
        if contrast(accent, soft) >= ENOUGH:
            return soft
    return own.at(end, grounds.soft_chroma)


def _rule(made: Scheme) -> str:
    return ":root { " + " ".join(f"{name}: {value};" for name, value in made.properties.items()) + " }\n"


def rounded_down(ratio: float) -> float:
    """A ratio with one digit that never claims more than there is."""
    return math.floor(ratio * 10) / 10
