"""A petition of another system as a reader sees it: only what its source says, in the source's figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask_babel import gettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number, full_day, moment, now

_MOST_TERRITORIES = 30


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the source says."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Division:
    """Signatures by one kind of territory, most first; ``more`` territories are not shown.

    ``note`` says where the figures do not add up to the count of the petition.
    """

    kind: str
    title: str
    place: str
    territories: tuple[pb.TerritoryCount, ...]
    more: int
    note: str


@dataclass(frozen=True, slots=True)
class Archive:
    """All that is known of a petition of another system besides its text, its count and its steps."""

    facts: tuple[Fact, ...]
    responded_on: str
    debated_on: str
    divisions: tuple[Division, ...]


def archive_of(petition: pb.Petition, territories: Sequence[pb.TerritoryCount]) -> Archive:
    """What the page of an archived petition tells."""
    response, debate = petition.source.response, petition.source.debate
    return Archive(
        facts=tuple(_facts(petition)),
        responded_on=_day_text(response.responded_on, moment(response.created_at)),
        debated_on=_day_text(debate.debated_on, None),
        divisions=tuple(_divisions(petition, territories)),
    )


def steps_of(petition: pb.Petition) -> list[tuple[str, datetime | None, str, bool]]:
    """Title, date, note and whether it is past, of every step that its source dates, and of the taking over."""
    steps = [*_dated(petition)]
    steps.sort(key=lambda step: step[1])
    note = gettext("It stood there as “%(state)s”.", state=petition.source_state) if petition.source_state else ""
    imported_at = moment(petition.imported_at)
    taken = (gettext("Taken over into the archive"), imported_at, note, True)
    past = [step for step in steps if step[3]]
    return [*past, taken, *steps[len(past) :]]


def web_address(text: str) -> str:
    """The text if one may follow it as a link; empty if not."""
    return text if text.startswith(("http://", "https://")) else ""


def _dated(petition: pb.Petition) -> Iterator[tuple[str, datetime, str, bool]]:
    if created := moment(petition.created_at):
        yield gettext("Started in the other system"), created, "", True
    present = now()
    for stage in petition.source.stages:
        at = moment(stage.at) or _noon(stage.day)
        if at:
            yield _stage_title(stage.event), at, "", at <= present


def _noon(day: str) -> datetime | None:
    """Where only the day is known, an instant that lies on it in the zone of every reader."""
    return datetime.combine(date.fromisoformat(day), time(12), UTC) if day else None


def _stage_title(event: str) -> str:
    titles = {
        "moderation_threshold_reached": gettext("Enough supporters to be checked"),
        "published": gettext("Published"),
        "opened": gettext("Opened for signatures"),
        "response_threshold_reached": gettext("Enough signatures for a response"),
        "government_response": gettext("Response published"),
        "debate_threshold_reached": gettext("Enough signatures for a debate"),
        "scheduled_debate": gettext("Day set for the debate"),
        "debate_outcome": gettext("Debate published"),
        "deadline": gettext("Last day for signatures"),
        "closed": gettext("Closed"),
        "rejected": gettext("Rejected"),
    }
    return titles.get(event, event)


def _facts(petition: pb.Petition) -> Iterator[Fact]:
    source = petition.source
    if petition.source_name:
        yield Fact(gettext("Source"), petition.source_name)
    if petition.source_licence:
        yield Fact(gettext("Licence"), petition.source_licence)
    if petition.source_state:
        yield Fact(gettext("State there"), petition.source_state)
    if source.threshold:
        yield Fact(gettext("Signatures needed there"), format_number(source.threshold))
    if source.HasField("days_left"):
        yield Fact(gettext("Days left when it was read there"), format_number(source.days_left))
    if source.kind:
        yield Fact(gettext("Kind"), source.kind)
    if source.topics:
        yield Fact(gettext("Topics"), ", ".join(source.topics))


def _day_text(day: str, instant: datetime | None) -> str:
    if day:
        return full_day(date.fromisoformat(day))
    return full_day(instant.date()) if instant else ""


def _divisions(petition: pb.Petition, territories: Sequence[pb.TerritoryCount]) -> Iterator[Division]:
    names = {
        "country": (gettext("Signatures by country"), gettext("Country")),
        "region": (gettext("Signatures by region"), gettext("Region")),
        "constituency": (gettext("Signatures by constituency"), gettext("Constituency")),
    }
    for kind in dict.fromkeys(territory.kind for territory in territories):
        found = [territory for territory in territories if territory.kind == kind]
        found.sort(key=lambda territory: (-territory.signature_count, territory.territory_name))
        title, place = names.get(kind, (gettext("Where people signed"), gettext("Place")))
        shown = tuple(found[:_MOST_TERRITORIES])
        yield Division(kind, title, place, shown, len(found) - len(shown), _sum_note(petition, found))


def _sum_note(petition: pb.Petition, territories: Sequence[pb.TerritoryCount]) -> str:
    total = sum(territory.signature_count for territory in territories)
    if total == petition.signature_count:
        return ""
    return gettext(
        "These figures add up to %(sum)s. The petition states %(total)s. Both are kept as their source published them.",
        sum=format_number(total),
        total=format_number(petition.signature_count),
    )
