"""The HTML of posts as plain text."""

import re
from html.parser import HTMLParser

_FAR_MENTION = re.compile(r"(@\w+)@[\w.-]+\w")


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "p" and self.parts:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain_text(html: str) -> str:
    """Paragraphs become empty lines; links stand whole, since a server hides parts of them by style alone."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts).strip()


def same_text(shown: str, written: str) -> bool:
    """Whether a post is what was written: servers change white space, and shorten mentions to the name."""
    return _normal(shown) == _normal(written)


def _normal(text: str) -> str:
    return " ".join(_FAR_MENTION.sub(r"\1", text).split())


def without_mentions(text: str, names: list[str]) -> str:
    """A text without the names of accounts at its beginning, which servers put there."""
    words = text.lstrip()
    while match := re.match(r"@[\w.-]+(@[\w.-]+)?\s*", words):
        if match[0].strip().lstrip("@").partition("@")[0] not in names:
            break
        words = words[match.end() :]
    return words
