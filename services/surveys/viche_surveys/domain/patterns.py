r"""Patterns of `matches`: what Rust's regex and the browser's matcher (`static/src/cel/pattern.js`) read alike.

Characters, `.`, sets, `\d \w \s \b` and their opposites, `\p{…}` of some classes, groups, `|`, `^`, `$`, repeats,
and `(?i)` at the beginning. Both match in time linear in the text; there is nothing that looks back or around.
"""

import re

MAX_LENGTH = 500
MAX_STEPS = 2_000
"""Of a pattern whose repeats are written out."""
_WIDE = 40
"""Steps of a class of all alphabets: Rust makes `\\w{50}` anew in 20 ms at each evaluation, `[a-z]{50}` in 0.05."""

_CLASS = r"\\[dws]|\\p\{(?:L|Lu|Ll|M|N|Nd|P|S|Z|Cyrillic|Greek|Latin)\}"
_OPPOSITE = r"\\[DWS]|\\P\{(?:L|Lu|Ll|M|N|Nd|P|S|Z)\}"
_ESCAPE = r"\\[nrt!-/:;=?@\[-`{-~]"
_IN_SET = rf"(?:{_ESCAPE}|[^\\\[\]&~-]|&(?!&)|~(?!~))"
_TOKEN = re.compile(
    rf"""
    (?P<one>\[\^?-?(?:{_CLASS}|{_IN_SET}-{_IN_SET}|{_IN_SET})+-?\]
        |{_CLASS}|{_OPPOSITE}|{_ESCAPE}|[^\\\[\](){{}}*+?|^$])
    |(?P<assertion>[\^$]|\\[bB])
    |(?P<times>(?:[*+?]|\{{(?P<least>[0-9]{{1,4}})(?:,(?P<most>[0-9]{{0,4}}))?\}})\??)
    |(?P<open>\((?:\?:)?(?!\?))
    |(?P<close>\))
    |(?P<either>\|)
    """,
    re.VERBOSE,
)


def unread(pattern: str) -> str:
    """From where on the pattern cannot be read, or is too large; "" if all of it can."""
    at = 4 if pattern.startswith("(?i)") else 0
    sizes, last = [0], 0  # steps of the groups that are open, and of what a repeat would repeat
    while at < min(len(pattern), MAX_LENGTH):
        match = _TOKEN.match(pattern, at)
        if not match or (match.lastgroup == "close" and len(sizes) == 1) or (match.lastgroup == "times" and not last):
            break
        last = _taken(match, sizes, last)
        if sum(sizes) > MAX_STEPS:
            break
        at = match.end()
    return pattern[at:] or (pattern if len(sizes) > 1 else "")


def _taken(match: re.Match[str], sizes: list[int], last: int) -> int:
    """Counts the steps of one word of the pattern.

    Returns:
        Steps of what a repeat behind it would repeat, 0 if nothing may be repeated there.
    """
    match match.lastgroup:
        case "open":
            sizes.append(1)
            return 0
        case "close":
            size = sizes.pop()
            sizes[-1] += size
            return size
        case "times":
            sizes[-1] += last * max(int(match["most"] or match["least"] or 1), 1) + 2
            return 0
        case "one":
            size = _WIDE if re.search(r"\\[wWdDpP]", match[0]) else 1
            sizes[-1] += size
            return size
        case _:
            sizes[-1] += 1
            return 0
