"""Who starts a petition: questions about the author, each a page, saved as the other answers are."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.petitions import Author
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal import drafting
from viche_gateway.portal.organisations import organisations
from viche_gateway.regions import residences
from viche_gateway.sessions import signed_in

KINDS: Mapping[str, int] = {
    "person": pb.AUTHOR_KIND_PERSON,
    "organisation": pb.AUTHOR_KIND_ORGANISATION,
    "committee": pb.AUTHOR_KIND_COMMITTEE,
}
CONFIRMED = "organisation:"
"""What stands before the id of a confirmed organisation that the person acts for."""

USUAL_ROWS = 3
MOST_ROWS = 100
_ORGANISATION = ("organisation_name", "register_number", "role")
_MEETING = ("founded_on-day", "founded_on-month", "founded_on-year", "founding_place")
_NAMES = {
    "organisation.name": "organisation_name",
    "organisation.register_number": "register_number",
    "organisation.role": "role",
    "committee.members": "name_0",
    "committee.founded_on": "founded_on",
    "committee.founding_place": "founding_place",
}


@access.person
def author_question(petition_id: str, step: str) -> ResponseReturnValue:
    """One question about the author, with the answer given so far."""
    petition = drafting.own_draft(petition_id)
    return _page(step, petition, _form_of(step, petition))


@access.person
def author_answer(petition_id: str, step: str) -> ResponseReturnValue:
    """Saves the answer and goes on; a member more may be asked for instead."""
    petition = drafting.own_draft(petition_id)
    petition.version = drafting.version_of_page() or petition.version
    form = _read(step)
    faults = _faults(step, form)
    if faults:
        return _page(step, petition, Form(form.values, faults)), 400
    try:
        saved = _save(step, petition, form)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        names = _NAMES | {f"committee.members[{row}].name": f"name_{row}" for row in range(MOST_ROWS)}
        again = drafting.own_draft(petition_id)  # as it is now: sending once more then works
        return _page(step, again, forms.refused(form, error, names)), 409 if error.code == Code.ABORTED else 400
    return redirect(_onward(step, drafting.own_draft(saved.id)), 303)


def _save(step: str, petition: pb.Petition, form: Form) -> pb.Petition:
    """Saves the answer; a confirmed organisation is written down as it was confirmed."""
    chosen = form.value("author_kind")
    if step != "author" or not chosen.startswith(CONFIRMED):
        return drafting.save(petition, replace(drafting.draft_of(petition), author=_author(step, petition, form)))
    organisations().act_for(signed_in().access_token, petition.id, chosen.removeprefix(CONFIRMED))
    return petition


def _onward(step: str, petition: pb.Petition) -> str:
    back = request.args.get("back")
    if step == "committee" and request.form.get("more"):
        rows = len(petition.committee.members) + 1
        return url_for("portal.author_question", petition_id=petition.id, step=step, rows=rows, back=back)
    steps = drafting.steps_of(petition)
    following = steps[steps.index(step) + 1] if step in steps else "name"
    if back == "check" and (step != "author" or following == "name"):
        return url_for("portal.check", petition_id=petition.id)
    return drafting.step_url(petition.id, following, back)


def _form_of(step: str, petition: pb.Petition) -> Form:
    organisation, committee = petition.author.organisation, petition.committee
    match step:
        case "author":
            kinds = {kind: name for name, kind in KINDS.items()}
            return Form(
                {
                    "author_kind": kinds.get(petition.author.kind, "person"),
                    "confirmed": organisation.name if organisation.HasField("confirmed_at") else "",
                }
            )
        case "organisation":
            return Form(
                {
                    "organisation_name": organisation.name, "register_number": organisation.register_number,
                    "role": organisation.role,
                }
            )  # fmt: skip
        case "committee":
            members = {f"name_{row}": member.name for row, member in enumerate(committee.members)}
            places = {f"territory_{row}": member.territory_code for row, member in enumerate(committee.members)}
            return Form(members | places)
        case _:
            year, month, day = committee.founded_on.split("-") if committee.founded_on else ("", "", "")
            return Form(dict(zip(_MEETING, (day, month, year, committee.founding_place), strict=True)))


def _read(step: str) -> Form:
    if step == "committee":
        rows = sum(f"name_{row}" in request.form for row in range(MOST_ROWS))
        return forms.read(*(f"{field}_{row}" for row in range(rows) for field in ("name", "territory")))
    fields = {"author": ("author_kind",), "organisation": _ORGANISATION, "meeting": _MEETING}
    return forms.read(*fields[step])


def _faults(step: str, form: Form) -> dict[str, str]:
    match step:
        case "author":
            chosen = form.value("author_kind")
            is_known = chosen in KINDS or chosen.startswith(CONFIRMED)
            return {} if is_known else forms.missing(Form(), "author_kind")
        case "organisation":
            return forms.missing(form, "organisation_name")
        case "meeting" if any(form.value(name) for name in _MEETING[:3]) and _day(form) is None:
            return {"founded_on": sentences.sentence("BAD_DATE")}
        case _:
            return {}


def _author(step: str, petition: pb.Petition, form: Form) -> Author:
    """What the draft says of the author with this answer in it."""
    said = Author(petition.author.kind, petition.author.organisation, petition.committee)
    match step:
        case "author":
            return replace(said, kind=KINDS[form.value("author_kind")])
        case "organisation":
            name, number, role = (form.value(field) for field in _ORGANISATION)
            return replace(said, organisation=pb.Organisation(name=name, register_number=number, role=role))
        case "committee":
            kept = pb.InitiativeCommittee(
                members=_members(form), founded_on=petition.committee.founded_on,
                founding_place=petition.committee.founding_place,
            )  # fmt: skip
            return replace(said, committee=kept)
        case _:
            day = _day(form)
            kept = pb.InitiativeCommittee(
                members=petition.committee.members, founded_on=day.isoformat() if day else "",
                founding_place=form.value("founding_place"),
            )  # fmt: skip
            return replace(said, committee=kept)


def _members(form: Form) -> list[pb.CommitteeMember]:
    rows = [(form.value(f"name_{row}"), form.value(f"territory_{row}")) for row in range(MOST_ROWS)]
    return [pb.CommitteeMember(name=name, territory_code=code) for name, code in rows if name]


def _day(form: Form) -> date | None:
    try:
        day, month, year = (int(form.value(name)) for name in _MEETING[:3])
        return date(year, month, day)
    except ValueError:
        return None


def _page(step: str, petition: pb.Petition, form: Form) -> str:
    rule = _rule(petition)
    wanted = request.args.get("rows", "")
    asked = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 0
    given = sum(name.startswith("name_") for name in form.values)
    rows = min(max(asked, given, rule.members_min if rule else USUAL_ROWS), MOST_ROWS)
    steps = drafting.steps_of(petition)
    return render_template(
        f"drafting/{step}.html", petition=petition, form=form, rule=rule, rows=rows, residences=residences(),
        step=steps.index(step) + 1 if step in steps else 4, steps=len(steps) + 1,
    )  # fmt: skip


def _rule(petition: pb.Petition) -> pb.Committee | None:
    """What the authority's rules ask of a committee; None where they ask for none."""
    terms = services().petitions.rules(petition.authority_id).terms
    return terms.committee if terms.HasField("committee") else None


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for step in ("author", "organisation", "committee", "meeting"):
        address = f"/drafts/<petition_id>/{step}"
        blueprint.add_url_rule(address, view_func=author_question, defaults={"step": step})
        blueprint.add_url_rule(address, view_func=author_answer, defaults={"step": step}, methods=["POST"])
