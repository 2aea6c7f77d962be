"""Steps between the threshold and the answer, prolonged terms, appeals: each shows what follows and asks once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.petitions.v1 import answers_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.console import texts
from viche_gateway.console.texts import fields_of, texts_in, was_sent
from viche_gateway.context import services
from viche_gateway.formats import moment, now
from viche_gateway.forms import Form
from viche_gateway.portal.answers import appeal_of
from viche_gateway.portal.deadlines import day_in, stage_of
from viche_gateway.regions import localized
from viche_gateway.sentences import N_
from viche_gateway.sessions import holds, signed_in
from viche_gateway.wording import event_text

STEPS = {
    "handed_over": N_("Note that it was handed over"),
    "verified": N_("Note that the signatures were verified"),
    "consideration_started": N_("Announce that consideration has started"),
}
"""What the buttons say, in the order in which the steps are taken."""

PUBLIC = (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED, pb.PETITION_STATE_CLOSED)
APPEALING = ("officer", "operator")
_REASON = "reason"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be done: what the button says, and where it leads."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A term as it is and as it would be."""

    title: str
    last_day: date | None
    new_last_day: date | None


def choices_of(petition: pb.Petition) -> tuple[Choice, ...]:
    """What an officer can do about a petition that is public, besides the answer."""
    if petition.state not in PUBLIC or petition.is_archived:
        return ()
    return tuple(_choices(petition))


def _choices(petition: pb.Petition) -> Iterator[Choice]:
    happened = {each.event for each in petition.happenings}
    known = {event for clock in petition.terms.clocks for event in (clock.starts_at, clock.ends_with)}
    if "consideration" in petition.terms.stages:
        known.add("consideration_started")
    is_reached = any(threshold.HasField("reached_at") for threshold in petition.terms.thresholds)
    if is_reached or petition.state == pb.PETITION_STATE_CLOSED:
        for event, text in STEPS.items():
            if event in known and event not in happened and (is_reached or event != "consideration_started"):
                yield Choice(gettext(text), url_for("console.step", petition_id=petition.id, event=event))
    for clock in extensible(petition):
        text = gettext("Prolong “%(term)s”", term=localized(clock.title.texts))
        yield Choice(text, url_for("console.extend", petition_id=petition.id, clock=clock.clock))
    appeal = appeal_of(petition)
    if appeal and appeal.at is None:
        yield Choice(gettext("Take it as an appeal"), url_for("console.appeal", petition_id=petition.id))


def failed() -> answers_pb2.ListFailedPetitionsResponse:
    """What waits to be taken as an appeal by the officer's authorities; nothing for those who may not take it."""
    if not holds(*APPEALING):
        return answers_pb2.ListFailedPetitionsResponse()
    return services().answers.failed(signed_in().access_token)


def extensible(petition: pb.Petition) -> tuple[pb.Deadline, ...]:
    """The terms that run and may still be prolonged."""
    allowed = {clock.name for clock in petition.terms.clocks if clock.HasField("extension")}
    return tuple(each for each in petition.deadlines if each.clock in allowed and _is_extensible(each))


def _is_extensible(deadline: pb.Deadline) -> bool:
    ends_at = moment(deadline.ends_at)
    is_running = not deadline.HasField("met_at") and ends_at is not None and now() < ends_at
    return is_running and not deadline.HasField("extended_by")


@access.officer
def step(petition_id: str, event: str) -> ResponseReturnValue:
    """What follows from a step; asks once. The day can be changed, since some steps are noted later."""
    if event not in STEPS:
        abort(404)
    return _step_page(petition_id, event, request.args.get("day", ""))


@access.officer
def take_step(petition_id: str, event: str) -> ResponseReturnValue:
    """Notes the step."""
    if event not in STEPS:
        abort(404)
    day = request.form.get("day", "")[:10]
    try:
        services().answers.step(signed_in().access_token, forms.request_id(), petition_id, event, day)
    except DomainError as error:
        if error.code in (Code.UNAVAILABLE, Code.PERMISSION_DENIED):
            raise
        return _step_page(petition_id, event, day)
    return redirect(url_for("console.case", petition_id=petition_id, done="step"), 303)


@access.officer
def extend(petition_id: str, clock: str) -> ResponseReturnValue:
    """Asks why a term is prolonged."""
    petition = _case(petition_id)
    return _extend_page(petition, clock, Form(dict.fromkeys(fields_of(_REASON, petition), "")))


