"""What is wrong with the answer that is filled in at first: a form must be able to show it, and to take it as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from viche_surveys.domain.definition import UNASKED, Kind, Question
from viche_surveys.domain.faults import Fault, fault
from viche_surveys.domain.plan import Asked
from viche_surveys.domain.values import Outside, Refused, is_dont_know, taken

WITHOUT = UNASKED | {Kind.FILE, Kind.CONSENT}
"""Kinds that nothing is filled in for: a file is somebody's own, and consent is given by who ticks the box (GDPR,
recital 32)."""
_ANYWHERE = Outside(today=date.min, has_territory=lambda code: True)


def default_faults(place: str, question: Question) -> Iterator[Fault]:
    """BAD_DEFAULT where the question does not take what is filled in."""
    if question.default is None:
        return
    if question.kind in WITHOUT or is_dont_know(question.default) or not _is_taken(question):
        yield fault(f"{place}/default", "BAD_DEFAULT", value=str(question.default)[:60])


def _is_taken(question: Question) -> bool:
    asked = Asked(
        question, "", 0,
        {each.code: each for each in question.options}, {each.code: each for each in question.rows},
        frozenset(each.code for each in question.options if each.is_exclusive),
    )  # fmt: skip
    try:
        return taken(asked, question.default, _ANYWHERE) is not None
    except Refused:
        return False
