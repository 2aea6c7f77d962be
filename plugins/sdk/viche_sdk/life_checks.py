"""What is wrong with the life of a petition: a rule that needs a stage which is not there, or a clock that is not."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from viche_sdk.clocks import Clock
from viche_sdk.events import Event, Happening
from viche_sdk.life import Failed, Stage, stage_of
from viche_sdk.people import Committee, Complaint, Moderation

if TYPE_CHECKING:
    from viche_sdk.workflow import Workflow


def faults_of_life(workflow: "Workflow") -> Iterator[str]:
    """Every rule has its stage and its clock."""
    yield from _stages(workflow)
    for clock in workflow.clocks:
        yield from _events(clock, workflow.stages)
    if workflow.moderation:
        yield from _moderation(workflow.moderation, workflow.clocks)
    yield from _complaint(workflow.complaint, workflow.clocks)
    if workflow.committee:
        yield from _committee(workflow.committee)
    if workflow.failed.becomes is Failed.APPEAL and not workflow.failed.effect:
        yield "failed: say in effect what becoming an appeal means"


def _stages(workflow: "Workflow") -> Iterator[str]:
    stages = workflow.stages
    if list(stages) != [stage for stage in Stage if stage in stages]:
        yield f"stages must stand once each in the order {', '.join(Stage)}"
    for stage in (Stage.DRAFT, Stage.OPEN, Stage.CLOSED):
        if stage not in stages:
            yield f"every workflow has the stage {stage}; add it"
    needing = {"sponsors": (workflow.sponsors, Stage.SPONSORING), "moderation": (workflow.moderation, Stage.MODERATION)}
    for name, (rule, stage) in {**needing, "complaint": (workflow.complaint, Stage.REJECTED)}.items():
        if rule and stage not in stages:
            yield f"{name} needs the stage {stage}; add it to stages"
    if Stage.SPONSORING in stages and not workflow.sponsors:
        yield "the stage sponsoring needs sponsors; say how many"


def _events(clock: Clock, stages: Sequence[Stage]) -> Iterator[str]:
    for event in (clock.starts_at, clock.ends_with):
        if event and stage_of(event) not in stages:
            yield f"clock {clock.name}: {event} never happens without the stage {stage_of(event)}; add it to stages"


def _moderation(moderation: Moderation, clocks: Sequence[Clock]) -> Iterator[str]:
    yield from _clock_of("moderation", moderation.clock, clocks, (Event.SUBMITTED, Event.SPONSORED))
    if not moderation.reasons:
        yield "moderation: list the reasons for which a draft may be rejected"


def _complaint(complaint: Complaint | None, clocks: Sequence[Clock]) -> Iterator[str]:
    if complaint:
        yield from _clock_of("complaint", complaint.clock, clocks, (Event.COMPLAINT_MADE,))
    for clock in clocks:
        if not complaint and clock.starts_at is Event.COMPLAINT_MADE:
            yield f"clock {clock.name} never starts without complaint; add the rule"


def _clock_of(rule: str, name: str, clocks: Sequence[Clock], starts: Sequence[Happening]) -> Iterator[str]:
    found = next((clock for clock in clocks if clock.name == name), None)
    if found is None:
        yield f"{rule} names the clock {name!r}, which is not there; add it to clocks"
    elif found.starts_at not in starts:
        yield f"{rule}: clock {name} must start at {' or '.join(map(str, starts))}, not at {found.starts_at}"


def _committee(committee: Committee) -> Iterator[str]:
    least, most = committee.members_min, committee.members_max
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield f"committee: members_min {least} must not be above members_max {most}"
