"""Checking a petition: rejecting it in three steps, asking a colleague, notes, and who is on it."""

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import moderation_pb2, petitions_pb2

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.moderation import Opinion, Refusal
from viche_gateway.console import casework
from viche_gateway.console.filling import filled, text_for
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.regions import authority_name, localized
from viche_gateway.sessions import signed_in

_MOST_DIGITS = 12
_REFUSAL = ("reason", "note", "language", "duplicate_of")
_OPINION = ("advice", "reason", "text")
_ADVICE = {"open": moderation_pb2.ADVICE_OPEN, "reject": moderation_pb2.ADVICE_REJECT}


@access.officer
def choose_reason(petition_id: str) -> ResponseReturnValue:
    """The first step of a rejection: why."""
    petition, file = _waiting(petition_id)
    return _reason_page(petition, file, Form({"reason": request.args.get("reason", ""), "duplicate_of": ""}))


@access.officer
def write_letter(petition_id: str) -> ResponseReturnValue:
    """The second step: what the author is told, begun from a template of the authority."""
    petition, file = _waiting(petition_id)
    asked = Form({name: request.args.get(name, "").strip()[:100] for name in ("reason", "duplicate_of")})
    faults = forms.missing(asked, "reason") | _number_faults(asked)
    if faults or _reason(file, asked.value("reason")) is None:
        faults = faults or {"reason": sentences.sentence("UNKNOWN_REASON")}
        return _reason_page(petition, file, Form(asked.values, faults)), 400
    reason = _must_reason(file, asked)
    templates = _templates_for(petition, reason.code)
    chosen = next((each for each in templates if each.id == request.args.get("template")), None)
    chosen = chosen or next((each for each in templates if each.reason == reason.code), None)
    note, language = _begun(chosen, petition, reason)
    values = {**asked.values, "note": note, "language": language}
    return _letter_page(petition, reason, Form(values), templates)


@access.officer
def check_letter(petition_id: str) -> ResponseReturnValue:
    """The third step: how the author and everybody else will see it; or back to the text."""
    petition, file = _waiting(petition_id)
    form = forms.read(*_REFUSAL)
    reason = _must_reason(file, form)
    faults = forms.missing(form, "note") | _number_faults(form)
    if faults or request.form.get("step") == "edit":
        status = 400 if faults else 200
        return _letter_page(petition, reason, Form(form.values, faults), _templates_for(petition, reason.code)), status
    return render_template(
        "console/moderation/preview.html", petition=petition, form=form, reason=reason,
        shown=_as_rejected(petition, file, form),
    )  # fmt: skip


@access.officer
def reject(petition_id: str) -> ResponseReturnValue:
    """Rejects the petition."""
    petition, file = casework.read(petition_id)
    if petition.state == petitions_pb2.PETITION_STATE_REJECTED and file.rejections and file.rejections[-1].is_mine:
        return casework.back(petition_id, "rejected")  # the form was sent twice
    if petition.state != petitions_pb2.PETITION_STATE_SUBMITTED:
        casework.too_late(petition_id)
    form = forms.read(*_REFUSAL)
    reason = _must_reason(file, form)
    if faults := _number_faults(form):
        return _letter_page(petition, reason, Form(form.values, faults), ()), 400
    number = int(form.value("duplicate_of") or 0)
    refusal = Refusal(reason.code, form.value("note"), form.value("language"), number)
    try:
        services().moderation.reject(signed_in().access_token, forms.request_id(), petition_id, refusal)
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return _letter_page(petition, reason, forms.refused(form, error), ()), 400
    return casework.back(petition_id, "rejected")


@access.officer
def write_note(petition_id: str) -> str:
    """The form for a note, or for a question to colleagues."""
    petition, _ = casework.read(petition_id)
    return _note_page(petition, Form({"text": ""}))


@access.officer
def save_note(petition_id: str) -> ResponseReturnValue:
    """Writes a note, or asks colleagues."""
    petition, _ = casework.read(petition_id)
    form = forms.read("text")
    is_question = _is_question()

    def act() -> None:
        services().moderation.write(
            signed_in().access_token, forms.request_id(), petition_id, form.value("text"), asks_opinion=is_question
        )

    failed = forms.missing(form, "text") or casework.faults_of(form, act)
    if failed:
        return _note_page(petition, Form(form.values, failed)), 400
    return casework.back(petition_id, "asked" if is_question else "noted")


@access.officer
def write_opinion(petition_id: str, question_id: str) -> str:
    """The form for the opinion that a colleague asked for."""
    petition, file = casework.read(petition_id)
    return _opinion_page(petition, file, question_id, Form(dict.fromkeys(_OPINION, "")))


@access.officer
def save_opinion(petition_id: str, question_id: str) -> ResponseReturnValue:
    """Answers the colleague."""
    petition, file = casework.read(petition_id)
    form = forms.read(*_OPINION)
    advice = _ADVICE.get(form.value("advice"), moderation_pb2.ADVICE_UNSPECIFIED)
    reason = form.value("reason") if form.value("advice") == "reject" else ""

    def act() -> None:
        opinion = Opinion(question_id, advice, reason, form.value("text"))
        services().moderation.advise(signed_in().access_token, forms.request_id(), petition_id, opinion)

    failed = forms.missing(form, "advice", "text") or casework.faults_of(form, act)
    if failed:
        return _opinion_page(petition, file, question_id, Form(form.values, failed)), 400
    return casework.back(petition_id, "advised")


