"""Finding a place among thousands: people write a part of its name and choose from a short list, also without a script.

Short lists are a plain select. What is looked for travels beside the answers, in fields of the page's own (`sent.py`).
Where scripts run, the list opens while one types (`static/src/lookup.js`) and comes from :func:`survey_places`.
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import Response, jsonify, request

from viche_gateway import access
from viche_gateway.languages import current_language
from viche_gateway.portal.surveys.showing import Asked
from viche_gateway.portal.surveys.texts import territory_choices
from viche_gateway.regions import current_region, levels_of_territories

SHORT = 50
"""So many places are chosen from a select."""
MOST_FOUND = 12
FIND = "-find."
FOUND = "-found."
"""What the list that is shown was found by."""
MOVE = "find"
_MOST_WRITTEN = 100
Place = tuple[str, str]
"""Code and name."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a question about a place shows.

    Attributes:
        choices: code and name of the places to choose from; what is chosen is among them, found or not.
        is_short: all of them are there.
        query: what was written.
        is_found: places fit it; ``has_more`` are not shown.
    """

    choices: Sequence[tuple[str, str]]
    is_short: bool = False
    query: str = ""
    is_found: bool = False
    has_more: bool = False


def search(asked: Asked) -> Search:
    """The places that a question offers now."""
    every = _places(asked.view.levels)
    if len(every) <= SHORT:
        return Search([each for each, _ in every], is_short=True)
    query = request.form.get(f"{FIND}{asked.view.field}", "").strip()[:_MOST_WRITTEN]
    found = matching(every, query)
    chosen = [each for each, _ in every if each[0] == asked.value() and each not in found[:MOST_FOUND]]
    return Search([*chosen, *found[:MOST_FOUND]], query=query, is_found=bool(found), has_more=len(found) > MOST_FOUND)


@access.public(max_age_s=60)
def survey_places() -> Response:
    """Places by a part of their names, for the list that opens while one types.

    Asked with ``part`` and ``levels``, whole numbers with commas between them. Answered with ``places``, each its code
    and its name, and ``has_more``.
    """
    levels = frozenset(each for each in request.args.get("levels", "").split(",") if each.isdecimal() and len(each) < 3)
    found = matching(_places(levels), request.args.get("part", "").strip()[:_MOST_WRITTEN])
    return jsonify(places=found[:MOST_FOUND], has_more=len(found) > MOST_FOUND)


def matching(every: Sequence[tuple[Place, str]], query: str) -> list[Place]:
    """Those in whose names each word of the query is; first those whose names begin with it.

    Args:
        every: places, each with its folded name.
    """
    wanted = folded(query)
    words = wanted.split()
    if not words:
        return []
    found = [(each, name) for each, name in every if all(word in name for word in words)]
    return [each for each, name in sorted(found, key=lambda pair: not pair[1].startswith(wanted))]


def _places(levels: Collection[str]) -> Sequence[tuple[Place, str]]:
    """What a question of these levels offers, with folded names.

    They are worked out once for a region and a language, not for levels: those come from whoever asks.
    """
    key = ("places", current_language())
    kept = current_region().worked_out
    if key not in kept:
        depths = levels_of_territories()
        kept[key] = tuple((each, folded(each[1]), str(depths[each[0]])) for each in territory_choices())
    return [(place, name) for place, name, level in kept[key] if not levels or level in levels]


def is_sought() -> bool:
    """Whether somebody looks for a place: by the button, or by Enter after writing another part of a name."""
    form = request.form
    if form.get("-move", "").startswith(f"{MOVE}:"):
        return True
    if form.get("-move"):
        return False
    written = {name.removeprefix(FIND): text.strip() for name, text in form.items() if name.startswith(FIND)}
    return any(text and text != form.get(f"{FOUND}{name}", "").strip() for name, text in written.items())


def folded(text: str) -> str:
    """Without case, and without the marks and apostrophes that people leave out or write in several ways."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (each for each in plain if not unicodedata.combining(each) and each not in "'’ʼ`")
    return " ".join("".join(" " if each in "-–()," else each for each in kept).split())
