"""Answers that are kept ready, and within which time authorities mean to answer."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import inbox_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.social_inbox import Ready
from viche_gateway.console.channels import office as channels
from viche_gateway.console.inbox import office
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.sessions import signed_in

MOST_TITLE, MOST_TEXT, MOST_HOURS = 100, 4_000, 60 * 24
_DONE = ("saved", "deleted", "set")


@access.officer
def ready_answers() -> str:
    """The answers, and the times."""
    return _list()


@access.officer
def new_ready_answer() -> str:
    """A form for a new one."""
    return _form("", Form({"language": settings().default_language}))


@access.officer
def ready_answer(ready_id: str) -> str:
    """A form for one that is there."""
    found = _find(ready_id)
    values = {"authority_id": found.authority_id, "language": found.language, "title": found.title, "text": found.text}
    return _form(found.id, Form(values))


@access.officer
def save_ready_answer() -> ResponseReturnValue:
    """Keeps a new one."""
    return _save("")


@access.officer
def change_ready_answer(ready_id: str) -> ResponseReturnValue:
    """Changes one that is there."""
    return _save(_find(ready_id).id)


@access.officer
def delete_ready_answer(ready_id: str) -> ResponseReturnValue:
    """Throws one away."""
    services().inbox.delete_ready(signed_in().access_token, forms.request_id(), channels.checked_id(ready_id))
    return redirect(url_for("console.ready_answers", done="deleted"), 303)


@access.officer
def set_target() -> ResponseReturnValue:
    """Says within which time an authority means to answer."""
    authority_id = request.form.get("authority_id", "")
    if not channels.may(office.SET_UP, authority_id):
        channels.turn_back("console.ready_answers")
    name = f"hours_{authority_id}"
    form = Form({name: request.form.get("hours", "").strip()})
    hours = form.value(name)
    if not (hours.isascii() and hours.isdigit() and 1 <= int(hours) <= MOST_HOURS):
        said = sentences.sentence("OUT_OF_RANGE", {"least": "1", "most": str(MOST_HOURS)})
        return _list(Form(form.values, {name: said})), 400
    services().inbox.set_target(
        signed_in().access_token, forms.request_id(), authority_id, timedelta(hours=int(hours))
    )  # fmt: skip
    return redirect(url_for("console.ready_answers", done="set"), 303)


def _list(form: Form | None = None) -> str:
    token, done = signed_in().access_token, request.args.get("done", "")
    seen = channels.authorities(office.HANDLE | office.SET_UP)
    targets = [(id, name, _hours(services().inbox.settings(token, id))) for id, name in seen]
    return render_template(
        "console/inbox/ready.html", ready=services().inbox.ready(token), targets=targets, form=form or Form(),
        may_write=bool(channels.covered(office.ANSWER)), may_set=channels.covered(office.SET_UP),
        language_name=language_name, done=done if done in _DONE else "",
    )  # fmt: skip


def _hours(found: pb.GetInboxSettingsResponse) -> int:
    return found.target.seconds // 3600


def _save(id: str) -> ResponseReturnValue:
    form = forms.read("authority_id", "language", "title", "text")
    known = _authorities()
    authority = form.value("authority_id") or (known[0][0] if len(known) == 1 else "")
    faults = forms.missing(form, "title", "text", "language")
    if authority not in dict(known):
        faults["authority_id"] = sentences.sentence("REQUIRED")
    for name, most in (("title", MOST_TITLE), ("text", MOST_TEXT)):
        if len(form.value(name)) > most:
            faults[name] = sentences.sentence("TOO_LONG", {"limit": str(most)})
    if faults:
        return _form(id, Form(form.values, faults)), 400
    new = Ready(id, authority, form.value("language"), form.value("title"), form.value("text"))
    try:
        services().inbox.put_ready(signed_in().access_token, forms.request_id(), new)
    except DomainError as error:
        office.reraise(error)
        return _form(id, forms.refused(form, error)), 400
    return redirect(url_for("console.ready_answers", done="saved"), 303)


def _form(id: str, form: Form) -> str:
    if not channels.covered(office.ANSWER):
        channels.turn_back("console.ready_answers")
    return render_template(
        "console/inbox/ready_form.html", id=id, form=form, authorities=_authorities(), most=MOST_TEXT,
        languages=[(code, language_name(code)) for code in settings().languages],
    )  # fmt: skip


def _authorities() -> Sequence[tuple[str, str]]:
    return channels.authorities(office.ANSWER)


def _find(ready_id: str) -> pb.CannedReply:
    found = services().inbox.ready(signed_in().access_token)
    return next((each for each in found if each.id == ready_id), None) or abort(404)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for path, view, method in (
        ("/inbox/ready", ready_answers, "GET"),
        ("/inbox/ready/new", new_ready_answer, "GET"),
        ("/inbox/ready/new", save_ready_answer, "POST"),
        ("/inbox/ready/targets", set_target, "POST"),
        ("/inbox/ready/<ready_id>", ready_answer, "GET"),
        ("/inbox/ready/<ready_id>", change_ready_answer, "POST"),
        ("/inbox/ready/<ready_id>/delete", delete_ready_answer, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
