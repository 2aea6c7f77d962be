"""Settings of a survey; opening and closing it, and throwing a draft away."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from google.protobuf.timestamp_pb2 import Timestamp
from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.surveys import office, overview, saying
from viche_gateway.console.surveys.office import Written
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import territory_choices, who_may_answer
from viche_gateway.sessions import signed_in

ADMISSIONS = {"open": pb.ADMISSION_OPEN, "link": pb.ADMISSION_LINK, "person": pb.ADMISSION_PERSON}
RESULTS = {
    "live": pb.RESULTS_VISIBILITY_LIVE, "closed": pb.RESULTS_VISIBILITY_CLOSED, "never": pb.RESULTS_VISIBILITY_NEVER,
}  # fmt: skip
_FIELDS = (
    "admission", "assurance", "territory_code", "opens_at", "closes_at", "results", "k", "is_listed",
    "needs_human_check",
)  # fmt: skip
_YES = "yes"


@access.officer
def survey_settings(survey_id: str) -> str:
    """Who may answer, from when until when, and who sees results."""
    written = office.changeable(survey_id)
    return _settings(written, Form(_values(written.survey.settings)), written.reply.edition)


@access.officer
def save_survey_settings(survey_id: str) -> ResponseReturnValue:
    """Changes the settings."""
    written = office.changeable(survey_id)
    form = forms.read(*_FIELDS)
    edition = request.form.get("edition", "")
    wanted, faults = _read(form)
    if wanted is None:
        return _settings(written, Form(form.values, faults), _edition(edition)), 400
    try:
        services().survey_office.set(
            signed_in().access_token, forms.request_id(), survey_id, _edition(edition), wanted
        )  # fmt: skip
    except DomainError as error:
        if error.reason == "STALE_VERSION":
            return _stale(written, form)
        if error.code not in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION):
            raise
        names = {f"settings.{name}": name for name in _FIELDS}
        return _settings(written, forms.refused(form, error, names), _edition(edition)), 400
    return redirect(url_for("console.written_survey", survey_id=survey_id, done="settings"), 303)


@access.officer
def ask_open_survey(survey_id: str) -> str:
    """Shows what citizens will see, and asks once."""
    return _ask_open(office.changeable(survey_id), Form())


@access.officer
def open_survey(survey_id: str) -> ResponseReturnValue:
    """Opens the survey."""
    written = office.changeable(survey_id)
    try:
        opened = services().survey_office.open(signed_in().access_token, forms.request_id(), survey_id)
    except DomainError as error:
        if error.code not in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION):
            raise
        return _ask_open(written, Form({}, {"": sentences.of(error)}), office.faults_of(error, written.document)), 400
    done = "opened" if opened.state == pb.SURVEY_STATE_OPEN else "scheduled"
    return redirect(url_for("console.written_survey", survey_id=survey_id, done=done), 303)


@access.officer
def ask_close_survey(survey_id: str) -> str:
    """Asks once before a survey closes."""
    return render_template("console/surveys/close.html", written=office.changeable(survey_id))


@access.officer
def close_survey(survey_id: str) -> ResponseReturnValue:
    """Closes the survey; one that waits for its time becomes a draft again."""
    closed = services().survey_office.close(signed_in().access_token, forms.request_id(), survey_id)
    done = "closed" if closed.state == pb.SURVEY_STATE_CLOSED else "taken_back"
    return redirect(url_for("console.written_survey", survey_id=survey_id, done=done), 303)


@access.officer
def ask_delete_survey(survey_id: str) -> str:
    """Asks once before a draft is thrown away."""
    return render_template("console/surveys/delete.html", written=office.changeable(survey_id))


@access.officer
def delete_survey(survey_id: str) -> ResponseReturnValue:
    """Throws a draft away."""
    try:
        services().survey_office.delete(signed_in().access_token, forms.request_id(), survey_id)
    except DomainError as error:
        return overview.refused(survey_id, error)
    return redirect(url_for("console.survey_list", done="deleted"), 303)


def _values(found: pb.SurveySettings) -> dict[str, str]:
    return {
        "admission": next((name for name, each in ADMISSIONS.items() if each == found.admission), "open"),
        "assurance": found.assurance,
        "territory_code": found.territory_code,
        "opens_at": _local(found, "opens_at"),
        "closes_at": _local(found, "closes_at"),
        "results": next((name for name, each in RESULTS.items() if each == found.results), "live"),
        "k": str(found.k or 10),
        "is_listed": _YES if found.is_listed else "",
        "needs_human_check": _YES if found.needs_human_check else "",
    }


def _local(found: pb.SurveySettings, name: str) -> str:
    if not found.HasField(name):  # pyright: ignore[reportArgumentType]
        return ""
    stamp: Timestamp = getattr(found, name)
    return stamp.ToDatetime(ZoneInfo("UTC")).astimezone(ZoneInfo(settings().timezone)).strftime("%Y-%m-%dT%H:%M")


def _read(form: Form) -> tuple[pb.SurveySettings | None, dict[str, str]]:
    faults = {
        name: sentences.sentence("REQUIRED")
        for name, known in (("admission", ADMISSIONS), ("results", RESULTS))
        if form.value(name) not in known
    }
    k = form.value("k")
    if not (k.isascii() and k.isdigit() and len(k) < 7):
        faults["k"] = sentences.sentence("NOT_A_NUMBER")
    times: dict[str, datetime] = {}
    for name in ("opens_at", "closes_at"):
        try:
            if form.value(name):
                times[name] = datetime.fromisoformat(form.value(name)).replace(tzinfo=ZoneInfo(settings().timezone))
        except ValueError:
            faults[name] = sentences.sentence("BAD_TIME")
    if faults:
        return None, faults
    is_person = form.value("admission") == "person"
    wanted = pb.SurveySettings(
        admission=ADMISSIONS[form.value("admission")], results=RESULTS[form.value("results")], k=int(k),
        assurance=form.value("assurance") if is_person else "",
        territory_code=form.value("territory_code") if is_person else "",
        is_listed=form.value("is_listed") == _YES, needs_human_check=form.value("needs_human_check") == _YES,
    )  # fmt: skip
    for name, instant in times.items():
        getattr(wanted, name).FromDatetime(instant)
    return wanted, {}


def _edition(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _stale(written: Written, form: Form) -> ResponseReturnValue:
    """Nothing is lost: what was chosen stays, and what the other chose is said beside it."""
    said = {
        name: gettext("Somebody has changed this survey meanwhile. Here it now says: %(value)s", value=value or "–")
        for name, value in _values(written.survey.settings).items()
        if value != form.value(name)
    }
    said = said or {"": gettext("Somebody has changed this survey meanwhile. Look once more, then save.")}
    return _settings(written, Form(form.values, said), written.reply.edition), 409


def _settings(written: Written, form: Form, edition: int) -> str:
    return render_template(
        "console/surveys/settings.html", written=written, form=form, edition=edition, territories=territory_choices(),
        admissions=[
            (name, saying.admission_words(pb.SurveySettings(admission=each))) for name, each in ADMISSIONS.items()
        ],
    )  # fmt: skip


def _ask_open(written: Written, form: Form, faults: Sequence[office.Fault] = ()) -> str:
    return render_template(
        "console/surveys/open.html", written=written, survey=written.survey, form=form,
        faults_found=faults or written.faults,
        who=who_may_answer(written.survey), rows=overview.rows(written), kind_words=saying.kind_words,
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/surveys/<survey_id>"
    for path, view, method in (
        (f"{one}/settings", survey_settings, "GET"),
        (f"{one}/settings", save_survey_settings, "POST"),
        (f"{one}/open", ask_open_survey, "GET"),
        (f"{one}/open", open_survey, "POST"),
        (f"{one}/close", ask_close_survey, "GET"),
        (f"{one}/close", close_survey, "POST"),
        (f"{one}/delete", ask_delete_survey, "GET"),
        (f"{one}/delete", delete_survey, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
