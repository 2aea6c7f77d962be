"""How a body talks with people: how fast and how often it answers, and its place on the ladder.

The ladder is the one of digital government's studies: an authority informs, then serves those who ask, then talks with
people. The shares and times below are ours; they are told with every place, so that nobody has to guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

WINDOW = timedelta(days=90)
"""What is looked at: so long before the end of the day."""
SERVING_PERCENT = 25
"""Who answers this share of what people ask serves them."""
TALKING_PERCENT = 75
"""Who talks with people answers at least this share."""
TALKING_WITHIN = timedelta(days=1)
"""Who talks with people gives half of the answers within this time."""


class Rung(IntEnum):
    """The ladder, from below."""

    INFORMING = 1
    SERVICING = 2
    INTERACTION = 3


class Rule(StrEnum):
    """What put a body on its rung: the first of these that holds."""

    NOBODY_ASKED = "NOBODY_ASKED"  # informing: it speaks, and nobody asked it anything
    ANSWERS_FEW = "ANSWERS_FEW"  # informing: it answers less than SERVING_PERCENT
    ANSWERS_SLOWLY = "ANSWERS_SLOWLY"  # servicing: it answers less than TALKING_PERCENT, or not within TALKING_WITHIN
    ASKS_NOTHING = "ASKS_NOTHING"  # servicing: it answers well, but asks people nothing
    TALKS = "TALKS"  # interaction


@dataclass(frozen=True, slots=True)
class Question:
    """A message that wants an answer, and when it got the first one; None: not yet."""

    asked_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a body did within :data:`WINDOW`.

    Attributes:
        waits: from question to answer, the shortest first, of those that were answered.
        posts: that it published.
        asking_posts: of these, those that ask people: polls, surveys, events to register for.
    """

    asked: int
    waits: tuple[timedelta, ...]
    posts: int
    asking_posts: int

    @property
    def answered(self) -> int:
        """Questions that got an answer."""
        return len(self.waits)

    @property
    def answered_percent(self) -> int | None:
        """The dialogue ratio in whole per cents, halves up; None where nobody asked."""
        return (200 * self.answered + self.asked) // (2 * self.asked) if self.asked else None

    def wait_of(self, percent: int) -> timedelta | None:
        """The time within which so many per cents of the answers came (nearest rank); None where there are none."""
        if not self.waits:
            return None
        return self.waits[max(0, -(-len(self.waits) * percent // 100) - 1)]


@dataclass(frozen=True, slots=True)
class Place:
    """A rung of the ladder, and the rule that it follows from."""

    rung: Rung
    rule: Rule


def dialogue(questions: Sequence[Question], posts: int, asking_posts: int, until: datetime) -> Dialogue:
    """What there is within the window that ends at ``until``; answers that came later do not count."""
    asked = [each for each in questions if until - WINDOW <= each.asked_at < until]
    waits = sorted(each.answered_at - each.asked_at for each in asked if each.answered_at and each.answered_at < until)
    return Dialogue(len(asked), tuple(waits), posts, asking_posts)


def place(found: Dialogue) -> Place | None:
    """Where a body stands; None where it neither said nor was asked anything, so that nothing is known."""
    if not found.asked:
        return Place(Rung.INFORMING, Rule.NOBODY_ASKED) if found.posts else None
    answered = found.answered_percent or 0
    if answered < SERVING_PERCENT:
        return Place(Rung.INFORMING, Rule.ANSWERS_FEW)
    median = found.wait_of(50)
    if answered < TALKING_PERCENT or median is None or median > TALKING_WITHIN:
        return Place(Rung.SERVICING, Rule.ANSWERS_SLOWLY)
    if not found.asking_posts:
        return Place(Rung.SERVICING, Rule.ASKS_NOTHING)
    return Place(Rung.INTERACTION, Rule.TALKS)
