"""A survey and files: which one it was read from and what became of that, and the survey as a file to take home."""

from io import BytesIO

from flask import Blueprint, Response, abort, render_template, send_file

from viche_gateway import access
from viche_gateway.console.surveys import office, saying
from viche_gateway.context import services
from viche_gateway.sessions import signed_in

FORMATS = ("xlsform", "viche")


@access.officer
def survey_origin(survey_id: str) -> str:
    """What came over from the file that the survey was read from, and what did not; 404 where it comes from none."""
    written = office.read(survey_id)
    if not written.reply.HasField("origin"):
        abort(404)
    return render_template(
        "console/surveys/origin.html", written=written, origin=written.reply.origin, say=saying.finding_sentence
    )


@access.officer
def survey_forms(survey_id: str) -> str:
    """The ways to take a survey home, and what is another way in the form of other tools."""
    written = office.read(survey_id)
    made = services().survey_office.form(signed_in().access_token, written.id, "xlsform")
    return render_template(
        "console/surveys/take_home.html", written=written, changed=made.changed, say=saying.finding_sentence
    )


@access.officer
def survey_form(survey_id: str, format: str) -> Response:
    """The survey as a file: an XLSForm, or our own document."""
    if format not in FORMATS:
        abort(404)
    written = office.read(survey_id)
    made = services().survey_office.form(signed_in().access_token, written.id, format)
    return send_file(BytesIO(made.content), as_attachment=True, download_name=made.filename)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/surveys/<survey_id>"
    blueprint.add_url_rule(f"{one}/origin", view_func=survey_origin)
    blueprint.add_url_rule(f"{one}/form", view_func=survey_forms)
    blueprint.add_url_rule(f"{one}/form/<format>", view_func=survey_form)
