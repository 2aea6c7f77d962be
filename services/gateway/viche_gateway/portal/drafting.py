"""Starting a petition: one question a page, saved in the service after every answer."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.branding.current import authorities_here
from viche_gateway.clients.behalf import Behalf
from viche_gateway.clients.petitions import Draft
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.portal import similar
from viche_gateway.sessions import Session, signed_in

TITLE_LIMIT = 150
TEXT_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Question:
    """One page of the way: its fields, and those among them that need an answer."""

    step: str
    fields: tuple[str, ...]
    required: tuple[str, ...]


QUESTIONS = (
    Question("title", ("title",), ("title",)),
    Question("text", ("background", "details"), ("background",)),
    Question("authority", ("authority_id",), ("authority_id",)),
    Question("name", ("author_name",), ("author_name",)),
)
_STEPS = tuple(question.step for question in QUESTIONS)
_OF_KIND = {
    pb.AUTHOR_KIND_ORGANISATION: ("organisation",),
    pb.AUTHOR_KIND_COMMITTEE: ("committee", "meeting"),
}
_PLACES = {
    "organisation.name": "organisation",
    "committee.members": "members",
    "committee.founded_on": "meeting",
    "committee.founding_place": "meeting",
}
"""Where the check shows what is wrong with the author."""

_CHECKED = (*(name for question in QUESTIONS for name in question.fields), "author_kind", *_PLACES.values())


@access.person
def start() -> ResponseReturnValue:
    """The first question: what is asked, in one line."""
    return _page(QUESTIONS[0], None, Form({"title": ""}))


@access.person
def create() -> ResponseReturnValue:
    """Makes the draft from its title; the first authority of the region stands in until it is chosen."""
    form = forms.read("title")
    if faults := forms.missing(form, "title"):
        return _page(QUESTIONS[0], None, Form(form.values, faults)), 400
    session = signed_in()
    draft = Draft(
        title=form.value("title"),
        background="",
        details="",
        authority_id=_first_authority(),
        author_name=session.person.name,
        language=current_language(),
    )
    try:
        petition = services().petitions.create(session.access_token, forms.request_id(), draft)
    except DomainError as error:
        return _again(QUESTIONS[0], None, form, error)
    return redirect(similar.after_title(petition, "text"), 303)


@access.person
def question(petition_id: str, step: str) -> ResponseReturnValue:
    """One question of a draft, with the answer given so far."""
    petition = own_draft(petition_id)
    asked = _question(step)
    return _page(asked, petition, Form({name: getattr(petition, name) for name in asked.fields}))


@access.person
def answer(petition_id: str, step: str) -> ResponseReturnValue:
    """Saves the answer and goes on to the next question, or back to the check."""
    petition = own_draft(petition_id)
    asked = _question(step)
    form = forms.read(*asked.fields)
    petition.version = version_of_page() or petition.version
    if faults := forms.missing(form, *asked.required):
        return _page(asked, petition, Form(form.values, faults)), 400
    try:
        saved = save(petition, replace(draft_of(petition), **form.values))
    except DomainError as error:
        return _again(asked, petition, form, error)
    if saved.title != petition.title:
        return redirect(similar.after_title(saved, "check" if request.args.get("back") == "check" else "text"), 303)
    following = [*steps_of(saved), ""][steps_of(saved).index(step) + 1]
    if not following or request.args.get("back") == "check":
        return redirect(url_for("portal.check", petition_id=petition_id), 303)
    return redirect(step_url(petition_id, following), 303)


@access.person
def check(petition_id: str) -> ResponseReturnValue:
    """The draft as citizens will see it, each answer with a way back to its question."""
    return _check_page(own_draft(petition_id), Form())


@access.person
def submit(petition_id: str) -> ResponseReturnValue:
    """Hands the draft in."""
    petition = own_draft(petition_id)
    try:
        save(petition, replace(draft_of(petition), submit=True, scope_token=first_signer_token(signed_in(), petition)))
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        form = forms.refused(Form(dict.fromkeys(_CHECKED, "")), error, _PLACES)
        return _check_page(petition, form), 400
    return redirect(url_for("portal.submitted", petition_id=petition_id), 303)


@access.person
def submitted(petition_id: str) -> ResponseReturnValue:
    """Says what happens now."""
    petition = _own(petition_id)
    if petition.state == pb.PETITION_STATE_SPONSORING:
        return redirect(url_for("portal.supporters", petition_id=petition_id), 303)
    return render_template("drafting/submitted.html", petition=petition)


def steps_of(petition: pb.Petition | None) -> tuple[str, ...]:
    """The questions of a draft, in order; some depend on who starts it."""
    kind = petition.author.kind if petition is not None else pb.AUTHOR_KIND_PERSON
    return ("title", "text", "authority", "author", *_OF_KIND.get(kind, ()), "name")


def step_url(petition_id: str, step: str, back: str | None = None) -> str:
    """The page of a question."""
    endpoint = "portal.question" if step in _STEPS else "portal.author_question"
    return url_for(endpoint, petition_id=petition_id, step=step, back=back)


def _own(petition_id: str) -> pb.Petition:
    """The person's own petition; others are not found, so that nobody learns of them."""
    mine = services().petitions.mine(signed_in().access_token)
    found = next((petition for petition in mine if petition.id == petition_id), None)
    return found if found is not None else abort(404)