@access.officer
def claim(petition_id: str) -> ResponseReturnValue:
    """Puts the officer on the case."""
    services().moderation.claim(signed_in().access_token, petition_id)
    return casework.back(petition_id)


@access.officer
def release(petition_id: str) -> ResponseReturnValue:
    """Gives the case back."""
    services().moderation.release(signed_in().access_token, petition_id)
    return casework.back(petition_id)


def _waiting(petition_id: str) -> tuple[petitions_pb2.Petition, moderation_pb2.CaseFile]:
    """A case that waits for its check; others lead back to their page."""
    petition, file = casework.read(petition_id)
    if petition.state != petitions_pb2.PETITION_STATE_SUBMITTED:
        casework.too_late(petition_id)
    return petition, file


def _reason(file: moderation_pb2.CaseFile, code: str) -> petitions_pb2.RejectionReason | None:
    return next((each for each in file.reasons if each.code == code), None)


def _must_reason(file: moderation_pb2.CaseFile, form: Form) -> petitions_pb2.RejectionReason:
    return _reason(file, form.value("reason")) or abort(400)


def _number_faults(form: Form) -> dict[str, str]:
    number = form.value("duplicate_of")
    is_number = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    return {} if is_number or not number else {"duplicate_of": sentences.sentence("NOT_A_NUMBER")}


def _templates_for(petition: petitions_pb2.Petition, reason: str) -> list[moderation_pb2.AnswerTemplate]:
    """What the authority keeps ready for a reason; those for any come last."""
    found = services().moderation.templates(signed_in().access_token, petition.authority_id)
    return sorted((each for each in found if each.reason in ("", reason)), key=lambda each: not each.reason)


def _begun(
    template: moderation_pb2.AnswerTemplate | None,
    petition: petitions_pb2.Petition,
    reason: petitions_pb2.RejectionReason,
) -> tuple[str, str]:
    """The letter that a template begins, and its language; an empty one in the petition's language without any."""
    if template is None:
        return "", petition.language
    language, text = text_for(template, petition.language)
    title = reason.title.texts.get(language) or localized(reason.title.texts)
    values = {"title": petition.title, "authority": authority_name(petition.authority_id), "reason": title}
    if petition.number:
        values["number"] = str(petition.number)
    return filled(text, values), language


def _as_rejected(
    petition: petitions_pb2.Petition, file: moderation_pb2.CaseFile, form: Form
) -> petitions_pb2.Petition:  # fmt: skip
    """The petition as it would be; what the reason hides is gone."""
    reason = _must_reason(file, form)
    shown = petitions_pb2.Petition()
    shown.CopyFrom(petition)
    shown.state = petitions_pb2.PETITION_STATE_REJECTED
    if reason.hides_text:
        shown.title = shown.background = shown.details = shown.author_name = ""
    shown.rejection.CopyFrom(
        petitions_pb2.Rejection(
            reason=reason.code, title=reason.title, help=reason.help, note=form.value("note"),
            language=form.value("language"), duplicate_of=int(form.value("duplicate_of") or 0),
            hides_text=reason.hides_text,
        )
    )  # fmt: skip
    shown.rejection.rejected_at.GetCurrentTime()
    return shown


def _is_question() -> bool:
    return request.path.endswith("/ask")


def _reason_page(petition: petitions_pb2.Petition, file: moderation_pb2.CaseFile, form: Form) -> str:
    return render_template("console/moderation/reason.html", petition=petition, reasons=file.reasons, form=form)


def _letter_page(
    petition: petitions_pb2.Petition,
    reason: petitions_pb2.RejectionReason,
    form: Form,
    templates: Sequence[moderation_pb2.AnswerTemplate],
) -> str:
    return render_template(
        "console/moderation/letter.html", petition=petition, reason=reason, form=form, templates=templates,
        languages=casework.languages(), limit=casework.TEXT_LIMIT,
    )  # fmt: skip


def _note_page(petition: petitions_pb2.Petition, form: Form) -> str:
    return render_template(
        "console/moderation/note.html",
        petition=petition,
        form=form,
        is_question=_is_question(),
        limit=casework.TEXT_LIMIT,
    )


def _opinion_page(
    petition: petitions_pb2.Petition, file: moderation_pb2.CaseFile, question_id: str, form: Form
) -> str:  # fmt: skip
    question = next((each for each in file.notes if each.id == question_id), None) or abort(404)
    reasons = [(each.code, localized(each.title.texts)) for each in file.reasons]
    return render_template(
        "console/moderation/opinion.html", petition=petition, question=question, reasons=reasons, form=form,
        limit=casework.TEXT_LIMIT,
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    case = "/petitions/<petition_id>"
    for path, view, methods in (
        ("/reject", choose_reason, ["GET"]),
        ("/reject", reject, ["POST"]),
        ("/reject/letter", write_letter, ["GET"]),
        ("/reject/letter", check_letter, ["POST"]),
        ("/claim", claim, ["POST"]),
        ("/release", release, ["POST"]),
        ("/opinions/<question_id>", write_opinion, ["GET"]),
        ("/opinions/<question_id>", save_opinion, ["POST"]),
    ):
        blueprint.add_url_rule(case + path, view_func=view, methods=methods)
    for path, name in (("/note", "note"), ("/ask", "ask")):
        blueprint.add_url_rule(case + path, f"write_{name}", write_note)
        blueprint.add_url_rule(case + path, f"save_{name}", save_note, methods=["POST"])
