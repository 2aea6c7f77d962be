"""Texts as platforms count them."""

import re

from viche_sdk.connectors.limits import LengthUnit, TextLimit

_ADDRESS = re.compile(r"https?://\S+")
# Ranges of code points that count 1; all others 2 (twitter-text, config/v3.json; weights there are 100 and 200)
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def with_link(text: str, link: str) -> str:
    """The text, and the address behind it unless it stands in it already."""
    if not link or link in text:
        return text
    return f"{text.rstrip()}\n\n{link}" if text.strip() else link


def length_of(text: str, limit: TextLimit) -> int:
    """How long a text is in the unit of a limit."""
    if limit.address_length is None:
        return _length(text, limit.unit)
    addresses = _ADDRESS.findall(text)
    return _length(_ADDRESS.sub("", text), limit.unit) + len(addresses) * limit.address_length


def graphemes(text: str) -> list[str]:
    """What a reader takes for single characters (UAX #29, extended grapheme clusters)."""
    import regex  # some 8 ms, and most processes never count

    return regex.findall(r"\X", text)


def _length(text: str, unit: LengthUnit) -> int:
    match unit:
        case LengthUnit.GRAPHEMES:
            return len(graphemes(text))
        case LengthUnit.CODE_POINTS:
            return len(text)
        case LengthUnit.UTF16:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case LengthUnit.BYTES:
            return len(text.encode())
        case LengthUnit.WEIGHTED:
            return sum(_weight(character) for character in graphemes(text))


def _weight(character: str) -> int:
    """An emoji of several code points counts 2 as a whole (twitter-text, emojiParsingEnabled)."""
    light = all(any(first <= ord(point) <= last for first, last in _LIGHT) for point in character)
    return len(character) if light else 2