def own_draft(petition_id: str) -> pb.Petition:
    """The person's own draft; what was handed in leads to what became of it."""
    petition = _own(petition_id)
    if petition.state != pb.PETITION_STATE_DRAFT:
        abort(redirect(url_for("portal.submitted", petition_id=petition_id), 303))
    return petition


def _check_page(petition: pb.Petition, form: Form) -> str:
    written = [each for each in Behalf(services().channels).mine(signed_in().access_token)
               if each.petition_id == petition.id]  # fmt: skip
    return render_template(
        "drafting/check.html", petition=petition, form=form, terms=_terms(petition), written=written[:1]
    )


def _terms(petition: pb.Petition) -> pb.Terms:
    """What the rules of the authority ask for now."""
    return services().petitions.rules(petition.authority_id).terms


def first_signer_token(session: Session, petition: pb.Petition) -> str:
    """Lets the author count as the first signer where the rules say so; else nobody need know them as one."""
    if not _terms(petition).author_counts:
        return ""
    return services().identity.scope_token(session.access_token, "petitions", f"petition:{petition.id}")


def _question(step: str) -> Question:
    if step not in _STEPS:
        abort(404)
    return QUESTIONS[_STEPS.index(step)]


def draft_of(petition: pb.Petition) -> Draft:
    """A draft as it was saved, with nothing new said of its author."""
    return Draft(
        title=petition.title,
        background=petition.background,
        details=petition.details,
        authority_id=petition.authority_id,
        author_name=petition.author_name,
        language=petition.language,
    )


def save(petition: pb.Petition, draft: Draft) -> pb.Petition:
    """Saves a draft as the person."""
    return services().petitions.update(signed_in().access_token, forms.request_id(), petition, draft)


def version_of_page() -> int:
    """The version that the page showed, so that a change in another window is not lost; 0 when it says none."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _first_authority() -> str:
    authorities = authorities_here()
    if not authorities:
        abort(503)
    return authorities[0].id


def _page(asked: Question, petition: pb.Petition | None, form: Form) -> str:
    return render_template(
        f"drafting/{asked.step}.html",
        petition=petition,
        form=form,
        step=steps_of(petition).index(asked.step) + 1,
        steps=len(steps_of(petition)) + 1,
        authorities=authorities_here() if asked.step == "authority" else (),
        title_limit=TITLE_LIMIT,
        text_limit=TEXT_LIMIT,
    )


def _again(asked: Question, petition: pb.Petition | None, form: Form, error: DomainError) -> ResponseReturnValue:
    if error.code == Code.UNAVAILABLE:
        raise error
    if petition is not None:
        petition = own_draft(petition.id)  # as it is now: sending once more then works
    return _page(asked, petition, forms.refused(form, error)), 409 if error.code == Code.ABORTED else 400


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/start", view_func=start)
    blueprint.add_url_rule("/petitions/start", view_func=create, methods=["POST"])
    blueprint.add_url_rule("/drafts/<petition_id>/check", view_func=check)
    blueprint.add_url_rule("/drafts/<petition_id>/check", view_func=submit, methods=["POST"])
    blueprint.add_url_rule("/drafts/<petition_id>/submitted", view_func=submitted)
    blueprint.add_url_rule("/drafts/<petition_id>/<step>", view_func=question)
    blueprint.add_url_rule("/drafts/<petition_id>/<step>", view_func=answer, methods=["POST"])
