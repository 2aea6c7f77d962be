"""The presence report of a day: a page, pictures, and files with its numbers."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import presence_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, downloads, forms
from viche_gateway import presence_view as view
from viche_gateway.clients.presence import Presence
from viche_gateway.console.presence import accounts
from viche_gateway.console.presence.figure import figure
from viche_gateway.context import services
from viche_gateway.formats import wait_text, written_day
from viche_gateway.forms import Form
from viche_gateway.pictures.png import png
from viche_gateway.presence_shapes import (
    coverage_table,
    dialogue_table,
    document,
    ranking_table,
    title_of,
    tone_table,
)
from viche_gateway.sessions import signed_in


@access.officer
def presence() -> ResponseReturnValue:
    """The report of a day; the form's address can be passed on."""
    form = _form()
    report = pb.GetReportResponse()
    try:
        report = _report(form)
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        form = forms.refused(form, error)
    page = render_template(
        "console/presence/page.html", form=form, report=report, platforms=view.platforms_of(report), view=view,
        title_of=title_of, wait_text=wait_text, on=written_day(report.on), since=written_day(report.since),
        known_since=written_day(report.known_since), asked={"on": report.on, "since": report.since},
    )  # fmt: skip
    return page, 400 if form.errors else 200


@access.officer
def presence_document() -> Response:
    """All numbers as JSON."""
    report = _report(_form())
    return downloads.document(document(report), f"presence-{report.on}.json")


@access.officer
def presence_shares() -> Response:
    """The shares as a table."""
    report = _report(_form())
    return downloads.table(coverage_table(report), f"presence-{report.on}.csv")


@access.officer
def presence_ranking() -> Response:
    """The rankings as a table."""
    report = _report(_form())
    return downloads.table(ranking_table(report), f"presence-ranking-{report.on}.csv")


@access.officer
def presence_dialogues() -> Response:
    """How authorities answer, as a table."""
    report = _report(_form())
    return downloads.table(dialogue_table(report), f"presence-dialogue-{report.on}.csv")


@access.officer
def presence_tones() -> Response:
    """In which tone people wrote, as a table."""
    report = _report(_form())
    return downloads.table(tone_table(report), f"presence-tones-{report.on}.csv")


@access.officer
def presence_drawing(platform: str) -> Response:
    """The shares on a platform as a picture of any size."""
    return Response(_figure(platform), mimetype="image/svg+xml")


@access.officer
def presence_picture(platform: str) -> Response:
    """The shares on a platform as a picture that every network takes."""
    return Response(png(_figure(platform)), mimetype="image/png")


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    accounts.add_routes(blueprint)
    blueprint.add_url_rule("/presence", view_func=presence)
    blueprint.add_url_rule("/presence/report.json", view_func=presence_document)
    blueprint.add_url_rule("/presence/report.csv", view_func=presence_shares)
    blueprint.add_url_rule("/presence/ranking.csv", view_func=presence_ranking)
    blueprint.add_url_rule("/presence/dialogue.csv", view_func=presence_dialogues)
    blueprint.add_url_rule("/presence/tones.csv", view_func=presence_tones)
    blueprint.add_url_rule("/presence/<platform>.svg", view_func=presence_drawing)
    blueprint.add_url_rule("/presence/<platform>.png", view_func=presence_picture)


def _form() -> Form:
    return Form({name: request.args.get(name, "").strip()[:32] for name in ("on", "since")})


def _report(form: Form) -> pb.GetReportResponse:
    return Presence(services().channels["social"]).report(
        signed_in().access_token, form.value("on"), form.value("since")
    )


def _figure(name: str) -> str:
    report = _report(_form())
    found = next((each for each in view.platforms_of(report) if each.name == name and each.rows), None)
    if found is None:
        abort(404)
    return figure(found, gettext("As of %(when)s.", when=written_day(report.on)).rstrip("."))
