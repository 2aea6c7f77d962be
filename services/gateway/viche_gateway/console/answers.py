"""The official answer: one question a page, kept as a draft that officers share; then shown and published."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.petitions.v1 import answers_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences, uploads
from viche_gateway.console import texts
from viche_gateway.console.texts import texts_in, values_of
from viche_gateway.context import new_request_id, services
from viche_gateway.forms import Form
from viche_gateway.portal.answers import DECISIONS
from viche_gateway.portal.documents import disposition, key_of
from viche_gateway.portal.life import COLLECTING
from viche_gateway.sessions import current_session, signed_in

MOST_DOCUMENTS = 10
MOST_UPLOAD_BYTES = 60 * 1024 * 1024
DOCUMENTS = "console.answer_documents"
_FIELD_OF_REASON = {"ANSWER_EARLY": "is_early"}
_LIMITS = {"summary": 2000, "reasons": 20000, "correction_note": 2000}


@dataclass(frozen=True, slots=True)
class Case:
    """A petition, and what was written of its answer so far."""

    petition: pb.Petition
    draft: answers_pb2.AnswerDraft

    @property
    def steps(self) -> tuple[str, ...]:
        """The questions, in their order."""
        own = ("correction_note",) if self.draft.corrects_version else ()
        return ("decision", "summary", "reasons", "documents", "signed_by", *own, "check")


@access.officer
def answer(petition_id: str, step: str) -> ResponseReturnValue:
    """One question, with what was written so far."""
    case = _case(petition_id)
    if step not in case.steps:
        abort(404)
    if step == "documents":
        return redirect(url_for(DOCUMENTS, petition_id=petition_id), 303)
    if step == "check":
        return _check_page(case)
    return _page(step, case, Form(_values(step, case)))


@access.officer
def answered(petition_id: str, step: str) -> ResponseReturnValue:
    """Keeps what was written and goes on; the last step publishes."""
    case = _case(petition_id)
    if step not in case.steps or step == "documents":
        abort(404)
    if step == "check":
        return _publish(case)
    form = forms.read(*_values(step, case))
    case.draft.version = _version_of_page(case)
    _write(step, case, form)
    try:
        _save(case)
    except DomainError as error:
        return _again(step, case, form, error)
    return redirect(_following(step, case), 303)


@access.officer
def answer_documents(petition_id: str) -> ResponseReturnValue:
    """The files that will come with the answer."""
    return _documents_page(_case(petition_id), Form({"file": "", "title": ""}))


@access.officer
def add_document(petition_id: str) -> ResponseReturnValue:
    """Takes a file: noted first, then stored, then named in the draft, so that none is lost and none stays unseen."""
    case, form = _case(petition_id), forms.read("title")
    faults = forms.missing(form, "title")
    try:
        upload = uploads.read(request.files.get("file"))
    except uploads.BadFile as fault:
        faults["file"] = sentences.sentence(fault.reason, {"limit": str(uploads.MOST_BYTES // 1_000_000)})
    else:
        if not faults and len(case.draft.content.documents) < MOST_DOCUMENTS:
            return _take(case, form, upload)
        if not faults:
            faults["file"] = sentences.sentence("TOO_MANY", {"limit": str(MOST_DOCUMENTS)})
    return _documents_page(case, Form(form.values, faults)), 400


@access.officer
def draft_document(petition_id: str, document_id: str) -> Response:
    """A file of the draft, so that whoever publishes it has seen it."""
    case = _case(petition_id)
    found = next((each for each in case.draft.documents if each.id == document_id), None) or abort(404)
    response = Response(services().objects.open(key_of(petition_id, document_id)), content_type=found.media_type)
    response.headers["Content-Disposition"] = disposition("attachment", found.file_name)
    return response


@access.officer
def remove_document(petition_id: str, document_id: str) -> ResponseReturnValue:
    """Takes a file out of the draft; nobody else has it."""
    case = _case(petition_id)
    kept = [each for each in case.draft.content.documents if each.document_id != document_id]
    del case.draft.content.documents[:]
    case.draft.content.documents.extend(kept)
    _save(case)
    return redirect(url_for(DOCUMENTS, petition_id=petition_id), 303)


@access.officer
def discard_answer(petition_id: str) -> ResponseReturnValue:
    """Throws the draft away."""
    case = _case(petition_id)
    services().answers.save(
        signed_in().access_token, forms.request_id(), petition_id, case.draft, discard=True
    )  # fmt: skip
    return redirect(url_for("console.case", petition_id=petition_id), 303)


def draft_of(petition: pb.Petition) -> answers_pb2.AnswerDraft:
    """What was written of the answer so far; version 0 is nothing."""
    return services().answers.draft(signed_in().access_token, petition.id)


def _case(petition_id: str) -> Case:
    token = signed_in().access_token
    return Case(services().petitions.case(token, petition_id), services().answers.draft(token, petition_id))


def _values(step: str, case: Case) -> dict[str, str]:
    content = case.draft.content
    if step == "decision":
        return {"decision": str(content.decision or "")}
    if step == "signed_by":
        return {"signed_by": content.signed_by}
    return values_of(step, getattr(content, step), case.petition)


def _write(step: str, case: Case, form: Form) -> None:
    content = case.draft.content
    if step == "decision":
        known = {str(each): each for each in DECISIONS}
        content.decision = known.get(form.value("decision"), pb.DECISION_UNSPECIFIED)  # pyright: ignore
    elif step == "signed_by":
        content.signed_by = form.value("signed_by")
    else:
        getattr(content, step).CopyFrom(pb.LocalizedText(texts=texts_in(form, step)))


def _save(case: Case) -> answers_pb2.AnswerDraft:
    return services().answers.save(signed_in().access_token, forms.request_id(), case.petition.id, case.draft)


def _take(case: Case, form: Form, upload: uploads.Upload) -> ResponseReturnValue:
    token, petition_id = signed_in().access_token, case.petition.id
    noted = pb.Document(
        file_name=upload.file_name, media_type=upload.media_type, size_bytes=upload.size_bytes, sha256=upload.sha256
    )
    try:
        document_id = services().answers.add_document(token, new_request_id(), petition_id, noted)
        services().objects.put(
            key_of(petition_id, document_id), upload.stream, upload.size_bytes, upload.media_type
        )  # fmt: skip
        title = pb.LocalizedText(texts={case.petition.language: form.value("title")})
        case.draft.content.documents.append(answers_pb2.AnswerDocument(document_id=document_id, title=title))
        services().answers.save(token, new_request_id(), petition_id, case.draft)
    except DomainError as error:
        return _documents_page(case, forms.refused(Form({**form.values, "file": ""}), error)), 409
    return redirect(url_for(DOCUMENTS, petition_id=petition_id), 303)


def _publish(case: Case) -> ResponseReturnValue:
    if case.draft.version != _version_of_page(case):
        return _check_page(case, {"": sentences.sentence("STALE_ANSWER")}), 409
    token, is_early = signed_in().access_token, request.form.get("is_early") == "yes"
    try:
        services().answers.publish(token, forms.request_id(), case.petition.id, case.draft, is_early=is_early)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _check_page(case, {_FIELD_OF_REASON.get(error.reason, ""): sentences.of(error)}), 409
    return redirect(url_for("console.case", petition_id=case.petition.id, done="answered"), 303)


def _check_page(case: Case, faults: dict[str, str] | None = None) -> str:
    """The answer as citizens will see it, or what is missing."""
    token = signed_in().access_token
    shown = None
    try:
        shown = services().answers.publish(
            token, new_request_id(), case.petition.id, case.draft, is_early=True, check_only=True
        )
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        fields = sentences.of_fields(error) or {"": sentences.of(error)}
        faults = {**(faults or {}), **{_question_of(name): text for name, text in fields.items()}}
    form, titles = Form({}, faults or {}), _titles()
    named = [f"{titles[name]}: {text}" if name in titles else text for name, text in form.errors.items()]
    return render_template(
        "console/answers/check.html", petition=case.petition, draft=case.draft, shown=shown, form=form, titles=titles,
        summary=[{**each, "text": text} for each, text in zip(form.summary(), named, strict=True)],
        is_early=_is_early(case.petition), steps=case.steps,
    )  # fmt: skip


def _titles() -> dict[str, str]:
    """What the check page calls each question."""
    return {
        "decision": gettext("Decision"),
        "summary": gettext("In a few sentences"),
        "reasons": gettext("Reasons"),
        "documents": gettext("Documents"),
        "signed_by": gettext("Who answers"),
        "correction_note": gettext("What changed"),
    }


def _question_of(name: str) -> str:
    """The question that a field of the service belongs to, as the check page names its row."""
    return name.partition(".")[0]


def _is_early(petition: pb.Petition) -> bool:
    """Whether it still collects and has reached nothing."""
    reached = any(threshold.HasField("reached_at") for threshold in petition.terms.thresholds)
    return petition.state in COLLECTING and not reached


def _documents_page(case: Case, form: Form) -> str:
    known = {each.id: each for each in case.draft.documents}
    files = [known[each.document_id] for each in case.draft.content.documents if each.document_id in known]
    return render_template(
        "console/answers/documents.html", petition=case.petition, draft=case.draft, form=form, files=files,
        most=MOST_DOCUMENTS, following=_following("documents", case), number=_number("documents", case),
        steps=case.steps, accept=",".join(f".{end}" for end in uploads.EXTENSIONS.values()),
        most_mb=uploads.MOST_BYTES // 1_000_000,
    )  # fmt: skip


def _page(step: str, case: Case, form: Form) -> str:
    return render_template(
        f"console/answers/{step}.html", petition=case.petition, draft=case.draft, form=form, step=step,
        languages=texts.languages_of(case.petition), decisions=DECISIONS, limit=_LIMITS.get(step, 200),
        number=_number(step, case), steps=case.steps, is_early=_is_early(case.petition),
    )  # fmt: skip


def _again(step: str, case: Case, form: Form, error: DomainError) -> ResponseReturnValue:
    if error.code == Code.UNAVAILABLE:
        raise error
    known = _case(case.petition.id)  # as it is now: sending once more then replaces it
    shown = Case(case.petition, known.draft)
    return _page(step, shown, texts.refused(form, error)), 409 if error.code == Code.ABORTED else 400


def _number(step: str, case: Case) -> int:
    return case.steps.index(step) + 1


def _following(step: str, case: Case) -> str:
    following = "check" if request.args.get("back") == "check" else case.steps[case.steps.index(step) + 1]
    if following == "documents":
        return url_for(DOCUMENTS, petition_id=case.petition.id)
    return url_for("console.answer", petition_id=case.petition.id, step=following)


def _version_of_page(case: Case) -> int:
    """The version that the page showed, so that what a colleague wrote meanwhile is not lost."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else case.draft.version


def _let_files_through(endpoint: str | None, _values: object) -> None:
    """Lets officers send more than a form's worth where files are taken; before anything reads the body."""
    if endpoint == "console.add_document" and request.method == "POST" and current_session() is not None:
        request.max_content_length = MOST_UPLOAD_BYTES


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.url_value_preprocessor(_let_files_through)
    path = "/petitions/<petition_id>/answer"
    blueprint.add_url_rule(f"{path}/documents", view_func=answer_documents)
    blueprint.add_url_rule(f"{path}/documents", view_func=add_document, methods=["POST"])
    blueprint.add_url_rule(f"{path}/documents/<document_id>", view_func=draft_document)
    blueprint.add_url_rule(f"{path}/documents/<document_id>/remove", view_func=remove_document, methods=["POST"])
    blueprint.add_url_rule(f"{path}/discard", view_func=discard_answer, methods=["POST"])
    blueprint.add_url_rule(f"{path}/<step>", view_func=answer)
    blueprint.add_url_rule(f"{path}/<step>", view_func=answered, methods=["POST"])
