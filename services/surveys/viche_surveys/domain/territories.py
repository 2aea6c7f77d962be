"""Levels of the codifier: how deep a territory lies in its tree. 1 are the top units of the codifier that is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from viche_surveys.domain.definition import Definition, Group, Kind, Question
from viche_surveys.domain.faults import Fault, fault


def levels_of(parents: Mapping[str, str]) -> dict[str, int]:
    """The level of each territory.

    Args:
        parents: code of the territory above by code, parents before children; a parent that is not among the codes
            is above what is loaded, and counts as none.
    """
    levels: dict[str, int] = {}
    for code, parent in parents.items():
        levels[code] = levels.get(parent, 0) + 1
    return levels


def level_faults(definition: Definition, levels: Mapping[str, int]) -> Iterator[Fault]:
    """UNKNOWN_LEVEL where the codifier has no territory of a level, BAD_DEFAULT where another level is filled in."""
    deepest = max(levels.values(), default=0)
    for index, page in enumerate(definition.pages):
        for place, question in _placed(f"/pages/{index}/items", page.items):
            if question.kind is Kind.TERRITORY and question.levels:
                yield from _question_faults(place, question, levels, deepest)


def asks_for_levels(definition: Definition) -> bool:
    """Whether the codifier must be known to check it."""
    return any(each.kind is Kind.TERRITORY and each.levels for each in definition.questions())


def _question_faults(place: str, question: Question, levels: Mapping[str, int], deepest: int) -> Iterator[Fault]:
    for index, level in enumerate(question.levels):
        if not 1 <= level <= deepest:
            yield fault(f"{place}/levels/{index}", "UNKNOWN_LEVEL", value=level, most=deepest)
    default = question.default
    if isinstance(default, str) and default in levels and levels[default] not in question.levels:
        yield fault(f"{place}/default", "BAD_DEFAULT", value=default[:60])


def _placed(place: str, items: tuple[Question | Group, ...]) -> Iterator[tuple[str, Question]]:
    for index, item in enumerate(items):
        here = f"{place}/{index}"
        if isinstance(item, Group):
            yield from _placed(f"{here}/items", item.items)
        else:
            yield here, item
