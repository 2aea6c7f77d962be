"""What a partner's page says of its looks, and the style sheet that follows from it. Pure.

Nothing of it is taken as CSS: colours and a size are read, judged and written anew. For an accent that people could not
read, the nearest colour of the same hue stands in that they can.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from viche_gateway.branding.colour import Colour, contrast, nearest, parse
from viche_gateway.branding.palette import DARK, ENOUGH, LIGHT, Grounds, for_dark, scheme, suggestion

LEAST_FONT_PX, MOST_FONT_PX = 12, 32
_MIDDLE_LUMINANCE = 0.18  # white and black can be told from it equally well
ACCENTS: Mapping[str, Colour] = {"light": parse("#14566b"), "dark": parse("#84c9da")}
SAID: Mapping[str, Mapping[str, Colour]] = {
    "light": {
        "--quiet": parse("#4c5a62"), "--field": parse("#55636b"), "--visited": parse("#54457a"),
        "--good": parse("#1d6b45"), "--warn": parse("#7a4d00"), "--bad": parse("#b3261e"),
    },
    "dark": {
        "--quiet": parse("#a9b6bc"), "--field": parse("#93a2a9"), "--visited": parse("#c1b3ea"),
        "--good": parse("#8ad3a8"), "--warn": parse("#f0c46a"), "--bad": parse("#ff9d94"),
    },
}  # fmt: skip
"""Colours of the theme (static/src/theme/_tokens.scss) in which words stand on paper; a test holds them equal."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What a page asked for and may have; what it did not say is None, and the portal's own stands in.

    There is no ink without a paper.
    """

    accent: Colour | None = None
    ink: Colour | None = None
    paper: Colour | None = None
    font_px: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """As it stands in addresses."""
        said = {"accent": self.accent, "ink": self.ink, "paper": self.paper}
        found = {name: str(colour).removeprefix("#") for name, colour in said.items() if colour is not None}
        return found | ({"size": str(self.font_px)} if self.font_px is not None else {})

    @property
    def scheme(self) -> str:
        """ "light" or "dark" as the paper has it; empty without one: then the reader's setting decides."""
        return _grounds(self.paper).scheme if self.paper is not None else ""

    def style_sheet(self) -> str:
        """What follows the portal's style sheets and wins over them."""
        rules: list[str] = []
        if self.paper is not None:
            rules.append(_rule(_on_paper(self.paper, self.ink, self.accent)))
        elif self.accent is not None:
            rules.append(_rule(_accent_on(LIGHT, self.accent)))
            rules.append(f"@media (prefers-color-scheme: dark) {{ {_rule(_accent_on(DARK, for_dark(self.accent)))}}}\n")
        if self.font_px is not None:
            rules.append(f":root {{ font-size: {self.font_px}px; }}\n")
        return "".join(rules)


def read(asked: Mapping[str, str]) -> Theme:
    """The theme that the arguments of an address ask for.

    What is no colour or size is left out, and an ink that nobody could read on its paper.
    """
    paper, ink = _colour(asked.get("paper", "")), _colour(asked.get("ink", ""))
    is_read = paper is not None and ink is not None and contrast(ink, paper) >= ENOUGH
    return Theme(
        accent=_colour(asked.get("accent", "")),
        ink=ink if is_read else None,
        paper=paper,
        font_px=_size(asked.get("size", "")),
    )


def _colour(text: str) -> Colour | None:
    try:
        return parse(f"#{text}") if text else None
    except ValueError:
        return None


def _size(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        return None
    return min(max(int(text), LEAST_FONT_PX), MOST_FONT_PX)


def _grounds(paper: Colour) -> Grounds:
    return LIGHT if paper.luminance > _MIDDLE_LUMINANCE else DARK


def _on_paper(paper: Colour, ink: Colour | None, accent: Colour | None) -> Mapping[str, Colour]:
    """Every colour that meets a paper."""
    theme = _grounds(paper)
    grounds = replace(theme, paper=paper, ground=paper, ink=ink or _readable(theme.ink, paper))
    said = {name: _readable(colour, paper) for name, colour in SAID[theme.scheme].items()}
    own = {"--paper": paper, "--ground": paper, "--ink": grounds.ink}
    return own | said | _accent_on(grounds, accent or ACCENTS[theme.scheme])


def _accent_on(grounds: Grounds, accent: Colour) -> dict[str, Colour]:
    """The accent and its companions; where none of its hue can be read in all its places, ink and paper are all."""
    found = scheme(accent, grounds)
    if all(pair.is_enough for pair in found.pairs()):
        return dict(found.properties)
    if (near := suggestion(accent, grounds)) is not None:
        return dict(scheme(near, grounds).properties)
    ink, paper = grounds.ink, grounds.paper
    return {"--accent": ink, "--accent-strong": ink, "--accent-soft": paper, "--on-accent": paper}


def _readable(colour: Colour, paper: Colour) -> Colour:
    """The nearest colour of this hue that can be read on a paper; black or white can be on every one."""
    return nearest(colour, lambda each: contrast(each, paper) >= ENOUGH) or colour


def _rule(colours: Mapping[str, Colour]) -> str:
    return ":root { " + " ".join(f"{name}: {colour};" for name, colour in colours.items()) + " }\n"
