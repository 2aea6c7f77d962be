"""Names of columns that every format takes.

SPSS is the strictest: at most 64 bytes, letters, digits and underscores here, a letter first, no word of its syntax,
and unique whatever the case of letters (IBM SPSS Statistics, "Variable names").
"""

import re

MAX_BYTES = 64
_RESERVED = frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"])
_NOT_IN_NAMES = re.compile(r"\W")


class Names:
    """Gives names, each once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, *parts: str) -> str:
        """The parts joined by underscores, changed as far as needed to be a name that was not given before."""
        wanted = _NOT_IN_NAMES.sub("_", "_".join(parts))
        if not wanted[:1].isalpha():
            wanted = f"q{wanted}"
        if wanted.casefold() in _RESERVED:
            wanted += "_"
        name, number = _cut(wanted, MAX_BYTES), 1
        while name.casefold() in self._given:
            number += 1
            ending = f"_{number}"
            name = _cut(wanted, MAX_BYTES - len(ending)) + ending
        self._given.add(name.casefold())
        return name


def _cut(name: str, limit: int) -> str:
    return name.encode()[:limit].decode("utf-8", "ignore")
