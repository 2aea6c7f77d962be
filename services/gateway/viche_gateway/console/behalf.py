"""Writing a petition for somebody who asks at the desk or on the phone; only that person can hand it in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.behalf import Behalf, NewDraft
from viche_gateway.console.channels import office
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.languages import NAMES
from viche_gateway.presence_shapes import title_of
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

ROLES = frozenset({"moderator", "officer", "operator"})
_FIELDS = ("email", "name", "language", "title", "background", "authority_id")
_MOST_BACKGROUND = 3_000


@access.officer
def write_for() -> str:
    """The form; with a conversation of the inbox what was written there stands in it."""
    thread_id = request.args.get("thread", "")
    return _page(_from_thread(thread_id) if thread_id else Form({"language": settings().default_language}))


@access.officer
def preview_for() -> ResponseReturnValue:
    """Shows the petition as its author will read it, before anything is kept."""
    form = _read()
    if form.errors:
        return _page(form), 400
    if "change" in request.form:
        return _page(form)
    return render_template("console/behalf/preview.html", form=form, languages=dict(_languages()))


@access.officer
def create_for() -> ResponseReturnValue:
    """Makes the draft and has its author told."""
    form = _read()
    if form.errors:
        return _page(form), 400
    draft = NewDraft(*(form.value(name) for name in _FIELDS))
    try:
        Behalf(services().channels).write(signed_in().access_token, forms.request_id(), draft)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _page(forms.refused(form, error)), 400
    return redirect(url_for("console.write_for", done="written"), 303)


def writable() -> list[str]:
    """The authorities to which the officer may write for others."""
    grants = [grant for grant in signed_in().person.grants if grant.role in ROLES]
    return sorted({id for grant in grants for id in (grant.authority_id, *grant.covers_authority_ids)})


def _page(form: Form) -> str:
    named = [(id, name) for id in writable() if (name := authority_name(id))]
    return render_template(
        "console/behalf/write.html", form=form, languages=_languages(), most=_MOST_BACKGROUND,
        authorities=sorted(named, key=lambda pair: pair[1].casefold()), done=request.args.get("done") == "written",
    )  # fmt: skip


def _from_thread(thread_id: str) -> Form:
    found = services().inbox.get(signed_in().access_token, office.checked_id(thread_id))
    thread, theirs = found.thread, [item for item in found.items if not item.is_own and item.text]
    source = next((item.url for item in theirs if item.url), "")
    text = "\n\n".join(item.text for item in theirs)
    where = gettext(
        "Written to %(account)s on %(platform)s.", account=thread.handle, platform=title_of(thread.platform)
    )
    ending = f"\n\n{where} {source}".rstrip()
    values = {
        "language": thread.language if thread.language in settings().languages else settings().default_language,
        "name": thread.author.name,
        "background": text[: _MOST_BACKGROUND - len(ending)] + ending,
        "authority_id": thread.authority_id,
    }
    return Form(values)


def _read() -> Form:
    form = forms.read(*_FIELDS)
    faults = forms.missing(form, *_FIELDS)
    if form.value("authority_id") and form.value("authority_id") not in writable():
        faults["authority_id"] = sentences.sentence("UNKNOWN_AUTHORITY")
    return Form(form.values, faults)


def _languages() -> list[tuple[str, str]]:
    return [(code, NAMES.get(code, code)) for code in settings().languages]


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/write-for", view_func=write_for)
    blueprint.add_url_rule("/write-for/preview", view_func=preview_for, methods=["POST"])
    blueprint.add_url_rule("/write-for", view_func=create_for, methods=["POST"])
