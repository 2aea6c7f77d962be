"""The queue of surveys, and the ways to begin a new one: blank, from a ready one, from a file, as a copy."""

import json

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.surveys import editing, office, saying
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import language_name, text_of
from viche_gateway.sessions import signed_in

MOST_FILE_BYTES = 3_000_000
_STATES = {
    "draft": pb.SURVEY_STATE_DRAFT, "scheduled": pb.SURVEY_STATE_SCHEDULED, "open": pb.SURVEY_STATE_OPEN,
    "closed": pb.SURVEY_STATE_CLOSED,
}  # fmt: skip
_MOST_TOKEN = 2_000
_MOST_FINDINGS = 5_000
_MOST_REPORT = 5_000_000


@access.officer
def survey_list() -> str:
    """The surveys of the officer's authorities, those that changed last first."""
    chosen = request.args.get("state", "")
    state = _STATES.get(chosen, pb.SURVEY_STATE_UNSPECIFIED)
    found = services().survey_office.listed(
        signed_in().access_token, state, request.args.get("after", "")[:_MOST_TOKEN]
    )
    return render_template(
        "console/surveys/list.html", found=found, chosen=chosen if chosen in _STATES else "", words=saying.STATES,
        states=[(name, gettext(saying.STATES[each])) for name, each in _STATES.items()], may_write=office.may_write(),
        text_of=text_of, state_words=saying.state_words, is_done=request.args.get("done") == "deleted",
    )  # fmt: skip


@access.officer
def new_survey() -> str:
    """The ways to begin."""
    _must_write()
    found = services().survey_office.listed(signed_in().access_token, pb.SURVEY_STATE_UNSPECIFIED).surveys
    return render_template(
        "console/surveys/new.html", form=Form(), ready=services().survey_office.ready(), text_of=text_of,
        others=[(each.id, text_of(each.title, each.languages)[1]) for each in found], has_others=bool(found),
    )  # fmt: skip


@access.officer
def blank_survey() -> str:
    """The form for a survey that begins with nothing."""
    _must_write()
    return _blank(Form({"language": settings().default_language}))


@access.officer
def create_blank_survey() -> ResponseReturnValue:
    """Starts a draft that asks nothing yet."""
    _must_write()
    form = forms.read("title", "language", "authority_id")
    authority, faults = office.authority_of_form()
    faults |= forms.missing(form, "title")
    if form.value("language") not in dict(office.choices_of_languages()):
        faults["language"] = sentences.sentence("BAD_LANGUAGE")
    if faults:
        return _blank(Form(form.values, faults)), 400
    language = form.value("language")
    document = editing.blank([language], {language: form.value("title")})
    return _create(authority, json.dumps(document, ensure_ascii=False))


@access.officer
def ready_survey(name: str) -> str:
    """One of the ready surveys: what it is for and what it asks."""
    _must_write()
    return _ready(name, Form())


@access.officer
def create_ready_survey(name: str) -> ResponseReturnValue:
    """Starts a draft from a ready survey."""
    _must_write()
    authority, faults = office.authority_of_form()
    if faults:
        return _ready(name, Form({"authority_id": authority}, faults)), 400
    found = _find_ready(name)
    return _create(authority, found.definition_json, found.settings if found.HasField("settings") else None)


@access.officer
def survey_file() -> str:
    """The form for a file of another tool."""
    _must_write()
    return render_template("console/surveys/file.html", form=Form())


