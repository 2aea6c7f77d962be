"""Which events of petitions begin which campaigns. Pure.

Of one petition, kind and occasion there is one campaign. The occasion names the version, threshold or decision that an
event is about; events that name none are told apart by their own ids.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from google.protobuf.message import Message
from viche.petitions.v1 import events_pb2 as events
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.consuming import Event
from viche_notifications.domain.messages import (
    ANSWER_CORRECTED,
    COMPLAINT_DECIDED,
    COMPLAINT_RECEIVED,
    DEADLINE_EXTENDED,
    DRAFT_WRITTEN,
    PETITION_ANSWERED,
    PETITION_CLOSED,
    PETITION_HEARING,
    PETITION_OPENED,
    PETITION_REJECTED,
    PETITION_SPONSORED,
    PETITION_STEP,
    PETITION_SUBMITTED,
    PETITION_THRESHOLD,
    SIGNATURES_REMOVED,
    THRESHOLD_REVERSED,
    Kind,
)
from viche_notifications.facts import instant_text

# a decision to remove many signatures is carried out in batches, each with an event: the mail waits for the sum
REMOVALS_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Start:
    """A campaign to begin; ``params`` are what the event says, and ``wait`` is how long it waits."""

    kind: Kind
    occasion: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Telling:
    """What an event begins, from the event and, where ``needs_petition``, from the petition as it is now."""

    starts: Callable[[Event, pb.Petition], Sequence[Start]]
    needs_petition: bool = False


def _author_of(kind: Kind) -> Telling:
    return Telling(lambda event, _: [Start(kind, str(event.id))])


def _complaint_decided(event: Event, petition: pb.Petition) -> Sequence[Start]:
    said = cast(events.ComplaintDecided, event.message)
    return [Start(COMPLAINT_DECIDED, str(event.id), {"is_upheld": said.is_upheld})]


def _threshold_reached(event: Event, petition: pb.Petition) -> Sequence[Start]:
    said = cast(events.PetitionThresholdReached, event.message)
    params = {"threshold": said.threshold, "signatures": said.signatures}
    return [Start(PETITION_THRESHOLD, _time_of_reaching(said.threshold, petition), params)]


def _time_of_reaching(threshold: str, petition: pb.Petition) -> str:
    """A threshold that was reversed and is reached anew is told anew."""
    reversals = sum(each.threshold == threshold for each in petition.removals.reversals)
    return f"{threshold}:{reversals}" if reversals else threshold


def _threshold_reversed(event: Event, petition: pb.Petition) -> Sequence[Start]:
    said = cast(events.PetitionThresholdReversed, event.message)
    params = {"threshold": said.threshold, "signatures": said.signatures}
    return [Start(THRESHOLD_REVERSED, f"{said.threshold}:{event.id}", params)]


def _step_taken(event: Event, petition: pb.Petition) -> Sequence[Start]:
    step = cast(events.PetitionStepTaken, event.message).event
    return [Start(PETITION_STEP, step, {"step": step})]


def _deadline_extended(event: Event, petition: pb.Petition) -> Sequence[Start]:
    clock = cast(events.DeadlineExtended, event.message).clock
    return [Start(DEADLINE_EXTENDED, f"{clock}:{event.id}", {"clock": clock})]


def _answered(event: Event, petition: pb.Petition) -> Sequence[Start]:
    version = cast(events.PetitionAnswered, event.message).version
    return [Start(PETITION_ANSWERED if version == 1 else ANSWER_CORRECTED, str(version), {"version": version})]


def _hearing_published(event: Event, petition: pb.Petition) -> Sequence[Start]:
    version = cast(events.HearingPublished, event.message).version
    return [Start(PETITION_HEARING, str(version), {"version": version})]


def _signatures_invalidated(event: Event, petition: pb.Petition) -> Sequence[Start]:
    times = [instant_text(each.at) for each in petition.removals.items if not each.is_restored]
    return [Start(SIGNATURES_REMOVED, at, {"at": at}, REMOVALS_WAIT) for at in times]


TELLINGS: Mapping[type[Message], Telling] = {
    events.DraftWrittenFor: _author_of(DRAFT_WRITTEN),
    events.PetitionSubmitted: _author_of(PETITION_SUBMITTED),
    events.PetitionSponsored: _author_of(PETITION_SPONSORED),
    events.PetitionOpened: Telling(lambda event, _: [Start(PETITION_OPENED)]),
    events.PetitionRejected: _author_of(PETITION_REJECTED),
    events.ComplaintMade: _author_of(COMPLAINT_RECEIVED),
    events.ComplaintDecided: Telling(_complaint_decided),
    events.SignaturesInvalidated: Telling(_signatures_invalidated, needs_petition=True),
    events.PetitionThresholdReached: Telling(_threshold_reached, needs_petition=True),
    events.PetitionThresholdReversed: Telling(_threshold_reversed),
    events.PetitionStepTaken: Telling(_step_taken),
    events.DeadlineExtended: Telling(_deadline_extended),
    events.PetitionAnswered: Telling(_answered),
    events.HearingPublished: Telling(_hearing_published),
    events.PetitionClosed: Telling(lambda event, _: [Start(PETITION_CLOSED)]),
}
