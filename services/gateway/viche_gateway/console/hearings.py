"""Hearings: announced, moved, cancelled, and what came of them; each shown as citizens will see it, then published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console import texts
from viche_gateway.console.texts import fields_of, texts_in, values_of, was_sent
from viche_gateway.context import new_request_id, services, settings
from viche_gateway.formats import moment
from viche_gateway.forms import Form
from viche_gateway.portal.answers import hearings_of
from viche_gateway.sentences import N_
from viche_gateway.sessions import signed_in


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is said of a hearing: its fields, in texts, in lines, and what the page and its button say."""

    texts: tuple[str, ...]
    lines: tuple[str, ...]
    heading: str
    button: str


ACTS: Mapping[str, Act] = {
    "announce": Act(("title", "place"), ("day", "hour", "watch_url"), N_("Announce a hearing"), N_("Announce it")),
    "move": Act(
        ("title", "place", "note"), ("day", "hour", "watch_url"), N_("Change the hearing"), N_("Publish the change")
    ),
    "cancel": Act(("note",), (), N_("Cancel the hearing"), N_("Cancel this hearing")),
    "outcome": Act(
        ("outcome",), ("transcript_url", "video_url"), N_("What came of the hearing"), N_("Publish the outcome")
    ),
}
_NAMES = {"held_at": "day"}


@access.officer
def hearing(petition_id: str, number: int, act: str) -> str:
    """The form of one act; number 0 announces another hearing."""
    petition = _case(petition_id)
    return _page(petition, number, act, Form(_values(petition, _last(petition, number, act), ACTS[act])))


@access.officer
def say_of_hearing(petition_id: str, number: int, act: str) -> ResponseReturnValue:
    """Shows it as citizens will see it, and on the second press publishes."""
    petition = _case(petition_id)
    last = _last(petition, number, act)
    form = forms.read(*_values(petition, last, ACTS[act]))
    said, faults = _said(petition, number, act, form, last)
    if faults:
        return _page(petition, number, act, Form(form.values, faults)), 400
    token, seen = signed_in().access_token, len(petition.hearings)
    is_final = was_sent("confirmed")
    try:
        shown = services().answers.say_of_hearing(
            token, forms.request_id() if is_final else new_request_id(), petition_id, seen, said,
            check_only=not is_final,
        )  # fmt: skip
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _page(petition, number, act, texts.refused(form, error, _NAMES)), 400
    if not is_final:
        return _page(petition, number, act, form, shown)
    return redirect(url_for("console.case", petition_id=petition_id, done="hearing"), 303)


def _case(petition_id: str) -> pb.Petition:
    return services().petitions.case(signed_in().access_token, petition_id)


def _last(petition: pb.Petition, number: int, act: str) -> pb.Hearing:
    """What was said last of a hearing; an empty one where it is announced."""
    if act not in ACTS or (number == 0) != (act == "announce"):
        abort(404)
    said = [each for each in petition.hearings if each.hearing == number]
    if number and not said:
        abort(404)
    return said[-1] if said else pb.Hearing()


def _values(petition: pb.Petition, last: pb.Hearing, act: Act) -> dict[str, str]:
    values: dict[str, str] = {}
    held_at = moment(last.held_at)
    local = held_at.astimezone(ZoneInfo(settings().timezone)) if held_at else None
    for name in act.texts:
        values |= values_of(name, pb.LocalizedText() if name == "note" else getattr(last, name), petition)
    for name in act.lines:
        if name == "day":
            values[name] = local.date().isoformat() if local else ""
        elif name == "hour":
            values[name] = f"{local:%H:%M}" if local else ""
        else:
            values[name] = getattr(last, name)
    return values


def _said(
    petition: pb.Petition, number: int, act: str, form: Form, last: pb.Hearing
) -> tuple[pb.Hearing, dict[str, str]]:
    said = pb.Hearing()
    said.CopyFrom(last)
    said.ClearField("note")
    said.hearing, said.is_cancelled = number, act == "cancel"
    for name in ACTS[act].texts:
        getattr(said, name).CopyFrom(pb.LocalizedText(texts=texts_in(form, name)))
    for name in ("watch_url", "transcript_url", "video_url"):
        if name in ACTS[act].lines:
            setattr(said, name, form.value(name))
    faults: dict[str, str] = {}
    if act == "outcome" and not texts_in(form, "outcome"):
        faults |= forms.missing(form, fields_of("outcome", petition)[0])
    if "day" in ACTS[act].lines:
        faults |= _read_instant(form, said)
    return said, faults


def _read_instant(form: Form, said: pb.Hearing) -> dict[str, str]:
    """Day and hour where the authority is; sentences where they are none."""
    if faults := forms.missing(form, "day", "hour"):
        return faults
    try:
        local = datetime.fromisoformat(f"{form.value('day')}T{form.value('hour')}")
    except ValueError:
        return {"day": sentences.sentence("BAD_DAY_OR_HOUR")}
    held_at = Timestamp()
    held_at.FromDatetime(local.replace(tzinfo=ZoneInfo(settings().timezone)))
    said.held_at.CopyFrom(held_at)
    return {}


def _page(petition: pb.Petition, number: int, act: str, form: Form, shown: pb.Petition | None = None) -> str:
    held = None
    if shown:
        newest = shown.hearings[-1].version
        held = next(each for each in hearings_of(shown) if each.now.version == newest)
    return render_template(
        "console/answers/hearing.html", petition=petition, number=number, act=act, form=form, held=held,
        names=ACTS[act], heading=gettext(ACTS[act].heading), button=gettext(ACTS[act].button),
        languages=texts.languages_of(petition),
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/petitions/<petition_id>/hearings/<int:number>/<act>"
    blueprint.add_url_rule(path, view_func=hearing)
    blueprint.add_url_rule(path, view_func=say_of_hearing, methods=["POST"])
