"""In which tone people wrote in a month. Pure.

What officers said counts alone: word lists never call a text neutral, so shares of what they propose would be wrong.
"""

from dataclasses import dataclass
from datetime import date

TONE_MONTHS = 12
"""So many months are told, the last of them being that of the day."""
LEAST_PEOPLE = 10
"""Shares of fewer people's words are not told, as with surveys."""


@dataclass(frozen=True, slots=True)
class Tones:
    """Conversations of a month with one body.

    Args:
        conversations: that began.
        people: different ones who began those of which an officer said the tone; who is forgotten is none of them.
        friendly, neutral, angry: what officers said.
    """

    conversations: int
    people: int
    friendly: int
    neutral: int
    angry: int

    @property
    def labelled(self) -> int:
        """Conversations of which an officer said the tone."""
        return self.friendly + self.neutral + self.angry

    @property
    def percents(self) -> tuple[int, int, int] | None:
        """Shares of friendly, neutral and angry in whole per cents, halves up; None where too few people wrote."""
        if self.people < LEAST_PEOPLE:
            return None
        of = self.labelled
        friendly, neutral, angry = ((200 * each + of) // (2 * of) for each in (self.friendly, self.neutral, self.angry))
        return friendly, neutral, angry


def months_before(day: date, back: int) -> date:
    """The first day of the month that is so many months before that of a day; of the first year at least."""
    months = max(12, day.year * 12 + day.month - 1 - back)
    return date(months // 12, months % 12 + 1, 1)
