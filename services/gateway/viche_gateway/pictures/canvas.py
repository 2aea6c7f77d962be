"""A picture being drawn: SVG with texts that are broken into lines here, since SVG itself breaks none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import escape

from viche_gateway.branding.current import here

WIDTH = 1200
HEIGHT = 675
"""What networks show whole in a post."""
MARGIN = 60
INSIDE = WIDTH - 2 * MARGIN
LABELS = 400
"""How wide labels before bars may be."""
RIGHT = WIDTH - MARGIN
BOTTOM = HEIGHT - 104
"""Where numbers end above the foot."""
INK, QUIET, PAPER, LINE = "#1b252b", "#4c5a62", "#fffefb", "#d9d5cb"
_ACCENT = "#14566b"
_FONT = "Sofia Sans, Helvetica Neue, Arial, sans-serif"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDEST_EM = 0.8
_NARROW, _WIDE = frozenset("ijltfrIJІЇії.,:;'’!|()[]-– "), frozenset("mwMWжшщюЖШЩЮмМфФ@%—…")


@dataclass(slots=True)
class Canvas:
    """Parts of the picture in the order in which they are painted."""

    accent: str = _ACCENT
    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1) -> None:
        """A filled box."""
        see_through = "" if opacity == 1 else f' fill-opacity="{opacity:g}"'
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
            f'fill="{fill}"{see_through}/>'
        )

    def path(self, shape: str, *, dashed: bool = False, colour: str = INK, width: float = 2) -> None:
        """A line."""
        dashes = ' stroke-dasharray="6 6"' if dashed else ""
        self.parts.append(f'<path d="{shape}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>')

    def interval(self, shape: str) -> None:
        """A line that is seen on bars, too."""
        self.path(shape, colour=PAPER, width=5)
        self.path(shape)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        anchor: str = "start",
    ) -> None:
        """One line of text; ``y`` is where its letters stand."""
        weight = ' font-weight="700"' if bold else ""
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"{weight}{place}>{_xml(words)}</text>'
        )

    def whole(self, title: str, description: str) -> str:
        """The picture with what it says in words for those who do not see it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'role="img" aria-labelledby="title" aria-describedby="description" font-family="{_FONT}">'
            f'<title id="title">{_xml(title)}</title><desc id="description">{_xml(description)}</desc>'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
            f'<rect width="{WIDTH}" height="10" fill="{self.accent}"/>'
            f"{''.join(self.parts)}</svg>"
        )


def canvas() -> Canvas:
    """An empty picture in the colour of this place."""
    palette = here().shown.palette
    return Canvas(str(palette.light.accent) if palette else _ACCENT)


def head(drawn: Canvas, title: str, under: str = "") -> float:
    """The title, which is the finding where there is one, and what was asked; gives where the numbers may begin."""
    y = 78.0
    for line in broken(title, 42, INSIDE, 3, bold=True):
        drawn.text(MARGIN, y, line, 42, bold=True)
        y += 50
    for line in broken(under, 26, INSIDE, 2) if under else ():
        drawn.text(MARGIN, y, line, 26, colour=QUIET)
        y += 34
    return y


def label(drawn: Canvas, words: str, left: float, middle: float, height: float) -> None:
    """Right before a bar that begins at ``left``."""
    lines = broken(words, 24, LABELS, 2 if height >= 58 else 1)
    for place, line in enumerate(lines):
        y = middle + 8 + (place - (len(lines) - 1) / 2) * 28
        drawn.text(left - 20, y, line, 24, anchor="end")


def foot(drawn: Canvas, source: str, facts: str) -> None:
    """Where the numbers come from, and what they are."""
    drawn.rect(MARGIN, HEIGHT - 92, INSIDE, 1.5, LINE)
    drawn.text(MARGIN, HEIGHT - 58, broken(source, 22, INSIDE, 1)[0], 22, colour=QUIET)
    drawn.text(MARGIN, HEIGHT - 28, facts, 22, colour=QUIET)


def broken(text: str, size: float, width: float, most: int, *, bold: bool = False) -> Sequence[str]:
    """The text in at most ``most`` lines that are about ``width`` wide; what does not fit gives way to an ellipsis."""
    lines: list[str] = [""]
    words = [piece for word in text.split() for piece in _pieces(word, size, width, bold=bold)]
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size, bold=bold) <= width:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] = _cut(" ".join([lines[-1], *words[place:]]), size, width, bold=bold)
            break
    return lines


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a line is."""
    return size * sum(map(_em, text)) * (1.05 if bold else 1)


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.3
    return _WIDEST_EM if character in _WIDE else 0.64 if character.isupper() else 0.54


def _pieces(word: str, size: float, width: float, *, bold: bool) -> Sequence[str]:
    """A word that is wider than a line, in pieces."""
    most = max(1, int(width / (size * _WIDEST_EM * (1.05 if bold else 1))))
    if width_of(word, size, bold=bold) <= width:
        return [word]
    return [word[start : start + most] for start in range(0, len(word), most)]


def _cut(text: str, size: float, width: float, *, bold: bool) -> str:
    while text and width_of(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _xml(text: str) -> str:
    return str(escape(_NOT_XML.sub("", text)))
