"""When numbers of a question may be shown anew: what came since stands for k answers, as the numbers themselves do.

A survey grows by k answers from one publication to the next (`publishing.py`), but a question that is asked of few may
grow by one among them, and the difference of its two means would be that person's number.
"""

from __future__ import annotations

from collections.abc import Mapping

from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.results import Tallies
from viche_surveys.domain.tallying import ANSWERED

Sizes = Mapping[str, int]
"""How many are in each group that numbers of a question are about, by its name."""
_NUMBERS = " numbers"


def sizes(question: Question, tallies: Tallies) -> dict[str, int]:
    """Who answered, who gave a number, and who answered each row of a matrix."""
    found = {ANSWERED: _count(tallies, question.name, "", ANSWERED)}
    if numbers := _count(tallies, question.name, "", ""):
        found[_NUMBERS] = numbers
    if question.kind is Kind.MATRIX:
        for row in question.rows:
            found[row.code] = sum(_count(tallies, question.name, row.code, each.code) for each in question.options)
    return found


def may_step(then: Sizes, now: Sizes, k: int) -> bool:
    """Whether none of the groups that numbers were shown of has grown by fewer than `k`, unless by nobody."""
    return not any(0 < now.get(group, 0) - size < k for group, size in then.items())


def _count(tallies: Tallies, name: str, row: str, code: str) -> int:
    found = tallies.get((name, row, code))
    return found.count if found else 0
