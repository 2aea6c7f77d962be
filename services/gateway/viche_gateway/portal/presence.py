"""How the authorities stand on networks, for everybody, where the operator publishes it."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from viche.social.v1 import presence_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, downloads, forms
from viche_gateway import presence_view as view
from viche_gateway.clients.presence import Presence
from viche_gateway.context import services, settings
from viche_gateway.formats import wait_text, written_day
from viche_gateway.forms import Form
from viche_gateway.presence_shapes import coverage_table, dialogue_table, public_document, title_of

_AGE_S = 300


@access.public(max_age_s=60)
def presence() -> ResponseReturnValue:
    """The report of a day."""
    form, report = _form(), pb.GetReportResponse()
    try:
        report = _report(form)
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        form = forms.refused(form, error)
    page = render_template(
        "portal/presence.html", form=form, report=report, view=view, title_of=title_of, wait_text=wait_text,
        platforms=[each for each in view.platforms_of(report) if each.rows],
        on=written_day(report.on), known_since=written_day(report.known_since), asked={"on": report.on},
    )  # fmt: skip
    return page, 400 if form.errors else 200


@access.public(max_age_s=_AGE_S)
def presence_document() -> Response:
    """All numbers as JSON."""
    report = _report(_form())
    return downloads.document(public_document(report), f"presence-{report.on}.json")


@access.public(max_age_s=_AGE_S)
def presence_shares() -> Response:
    """The shares as a table."""
    report = _report(_form())
    return downloads.table(coverage_table(report), f"presence-{report.on}.csv")


@access.public(max_age_s=_AGE_S)
def presence_dialogues() -> Response:
    """How authorities answer, as a table."""
    report = _report(_form())
    return downloads.table(dialogue_table(report), f"presence-dialogue-{report.on}.csv")


def _form() -> Form:
    return Form({"on": request.args.get("on", "").strip()[:32]})


def _report(form: Form) -> pb.GetReportResponse:
    if not settings().public_presence:
        abort(404)
    return Presence(services().channels["social"]).public_report(form.value("on"))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/presence", view_func=presence)
    blueprint.add_url_rule("/presence/report.json", view_func=presence_document)
    blueprint.add_url_rule("/presence/report.csv", view_func=presence_shares)
    blueprint.add_url_rule("/presence/dialogue.csv", view_func=presence_dialogues)