@access.officer
def read_survey_file() -> ResponseReturnValue:
    """Says what is in the file; nothing is saved."""
    _must_write()
    sent = request.files.get("file")
    content = sent.stream.read(MOST_FILE_BYTES + 1) if sent else b""
    if sent is None or not sent.filename or not content:
        return _file_refused("EMPTY_FILE" if sent and sent.filename else "NO_FILE")
    if len(content) > MOST_FILE_BYTES:
        return _file_refused("FILE_TOO_LARGE", limit=str(MOST_FILE_BYTES // 1_000_000))
    name = sent.filename.replace("\\", "/").rpartition("/")[2][-100:]
    try:
        found = services().survey_office.read_form(signed_in().access_token, name, content)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _file_refused(error.reason)
    return _report(found, name)


@access.officer
def save_survey_file() -> ResponseReturnValue:
    """Saves what was read from a file as a draft."""
    _must_write()
    authority, faults = office.authority_of_form()
    text = request.form.get("definition", "")
    if faults or not text:
        return render_template(
            "console/surveys/report.html", form=Form({"authority_id": authority}, faults), found=None, definition=text,
            authorities=office.authorities(), filename=request.form.get("filename", "")[:100], title="",
            origin=request.form.get("origin", ""),
        ), 400  # fmt: skip
    return _create(authority, text, origin=_origin())


@access.officer
def copy_survey() -> ResponseReturnValue:
    """Starts a draft that asks what another survey asks, with the same settings but for its times."""
    _must_write()
    written = office.read(request.form.get("survey_id", ""))
    copied = pb.SurveySettings()
    copied.CopyFrom(written.survey.settings)
    copied.ClearField("opens_at")
    copied.ClearField("closes_at")
    authority = written.survey.authority_id
    if authority not in dict(office.authorities()):
        abort(redirect(url_for("console.survey_list"), 303))
    return _create(authority, written.reply.definition_json, copied)


def _create(
    authority_id: str, text: str, settings: pb.SurveySettings | None = None, origin: pb.FormOrigin | None = None
) -> ResponseReturnValue:
    made = services().survey_office.create(
        signed_in().access_token, forms.request_id(), authority_id, text, settings, origin
    )
    return redirect(url_for("console.written_survey", survey_id=made.survey.id, done="created"), 303)


def _blank(form: Form) -> str:
    return render_template(
        "console/surveys/blank.html", form=form, authorities=office.authorities(),
        languages=office.choices_of_languages(),
    )  # fmt: skip


def _ready(name: str, form: Form) -> str:
    found = _find_ready(name)
    document = json.loads(found.definition_json)
    languages = document["languages"]
    return render_template(
        "console/surveys/ready.html", form=form, ready=found, text_of=text_of, languages=languages,
        document=document, authorities=office.authorities(), kind_words=saying.kind_words,
        items=[
            (each.item, text_of(each.item.get("label") or each.item.get("title") or {}, languages)[1])
            for each in editing.walk(document)
        ],
    )  # fmt: skip


def _find_ready(name: str) -> pb.ReadySurvey:
    return next((each for each in services().survey_office.ready() if each.name == name), None) or abort(404)


def _file_refused(reason: str, **values: str) -> ResponseReturnValue:
    form = Form({}, {"file": sentences.sentence(reason, values)})
    return render_template("console/surveys/file.html", form=form), 400


def _report(found: pb.ReadFormResponse, name: str) -> ResponseReturnValue:
    document = json.loads(found.definition_json) if found.definition_json else {}
    languages = document.get("languages", ())
    return render_template(
        "console/surveys/report.html", form=Form(), found=found, filename=name, authorities=office.authorities(),
        definition=found.definition_json, origin=_origin_text(found, name),
        title=text_of(document.get("title", {}), languages)[1],
        languages=[language_name(each) for each in languages], say=saying.finding_sentence,
    ), 200 if found.definition_json else 400  # fmt: skip


def _origin() -> pb.FormOrigin | None:
    """What the report said of the file, carried by the form; None where it is not there or no report."""
    text = request.form.get("origin", "")
    try:
        return Parse(text, pb.FormOrigin()) if 0 < len(text) <= _MOST_REPORT else None
    except ParseError:
        abort(400)


def _origin_text(found: pb.ReadFormResponse, name: str) -> str:
    origin = pb.FormOrigin(
        filename=name, format=found.format, questions=found.questions, changed=found.changed[:_MOST_FINDINGS],
        refused=found.refused[:_MOST_FINDINGS],
    )  # fmt: skip
    return MessageToJson(origin, indent=None)


def _must_write() -> None:
    if not office.may_write():
        abort(redirect(url_for("console.survey_list"), 303))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for path, view, method in (
        ("/surveys", survey_list, "GET"),
        ("/surveys/new", new_survey, "GET"),
        ("/surveys/new/blank", blank_survey, "GET"),
        ("/surveys/new/blank", create_blank_survey, "POST"),
        ("/surveys/new/ready/<name>", ready_survey, "GET"),
        ("/surveys/new/ready/<name>", create_ready_survey, "POST"),
        ("/surveys/new/file", survey_file, "GET"),
        ("/surveys/new/file", read_survey_file, "POST"),
        ("/surveys/new/file/save", save_survey_file, "POST"),
        ("/surveys/new/copy", copy_survey, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
