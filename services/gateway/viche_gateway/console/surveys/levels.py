"""Which level of the codifier a question about a place takes, said with examples from the codifier itself."""

from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext

from viche_gateway.regions import current_region, levels_of_territories, localized

_EXAMPLES = 2


def choices(written: str) -> Sequence[tuple[str, str, bool]]:
    """For each level its number, what it is called here, and whether it is among those that are written.

    A written level that the codifier does not have is there, too, so that it can be taken out.
    """
    names: dict[int, list[str]] = defaultdict(list)
    territories = current_region().territories
    for code, level in levels_of_territories().items():
        if len(names[level]) < _EXAMPLES:
            names[level].append(localized(territories[code].name.texts))
    ticked = {int(each) for each in written.split() if each.isdecimal()}
    return [
        (str(level), _words(level, names.get(level, ())), level in ticked) for level in sorted(names.keys() | ticked)
    ]


def _words(level: int, examples: Sequence[str]) -> str:
    if not examples:
        return gettext("Level %(level)s, which has no places", level=level)
    said = ", ".join(examples)
    if level == 1:
        return gettext("Level 1, the largest, for instance %(places)s", places=said)
    return gettext("Level %(level)s, for instance %(places)s", level=level, places=said)
