"""What is wrong with the clocks of a workflow."""

from collections.abc import Iterable, Iterator, Sequence

from viche_sdk.calendars import UnknownCalendar, working_days
from viche_sdk.clocks import COLLECT, LONGEST, Clock
from viche_sdk.counting import Unit
from viche_sdk.events import Event, Happening, Reached


def faults_of_clocks(clocks: Sequence[Clock], thresholds: Sequence[str]) -> Iterator[str]:
    """Collecting has its clock; every clock can start, and none waits for itself.

    Args:
        clocks: of the workflow.
        thresholds: their names.
    """
    yield from _collect([clock for clock in clocks if clock.name == COLLECT])
    for clock in clocks:
        if isinstance(clock.starts_at, Reached) and clock.starts_at.threshold not in thresholds:
            yield (
                f"clock {clock.name} starts at threshold {clock.starts_at.threshold!r}, which is not there; "
                f"thresholds are {', '.join(thresholds) or 'none'}"
            )
        extension = clock.extension
        for length in (clock.length, *((extension.length, extension.most_total) if extension else ())):
            if isinstance(length, int) and length > LONGEST:
                yield f"clock {clock.name} is longer than {LONGEST:,} units"
    yield from _circles(clocks)


def faults_of_calendar(clocks: Sequence[Clock], codes: Iterable[str]) -> Iterator[str]:
    """Working days are counted by a calendar that exists.

    Args:
        clocks: of the workflow.
        codes: what the calendar may come to; empty for none.
    """
    counting = [clock.name for clock in clocks if _counts_working_days(clock)]
    for code in codes if counting else ():
        try:
            working_days(code)
        except UnknownCalendar as unknown:
            yield f"calendar {code!r}: {unknown}; clock {counting[0]} counts working days"


def _collect(found: Sequence[Clock]) -> Iterator[str]:
    if not found:
        yield f"give it a clock {COLLECT!r}, for instance collecting(45)"
    for clock in found:
        if (clock.starts_at, clock.ends_with) != (Event.OPENED, Event.COLLECTION_ENDED):
            yield f"clock {COLLECT} must start at {Event.OPENED} and end with {Event.COLLECTION_ENDED}"
        if clock.unit is Unit.WORKING_DAY or clock.extension:
            yield f"clock {COLLECT} counts calendar days or months and is not extended"


def _circles(clocks: Sequence[Clock]) -> Iterator[str]:
    """A clock that is ended by an event which starts, over other clocks, the clock itself."""
    leads_to: dict[Happening, list[Event]] = {}
    for clock in clocks:
        if clock.ends_with:
            leads_to.setdefault(clock.starts_at, []).append(clock.ends_with)
    for clock in clocks:
        if clock.ends_with and clock.starts_at in _reachable(clock.ends_with, leads_to):
            yield f"clock {clock.name} waits for itself: {clock.ends_with} leads back to {clock.starts_at}"


def _reachable(start: Event, leads_to: dict[Happening, list[Event]]) -> set[Happening]:
    found: set[Happening] = set()
    ahead: list[Happening] = [start]
    while ahead:
        event = ahead.pop()
        if event not in found:
            found.add(event)
            ahead.extend(leads_to.get(event, ()))
    return found


def _counts_working_days(clock: Clock) -> bool:
    return Unit.WORKING_DAY in (clock.unit, clock.extension and clock.extension.unit)
