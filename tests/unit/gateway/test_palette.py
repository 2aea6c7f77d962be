"""Colours of a region: contrasts as WCAG counts them, companions that can be read, suggestions that pass."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from viche_gateway.branding import palette as rules
from viche_gateway.branding.colour import Colour, contrast, nearest, parse
from viche_gateway.branding.palette import DARK, ENOUGH, LIGHT, Grounds, palette, suggestion

TOKENS = Path(rules.__file__).parent.parent / "static" / "src" / "theme" / "_tokens.scss"
# accents of every hue, grey, and at both ends
ACCENTS = [
    f"#{red}{green}{blue}" for red in ("00", "80", "ff") for green in ("00", "80", "ff") for blue in ("00", "ff")
]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        # the grey next to the edge, which WebAIM's and the W3C's examples name
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
        ("#008000", "#ffffff", 5.14),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(parse(other), parse(one)) == contrast(parse(one), parse(other))


@pytest.mark.parametrize("text", ["", "14566b", "#14566", "#14566g", "teal", "#14566b ", "rgb(1,2,3)", "#１２３"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no colour"):
        parse(text)


def test_short_form_is_read() -> None:
    assert parse("#1AF") == Colour(0x11, 0xAA, 0xFF)


@pytest.mark.parametrize("text", [*ACCENTS, "#14566b", "#b3261e"])
def test_oklch_leads_back_to_the_colour(text: str) -> None:
    own = parse(text).oklch()
    assert str(own.at(own.lightness)) == text


def test_oklch_is_that_of_its_definition() -> None:
    red = parse("#ff0000").oklch()  # CSS Color 4: oklch(62.796% 0.25768 29.234)
    assert (red.lightness, red.chroma, math.degrees(red.hue)) == pytest.approx((0.62796, 0.25768, 29.234), abs=0.001)


@pytest.mark.parametrize("grounds", [LIGHT, DARK], ids=lambda grounds: grounds.scheme)
@pytest.mark.parametrize("text", ACCENTS)
def test_suggestion_passes_everywhere_and_keeps_the_hue(text: str, grounds: Grounds) -> None:
    accent = parse(text)
    found = suggestion(accent, grounds)
    assert found is not None
    scheme = palette(found if grounds is LIGHT else parse("#14566b"), found)
    pairs = (scheme.light if grounds is LIGHT else scheme.dark).pairs()
    assert [(pair.what, pair.contrast) for pair in pairs if pair.contrast < ENOUGH] == []
    before, after = accent.oklch(), found.oklch()
    if min(before.chroma, after.chroma) > 0.03:  # greys have no hue, and near them rounding turns it
        assert abs(math.remainder(before.hue - after.hue, math.tau)) < math.radians(6)


def test_suggestion_is_the_nearest() -> None:
    accent = parse("#5b9bd5")
    found = suggestion(accent, LIGHT)
    assert found is not None
    own = accent.oklch()
    between = own.at((own.lightness + found.oklch().lightness) / 2)
    assert not all(pair.is_enough for pair in palette(between).light.pairs())


def test_colour_that_passes_is_suggested_as_it_is() -> None:
    assert suggestion(parse("#14566b"), LIGHT) == parse("#14566b")


def test_nothing_passes_what_cannot_be_passed() -> None:
    assert nearest(parse("#14566b"), lambda _: False) is None


@pytest.mark.parametrize("text", ["#14566b", "#0057b7", "#7a1f3d", "#2e7d32", "#000000", "#5a4a00"])
def test_companions_of_a_good_accent_can_be_read_in_both_schemes(text: str) -> None:
    colours = palette(parse(text))
    pairs = [*colours.light.pairs(), *colours.dark.pairs()]
    assert [pair.what for pair in pairs if not pair.is_enough] == []
    assert colours.dark.accent != colours.light.accent


def test_grounds_are_those_of_the_theme() -> None:
    light, dark = TOKENS.read_text("utf-8").split("@mixin dark", 1)
    for grounds, text in ((LIGHT, light), (DARK, dark)):
        tokens = dict(re.findall(r"--(\w+): (#\w+);", text))
        assert [str(grounds.paper), str(grounds.ground), str(grounds.ink)] == [
            tokens["paper"], tokens["ground"], tokens["ink"],
        ]  # fmt: skip


def test_style_sheet_says_the_same_properties_for_light_and_dark() -> None:
    light, dark = palette(parse("#7a1f3d")).style_sheet().split("@media (prefers-color-scheme: dark)")
    assert set(re.findall(r"--[\w-]+", light)) == set(re.findall(r"--[\w-]+", dark))
    assert "--accent: #7a1f3d;" in light
