"""Links that let somebody answer, each once: made once, told once, as a file."""

import csv
from io import StringIO

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import surveys_pb2

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.branding.current import places
from viche_gateway.console.surveys import office
from viche_gateway.console.surveys.office import Written
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

MOST = 10_000


@access.officer
def survey_links(survey_id: str) -> str:
    """How many links there are, and the form for more."""
    return _page(office.changeable(survey_id), Form({"count": "100"}))


@access.officer
def make_survey_links(survey_id: str) -> ResponseReturnValue:
    """Makes links and gives them as a file; they are not told again."""
    written = office.changeable(survey_id)
    form = forms.read("count")
    count = form.value("count")
    if not (count.isascii() and count.isdigit() and len(count) < 6 and 1 <= int(count) <= MOST):
        said = sentences.sentence("OUT_OF_RANGE", {"least": "1", "most": f"{MOST:,}"})
        return _page(written, Form(form.values, {"count": said})), 400
    if not written.survey.number:
        return _page(written, form), 409
    try:
        secrets = services().survey_office.invite(
            signed_in().access_token, forms.request_id(), survey_id, int(count)
        )  # fmt: skip
    except DomainError as error:
        if error.code not in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION):
            raise
        return _page(written, forms.refused(form, error)), 400
    if not secrets:
        return _page(written, form, is_told=True), 409
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["link"])
    writer.writerows([link_of(written.survey.number, each)] for each in secrets)
    name = f"survey-{written.survey.number}-links.csv"
    return Response(
        text.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def link_of(number: int, secret: str) -> str:
    """The address with which somebody answers once."""
    return places().main.url + url_for("portal.survey_answer", number=number, invitation=secret)


def _page(written: Written, form: Form, *, is_told: bool = False) -> str:
    is_by_link = written.survey.settings.admission == surveys_pb2.ADMISSION_LINK
    counts = services().survey_office.invitations(signed_in().access_token, written.id) if is_by_link else None
    return render_template(
        "console/surveys/links.html", written=written, form=form, counts=counts, is_told=is_told
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/surveys/<survey_id>/links"
    blueprint.add_url_rule(path, view_func=survey_links)
    blueprint.add_url_rule(path, view_func=make_survey_links, methods=["POST"])
