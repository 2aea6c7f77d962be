"""The clocks of a workflow: terms that begin with an event in the life of a petition."""

from dataclasses import dataclass

from viche_sdk.basis import LegalBasis
from viche_sdk.counting import Period, Unit
from viche_sdk.events import Event, Happening
from viche_sdk.figures import Figure, Reckoning
from viche_sdk.fixed_clocks import FixedClock, FixedExtension
from viche_sdk.localized import Localized

COLLECT = "collect"
"""Name of the clock that every workflow has: how long signatures are collected."""

LONGEST = 36_500
"""No clock is longer than so many of its units."""

COLLECT_TITLE = Localized.of(
    en="Collecting signatures", uk="Збирання підписів", bg="Събиране на подписи", ru="Сбор подписей"
)


@dataclass(frozen=True, slots=True)
class Extension:
    """A clock may be prolonged once, by at most `length`.

    Args:
        length: by how much.
        unit: of `length` and `most_total`.
        by: who may do it, for instance the superior authority.
        notice: whether people must be told.
        most_total: how long the whole may last, counted from the start of the clock; None sets no limit.
    """

    length: Figure
    unit: Unit
    by: Localized
    notice: bool = True
    most_total: Figure | None = None

    def fixed(self, name: str, reckoning: Reckoning, calendar: str) -> FixedExtension | None:
        """Its figures for one petition; None where the authority leaves it out."""
        if reckoning.is_left_out(self.length):
            return None
        most_total = None
        if self.most_total is not None and not reckoning.is_left_out(self.most_total):
            most_total = reckoning.number(name, self.most_total, LONGEST)
        period = Period(reckoning.number(name, self.length, LONGEST), counted_in(self.unit, calendar))
        return FixedExtension(period, self.by, self.notice, most_total)


@dataclass(frozen=True, slots=True)
class Clock:
    """A term: how long, from which event on, and which event ends it in time.

    Where its length takes an optional setting that is empty, there is no such clock.

    Args:
        name: found by it; "collect" is the one for collecting signatures.
        title: how people call it.
        length: how many units.
        unit: calendar days, working days or months.
        starts_at: the event that starts it; its day is not counted.
        ends_with: the event that ends it in time; when the deadline passes without it, somebody is late.
        extension: whether and how it may be prolonged.
        notice: what people are told when it starts; None where they are told nothing.
        legal_basis: where the rule comes from.
        public: whether everybody sees it, or officers only.
    """

    name: str
    title: Localized
    length: Figure
    unit: Unit
    starts_at: Happening
    ends_with: Event | None = None
    extension: Extension | None = None
    notice: Localized | None = None
    legal_basis: LegalBasis | None = None
    public: bool = True

    def fixed(self, reckoning: Reckoning, calendar: str) -> FixedClock | None:
        """Its figures for one petition; None where the authority leaves it out.

        Args:
            calendar: by which working days are counted; empty where all days count.
        """
        if reckoning.is_left_out(self.length):
            return None
        return FixedClock(
            name=self.name,
            title=self.title,
            period=Period(reckoning.number(self.name, self.length, LONGEST), counted_in(self.unit, calendar)),
            starts_at=self.starts_at,
            ends_with=self.ends_with,
            extension=self.extension.fixed(self.name, reckoning, calendar) if self.extension else None,
            notice=self.notice,
            legal_basis=self.legal_basis,
            public=self.public,
        )


def counted_in(unit: Unit, calendar: str) -> Unit:
    """What a term is counted in: working days only where an authority says by which calendar."""
    return Unit.CALENDAR_DAY if unit is Unit.WORKING_DAY and not calendar else unit


def collecting(length: Figure, unit: Unit = Unit.CALENDAR_DAY, legal_basis: LegalBasis | None = None) -> Clock:
    """The clock for collecting signatures, from the opening on."""
    return Clock(
        COLLECT, COLLECT_TITLE, length, unit, Event.OPENED, Event.COLLECTION_ENDED, legal_basis=legal_basis
    )  # fmt: skip
