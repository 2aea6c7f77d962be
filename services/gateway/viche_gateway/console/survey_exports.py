"""Files with all answers: asked for, watched while they are made, fetched, thrown away."""

import re

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.errors import Code, DomainError, NotFound
from viche_gateway import access, forms, sentences
from viche_gateway.console.survey_results import Around, around_of
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.portal.documents import disposition
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.sentences import N_
from viche_gateway.sessions import signed_in

FORMATS = {
    "csv": N_("CSV, for every program"),
    "xlsx": N_("XLSX, for Excel and LibreOffice"),
    "sav": N_("SAV with labels, for SPSS and PSPP"),
    "parquet": N_("Parquet, for R, Python and databases"),
    "json": N_("JSON, for programs"),
}
STATES = {
    "queued": N_("Waits"),
    "running": N_("Is being made"),
    "done": N_("Ready"),
    "failed": N_("Failed"),
    "cancelled": N_("Thrown away"),
    "expired": N_("Its time is over"),
}
UNFINISHED = frozenset({"queued", "running"})
_STREAMED = re.compile(r"(/\w+)?/console/surveys/[^/]+/results/exports/[^/]+/(file|codebook)")
_YES = "yes"


def is_streamed(path: str) -> bool:
    """Whether a file with answers stands at an address, which nobody on the way must hold in memory."""
    return _STREAMED.fullmatch(path) is not None


@access.officer
def survey_exports(survey_id: str) -> str:
    """The files of the last days, and the form for another."""
    return _page(around_of(survey_id), Form({"format": "csv", "language": current_language()}))


@access.officer
def create_survey_export(survey_id: str) -> ResponseReturnValue:
    """Has a file made."""
    around = around_of(survey_id)
    form = forms.read("format", "language", "with_personal")
    if form.value("format") not in FORMATS:
        return _page(around, Form(form.values, {"format": sentences.sentence("UNKNOWN_FORMAT")})), 400
    language = form.value("language") if form.value("language") in around.languages else ""
    wanted = pb.CreateExportRequest(
        request_id=forms.request_id(), survey_id=survey_id, format=form.value("format"), language=language,
        with_personal=form.value("with_personal") == _YES,
    )  # fmt: skip
    try:
        services().results.start_export(signed_in().access_token, wanted)
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return _page(around, forms.refused(form, error)), 400
    return redirect(url_for("console.survey_exports", survey_id=survey_id, done="asked"), 303)


@access.officer
def cancel_survey_export(survey_id: str, export_id: str) -> ResponseReturnValue:
    """Stops a file from being made, or throws it away."""
    _find(survey_id, export_id)
    services().results.stop_export(signed_in().access_token, forms.request_id(), export_id)
    return redirect(url_for("console.survey_exports", survey_id=survey_id, done="thrown"), 303)


@access.officer
def survey_export_file(survey_id: str, export_id: str) -> ResponseReturnValue:
    """The file."""
    found = _find(survey_id, export_id)
    if found.download_url:
        return redirect(found.download_url, 303)
    return _sent(found.object_key)


@access.officer
def survey_export_codebook(survey_id: str, export_id: str) -> ResponseReturnValue:
    """What its columns and values mean (DDI-Codebook 2.5)."""
    return _sent(_find(survey_id, export_id).codebook_key)


def _sent(key: str) -> Response:
    try:
        opened = services().objects.open(key) if key else abort(404)
    except NotFound:
        abort(404)
    response = Response(opened, content_type="application/octet-stream", direct_passthrough=True)
    response.headers["Content-Disposition"] = disposition("attachment", key.rpartition("/")[2])
    return response


def _find(survey_id: str, export_id: str) -> pb.GetExportResponse:
    found = services().results.export(signed_in().access_token, export_id)
    return found if found.export.survey_id == survey_id else abort(404)


def _page(around: Around, form: Form) -> str:
    found = services().results.exports(signed_in().access_token, around.survey.id)
    return render_template(
        "console/results/exports.html", around=around, form=form, found=found, formats=FORMATS, states=STATES,
        is_running=any(each.state in UNFINISHED for each in found), unfinished=UNFINISHED,
        languages=[(code, language_name(code)) for code in around.languages], say=sentences.sentence,
        done=request.args.get("done", ""),
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    all_files = "/surveys/<survey_id>/results/exports"
    one = f"{all_files}/<export_id>"
    for path, view, method in (
        (all_files, survey_exports, "GET"),
        (all_files, create_survey_export, "POST"),
        (f"{one}/cancel", cancel_survey_export, "POST"),
        (f"{one}/file", survey_export_file, "GET"),
        (f"{one}/codebook", survey_export_codebook, "GET"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
