"""What would become of a petition: its terms, and all its deadlines one after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from viche_sdk.clocks import COLLECT
from viche_sdk.deadlines import Deadline
from viche_sdk.events import Event, Happening, Reached
from viche_sdk.fixed_clocks import FixedClock
from viche_sdk.situation import Situation
from viche_sdk.stored import written
from viche_sdk.terms import Terms
from viche_sdk.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Simulation:
    """The terms of a petition that opens at a given time, and its deadlines in the order in which they end.

    `not_started` names the clocks whose event does not happen by itself, for instance a complaint.
    """

    terms: Terms
    deadlines: tuple[Deadline, ...]
    not_started: tuple[str, ...]

    def deadline(self, clock: str) -> Deadline:
        """The deadline of a clock.

        Raises:
            KeyError: it has not started, or there is none.
        """
        return {deadline.clock: deadline for deadline in self.deadlines}[clock]

    def to_json(self) -> str:
        """One line of JSON for the command line; each deadline with its last day and its explanation."""
        deadlines = [
            {**each.content(), "last_day": each.last_day.isoformat(), "explanation": each.explain()}
            for each in self.deadlines
        ]
        return written({"terms": self.terms.content(), "deadlines": deadlines, "not_started": [*self.not_started]})


def simulate(
    workflow: Workflow,
    situation: Situation,
    settings: Mapping[str, str],
    *,
    opened_at: datetime,
    zone: ZoneInfo,
    until: Mapping[Happening, datetime] | None = None,
) -> Simulation:
    """Follow a petition through all its clocks.

    Every event happens in the last second of the clock that it ends, unless `until` says when; thresholds are reached
    in the last second of collecting.

    Args:
        workflow: the rules.
        situation: what is known about the authority.
        settings: what the authority has set.
        opened_at: when the petition opens; aware.
        zone: of the authority.
        until: when events happen, for those that are known.

    Raises:
        SettingsRefused: the settings give no terms.
        ValueError: a time is naive.
    """
    terms = workflow.terms(settings, situation)
    course = _Course(terms, {**(until or {}), Event.OPENED: opened_at}, zone)
    deadlines = [deadline for clock in terms.clocks if (deadline := course.deadline(clock))]
    started = {deadline.clock for deadline in deadlines}
    return Simulation(
        terms,
        tuple(sorted(deadlines, key=lambda deadline: deadline.ends_at)),
        tuple(clock.name for clock in terms.clocks if clock.name not in started),
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """When events happen; clocks never lead back to the event that started them, so that this comes to an end."""

    terms: Terms
    known: Mapping[Happening, datetime]
    zone: ZoneInfo

    def deadline(self, clock: FixedClock) -> Deadline | None:
        """When the clock runs out; None when it never starts."""
        started_at = self._time_of(clock.starts_at)
        return clock.deadline(started_at, self.zone, self.terms.calendar) if started_at else None

    def _time_of(self, event: Happening) -> datetime | None:
        if event in self.known:
            return self.known[event]
        if isinstance(event, Reached):
            return self.known.get(Event.COLLECTION_ENDED) or self._end_of(self.terms.clock(COLLECT))
        ends = [end for clock in self.terms.clocks if clock.ends_with is event and (end := self._end_of(clock))]
        return min(ends, default=None)

    def _end_of(self, clock: FixedClock) -> datetime | None:
        deadline = self.deadline(clock)
        return deadline.last_moment if deadline else None
