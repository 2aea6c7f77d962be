"""Imagined petitions: read from messages, and what would become of them as messages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_petitions.identity import Authority
from viche_petitions.rulebook import Imagined
from viche_petitions.servicer import rules
from viche_sdk.events import event_named
from viche_sdk.types import Event, Happening, Level, Simulation, Situation, Workflow

MAX_POPULATION = 10_000_000_000
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(slots=True)
class _Reader:
    """Reads fields, and collects what is wrong with them on the way."""

    problems: list[FieldViolation] = field(default_factory=list)

    def day(self, name: str, text: str) -> date | None:
        """A day, or None for an empty field."""
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            self.problems.append(invalid(name, "BAD_DATE", value=text[:40]))
        return day

    def level(self, text: str) -> Level | None:
        """A level of government, or None for an empty field."""
        if text and text not in list(Level):
            self.problems.append(invalid("level", "UNKNOWN_VALUE", value=text, choices=", ".join(Level)))
            return None
        return Level(text) if text else None

    def population(self, number: int) -> int | None:
        """A number of people, or None for 0."""
        if not 0 <= number <= MAX_POPULATION:
            self.problems.append(invalid("population", "OUT_OF_RANGE", least=0, most=MAX_POPULATION))
        return number or None

    def happenings(self, given: Mapping[str, str]) -> Iterator[tuple[Happening, date]]:
        """Days by event."""
        for name, text in sorted(given.items()):
            place = f"happenings.{name[:100]}"
            day = self.day(place, text)
            try:
                event = event_named(name)
            except ValueError:
                self.problems.append(invalid(place, "UNKNOWN_VALUE", value=name[:100], choices=", ".join(Event)))
                continue
            if day:
                yield event, day


def read(request: pb.SimulatePetitionRequest, today: date) -> Imagined:
    """The petition that a request imagines, without what it takes from an authority.

    Raises:
        InvalidFields: naming every field that cannot be read.
    """
    reader = _Reader()
    opens_on = reader.day("opens_on", request.opens_on) or today
    situation = Situation(
        request.territory_code, reader.level(request.level), reader.population(request.population), opened_on=opens_on,
        registered_on=reader.day("registered_on", request.registered_on) or opens_on,
    )  # fmt: skip
    imagined = Imagined(opens_on, situation, dict(request.settings), dict(reader.happenings(request.happenings)))
    if reader.problems:
        raise InvalidFields(*reader.problems)
    return imagined


def at(imagined: Imagined, authority: Authority, settings: Mapping[str, str]) -> Imagined:
    """The same at an authority, whose facts and figures hold where none are given."""
    given = imagined.situation
    situation = replace(
        given, territory_code=given.territory_code or authority.territory_code, level=given.level or authority.level,
        population=given.population or authority.population,
    )  # fmt: skip
    return replace(imagined, situation=situation, settings={**settings, **imagined.settings})


def message(workflow: Workflow, simulation: Simulation) -> pb.SimulatePetitionResponse:
    """What would become of it."""
    terms = simulation.terms
    return pb.SimulatePetitionResponse(
        terms=rules.terms_message(terms, for_officers=True),
        deadlines=(rules.deadline_message(terms.clock(each.clock), each) for each in simulation.deadlines),
        not_started=simulation.not_started,
        workflow=rules.workflow_message(workflow),
    )