@access.officer
def prolong(petition_id: str, clock: str) -> ResponseReturnValue:
    """Shows what citizens will see, and on the second press prolongs."""
    petition = _case(petition_id)
    form = forms.read(*fields_of(_REASON, petition))
    first = fields_of(_REASON, petition)[0]
    if not texts_in(form, _REASON):
        return _extend_page(petition, clock, Form(form.values, forms.missing(form, first))), 400
    if not was_sent("confirmed"):
        return _extend_page(petition, clock, form, reason=texts_in(form, _REASON))
    token = signed_in().access_token
    try:
        services().answers.extend(token, forms.request_id(), petition_id, clock, texts_in(form, _REASON))
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _extend_page(petition, clock, texts.refused(form, error)), 400
    return redirect(url_for("console.case", petition_id=petition_id, done="extended"), 303)


@access.officer
def appeal(petition_id: str) -> ResponseReturnValue:
    """Asks for the register number under which a failed petition is an appeal."""
    return _appeal_page(_case(petition_id), Form({"reference": ""}))


@access.officer
def take_as_appeal(petition_id: str) -> ResponseReturnValue:
    """Notes that it is one."""
    petition, form = _case(petition_id), forms.read("reference")
    try:
        services().answers.take_as_appeal(
            signed_in().access_token, forms.request_id(), petition_id, form.value("reference")
        )
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _appeal_page(petition, forms.refused(form, error)), 400
    return redirect(url_for("console.case", petition_id=petition_id, done="appeal"), 303)


def _case(petition_id: str) -> pb.Petition:
    return services().petitions.case(signed_in().access_token, petition_id)


def _step_page(petition_id: str, event: str, day: str) -> ResponseReturnValue:
    petition, form, foreseen = _case(petition_id), Form({"day": day}), None
    try:
        foreseen = services().answers.foresee(signed_in().access_token, petition_id, event, day[:10])
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        fault = forms.refused(form, error).errors
        form = Form(form.values, {"day" if error.reason in _ABOUT_DAY else name: text for name, text in fault.items()})
    titles = {clock.name: localized(clock.title.texts) for clock in petition.terms.clocks}
    page = render_template(
        "console/answers/step.html", petition=petition, event=event, form=form, button=gettext(STEPS[event]),
        said=event_text(event, petition.terms), at=moment(foreseen.at) if foreseen else None,
        starts=[stage_of(each, petition.terms) for each in foreseen.starts] if foreseen else [],
        meets=[titles.get(name, name) for name in foreseen.meets] if foreseen else [], is_possible=foreseen is not None,
    )  # fmt: skip
    return page, 400 if form.errors else 200


_ABOUT_DAY = ("IN_THE_FUTURE", "STEP_TOO_EARLY", "INVALID_FIELDS")


def _extend_page(
    petition: pb.Petition, clock: str, form: Form, reason: dict[str, str] | None = None
) -> str:  # fmt: skip
    running = next((each for each in petition.deadlines if each.clock == clock), None) or abort(404)
    rule = next((each for each in petition.terms.clocks if each.name == clock), None) or abort(404)
    longer = services().answers.prolonged(signed_in().access_token, petition.id, clock)
    shown = Prolonged(localized(running.title.texts), day_in(running.last_day), day_in(longer.last_day))
    return render_template(
        "console/answers/extend.html", petition=petition, rule=rule, prolonged=shown, form=form, reason=reason,
        languages=texts.languages_of(petition),
    )  # fmt: skip


def _appeal_page(petition: pb.Petition, form: Form) -> str:
    return render_template("console/answers/appeal.html", petition=petition, form=form, failed=appeal_of(petition))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/petitions/<petition_id>"
    blueprint.add_url_rule(f"{path}/steps/<event>", view_func=step)
    blueprint.add_url_rule(f"{path}/steps/<event>", view_func=take_step, methods=["POST"])
    blueprint.add_url_rule(f"{path}/terms/<clock>", view_func=extend)
    blueprint.add_url_rule(f"{path}/terms/<clock>", view_func=prolong, methods=["POST"])
    blueprint.add_url_rule(f"{path}/appeal", view_func=appeal)
    blueprint.add_url_rule(f"{path}/appeal", view_func=take_as_appeal, methods=["POST"])
