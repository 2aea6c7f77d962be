"""Texts as a server counts and shows them."""

import html
import re

from viche_sdk.connectors.types import graphemes

_ADDRESS = re.compile(r"https?://\S+")
_FAR = re.compile(r"(@\w+)@[\w.-]+\w")


def length_of(text: str) -> int:
    """As servers count: addresses 23, far mentions by their name (StatusLengthValidator)."""
    short = _ADDRESS.sub("x" * 23, _FAR.sub(r"\1", text))
    return len(graphemes(short))


def content_of(text: str) -> str:
    """A text as servers show it: paragraphs, line breaks, links with parts that style hides."""
    paragraphs = [_linked(paragraph) for paragraph in re.split(r"\n{2,}", text)]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _linked(paragraph: str) -> str:
    parts: list[str] = []
    place = 0
    for found in _ADDRESS.finditer(paragraph):
        parts.append(html.escape(paragraph[place : found.start()], quote=False))
        scheme, _, rest = found[0].partition("://")
        address, shown = html.escape(found[0]), html.escape(rest)
        parts.append(f'<a href="{address}"><span class="invisible">{scheme}://</span><span>{shown}</span></a>')
        place = found.end()
    parts.append(html.escape(paragraph[place:], quote=False))
    return "".join(parts).replace("\n", "<br>")
