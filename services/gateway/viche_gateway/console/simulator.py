"""The simulator: what would become of a petition. A form whose address can be passed on; nothing is stored."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError, InvalidFields
from viche_gateway import access, sentences
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.deadlines import Stage, stage_of
from viche_gateway.portal.progress import minima_of
from viche_gateway.regions import current_region, localized
from viche_gateway.sessions import signed_in
from viche_gateway.wording import LEVELS, event_text, place_in_life

SETTING = "settings."
HAPPENING = "happenings."
FACTS = ("authority_id", "territory_code", "level", "population", "registered_on", "opens_on")
_EVENT = re.compile(r"[a-z_]{1,40}(:[a-z0-9_-]{1,64})?")
_MOST_EVENTS = 50
_MOST_DIGITS = 12
_FIELD_OF_REASON = {
    "UNKNOWN_AUTHORITY": "authority_id",
    "UNKNOWN_WORKFLOW": "workflow",
    "NO_TERRITORY": "territory_code",
    "NO_LEVEL": "level",
    "NO_POPULATION": "population",
    "NO_OPENING_DAY": "opens_on",
    "NO_REGISTRATION_DAY": "registered_on",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What the service answered, in the reader's words."""

    terms: pb.Terms
    version: str
    stages: tuple[Stage, ...]
    not_started: tuple[str, ...]


@access.officer
def simulator() -> tuple[str, int]:
    """The form, and below it what would hold; a form that was not sent yet asks nothing."""
    workflows = services().petitions.workflows()
    chosen = _chosen(workflows)
    form = Form(_values(chosen))
    result = None
    if chosen and request.args.get("of") == chosen.name:
        form, result = _simulated(chosen, form)
    page = render_template(
        "console/simulator.html",
        workflows=workflows,
        workflow=chosen,
        form=form,
        summary=_summary(form, chosen),
        result=result,
        events=_events(form, result),
        authorities=[(each.id, localized(each.name.texts)) for each in current_region().authorities.values()],
        territories=[(code, localized(each.name.texts)) for code, each in current_region().territories.items()],
        levels=[(level, gettext(text)) for level, text in LEVELS.items()],
        titles=[(each.name, localized(each.title.texts)) for each in workflows],
        choices_of=_choices_of,
        minima_of=minima_of,
    )
    return page, 400 if form.errors else 200


def _chosen(workflows: Sequence[pb.Workflow]) -> pb.Workflow | None:
    """The workflow that is asked for, else the first."""
    by_name = {workflow.name: workflow for workflow in workflows}
    return by_name.get(request.args.get("workflow", "")) or next(iter(workflows), None)


def _choices_of(setting: pb.WorkflowSetting) -> list[tuple[str, str]]:
    return [(choice.value, localized(choice.title.texts)) for choice in setting.choices]


def _values(workflow: pb.Workflow | None) -> dict[str, str]:
    """What the address says, with a value for each field of the form."""
    names = [*FACTS, *(f"{SETTING}{each.name}" for each in (workflow.settings if workflow else ()))]
    events = [name for name in request.args if name.startswith(HAPPENING) and _EVENT.fullmatch(_event(name))]
    asked = {name: request.args.get(name, "").replace("\x00", "").strip()[:200] for name in [*names, *events]}
    return {"workflow": workflow.name if workflow else "", **asked}


def _simulated(workflow: pb.Workflow, form: Form) -> tuple[Form, Result | None]:
    population = form.value("population")
    if population and not (population.isascii() and population.isdigit() and len(population) <= _MOST_DIGITS):
        return Form(form.values, {"population": sentences.sentence("NOT_A_NUMBER")}), None
    try:
        answer = services().petitions.simulate(signed_in().access_token, _request(form))
    except DomainError as error:
        if error.code in (Code.UNAVAILABLE, Code.UNAUTHENTICATED, Code.PERMISSION_DENIED):
            raise
        return Form(form.values, dict(_faults(form, error))), None
    return form, _result(answer, workflow)


def _request(form: Form) -> pb.SimulatePetitionRequest:
    return pb.SimulatePetitionRequest(
        workflow=form.value("workflow"),
        authority_id=form.value("authority_id"),
        settings=_given(form, SETTING),
        level=form.value("level"),
        territory_code=form.value("territory_code"),
        population=int(form.value("population") or 0),
        registered_on=form.value("registered_on"),
        opens_on=form.value("opens_on"),
        happenings=dict(list(_given(form, HAPPENING).items())[:_MOST_EVENTS]),
    )


def _given(form: Form, prefix: str) -> dict[str, str]:
    """The fields with this prefix that are not empty, without it."""
    return {
        name.removeprefix(prefix): value for name, value in form.values.items() if name.startswith(prefix) and value
    }


def _faults(form: Form, error: DomainError) -> Iterator[tuple[str, str]]:
    """Sentences at their fields; a fact that is missing is told at the field that gives it."""
    if not isinstance(error, InvalidFields):
        yield _FIELD_OF_REASON.get(error.reason, ""), sentences.of(error)
        return
    for violation in error.violations:
        field = _FIELD_OF_REASON.get(violation.reason, violation.field)
        yield field if field in form.values else "", sentences.of_violation(violation)


def _summary(form: Form, workflow: pb.Workflow | None) -> list[dict[str, str]]:
    """The summary of what is wrong; one sentence may stand at several settings, so their titles come first."""
    titles = {f"{SETTING}{each.name}": localized(each.title.texts) for each in (workflow.settings if workflow else ())}
    return [
        {**fault, "text": f"{titles[name]}: {fault['text']}"} if name in titles else fault
        for name, fault in zip(form.errors, form.summary(), strict=True)
    ]


def _result(answer: pb.SimulatePetitionResponse, workflow: pb.Workflow) -> Result:
    titles = {clock.name: localized(clock.title.texts) for clock in answer.terms.clocks}
    return Result(
        terms=answer.terms,
        version=answer.workflow.version or workflow.version,
        stages=tuple(stage_of(deadline, answer.terms) for deadline in answer.deadlines),
        not_started=tuple(titles.get(name) or name for name in answer.not_started),
    )


def _events(form: Form, result: Result | None) -> Mapping[str, str]:
    """Fields for the days of events: those of the result's clocks and those that were given, with their words."""
    terms = result.terms if result else pb.Terms()
    known = {event for clock in terms.clocks for event in (clock.starts_at, clock.ends_with)} - {"", "opened"}
    given = {_event(name) for name in form.values if name.startswith(HAPPENING)}
    ordered = sorted(known | given, key=lambda event: (place_in_life(event), event))
    return {f"{HAPPENING}{event}": event_text(event, terms) for event in ordered}


def _event(name: str) -> str:
    return name.removeprefix(HAPPENING)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/simulator", view_func=simulator)
