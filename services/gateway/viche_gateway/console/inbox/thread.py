"""One conversation: what was said, what is answered, what else can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import inbox_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.social_inbox import Labels
from viche_gateway.console import behalf
from viche_gateway.console.channels import office as channels
from viche_gateway.console.inbox import office, saying
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.sessions import signed_in

MOST_NOTE, MOST_ADDRESS, MOST_ANSWER = 4_000, 2_000, 10_000
_DONE = ("answered", "claimed", "given", "released", "noted", "closed", "reopened", "labelled", "hidden", "shown",
         "settled", "again", "forgotten")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a conversation: what somebody wrote, or an answer from here."""

    at: datetime
    item: pb.InboxItem | None = None
    reply: pb.Reply | None = None


@access.officer
def thread(thread_id: str) -> str:
    """The conversation."""
    return _page(thread_id)


@access.officer
def answer_thread(thread_id: str) -> ResponseReturnValue:
    """Sends an answer, or puts a ready one into the field."""
    form = forms.read("text", "item_id", "ready")
    if request.form.get("act") == "fill":
        return _page(thread_id, _filled(form, thread_id))
    if faults := forms.missing(form, "text"):
        return _page(thread_id, Form(form.values, faults)), 400
    item_id = channels.checked_id(form.value("item_id")) if form.value("item_id") else ""
    try:
        services().inbox.answer(
            signed_in().access_token, forms.request_id(), channels.checked_id(thread_id), item_id, form.value("text")
        )  # fmt: skip
    except DomainError as error:
        office.reraise(error)
        return _page(thread_id, forms.refused(form, error)), 400
    return _done(thread_id, "answered")


@access.officer
def assign_thread(thread_id: str) -> ResponseReturnValue:
    """Takes the conversation, gives it to a colleague, or gives it back."""
    if request.form.get("act") == "give":
        return _give(thread_id)
    to_me = request.form.get("act") == "claim"
    return _changed(
        thread_id, "claimed" if to_me else "released",
        lambda token, id: services().inbox.assign(token, id, channels.checked_id(thread_id), to_me=to_me),
    )  # fmt: skip


def _give(thread_id: str) -> ResponseReturnValue:
    form = forms.read("colleague")
    found = services().inbox.get(signed_in().access_token, channels.checked_id(thread_id)).thread
    if form.value("colleague") not in dict(office.Colleagues(found.authority_id).able(found.assignee)):
        return _page(thread_id, Form(form.values, {"colleague": sentences.sentence("REQUIRED")})), 400
    colleague = bytes.fromhex(form.value("colleague"))
    return _changed(thread_id, "given", lambda token, id: services().inbox.give(token, id, found.id, colleague), form)


@access.officer
def draft_from_thread(thread_id: str) -> ResponseReturnValue:
    """Begins a petition from what somebody wrote, and notes that."""
    id = channels.checked_id(thread_id)
    services().inbox.note_draft(signed_in().access_token, forms.request_id(), id)
    return redirect(url_for("console.write_for", thread=id), 303)


@access.officer
def note_thread(thread_id: str) -> ResponseReturnValue:
    """Writes something down for colleagues."""
    form = forms.read("note")
    faults = forms.missing(form, "note")
    if len(form.value("note")) > MOST_NOTE:
        faults["note"] = sentences.sentence("TOO_LONG", {"limit": str(MOST_NOTE)})
    if faults:
        return _page(thread_id, Form(form.values, faults)), 400
    return _changed(
        thread_id, "noted",
        lambda token, id: services().inbox.note(token, id, channels.checked_id(thread_id), form.value("note")), form,
    )  # fmt: skip


@access.officer
def close_thread(thread_id: str) -> ResponseReturnValue:
    """Ends the conversation without an answer."""
    form = forms.read("because")
    because = saying.CHOSEN.get(form.value("because"))
    if because is None:
        return _page(thread_id, Form(form.values, {"because": sentences.sentence("REQUIRED")})), 400
    return _changed(
        thread_id, "closed",
        lambda token, id: services().inbox.close(token, id, channels.checked_id(thread_id), because), form,  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


@access.officer
def reopen_thread(thread_id: str) -> ResponseReturnValue:
    """Lets the conversation wait for an answer again."""
    return _changed(
        thread_id, "reopened", lambda token, id: services().inbox.reopen(token, id, channels.checked_id(thread_id))
    )


@access.officer
def label_thread(thread_id: str) -> ResponseReturnValue:
    """Says in which language, about what and in which tone somebody wrote."""
    form = forms.read("language", "topic", "tone")
    said = Labels(
        form.value("language") if form.value("language") in settings().languages else "",
        form.value("topic") if form.value("topic") in saying.TOPICS else "",
        saying.TONE_NAMES.get(form.value("tone"), 0),  # pyright: ignore[reportArgumentType]
    )
    return _changed(
        thread_id, "labelled",
        lambda token, id: services().inbox.label(token, id, channels.checked_id(thread_id), said), form,
    )  # fmt: skip


@access.officer
def hide_item(thread_id: str, item_id: str) -> ResponseReturnValue:
    """Hides a comment on the platform, or shows it again."""
    hidden = request.form.get("act") == "hide"
    return _changed(
        thread_id, "hidden" if hidden else "shown",
        lambda token, id: services().inbox.hide(token, id, channels.checked_id(item_id), hidden=hidden),
    )  # fmt: skip


@access.officer
def settle_reply(thread_id: str, reply_id: str) -> ResponseReturnValue:
    """Says what a person found on the platform."""
    form = Form({f"{name}_{reply_id}": request.form.get(name, "").strip() for name in ("there", "url")})
    there, url = form.value(f"there_{reply_id}"), form.value(f"url_{reply_id}")
    faults: dict[str, str] = {}
    if there not in ("yes", "no"):
        faults[f"there_{reply_id}"] = sentences.sentence("REQUIRED")
    elif url and not (url.startswith("https://") and len(url) <= MOST_ADDRESS):
        faults[f"url_{reply_id}"] = sentences.sentence("BAD_ADDRESS")
    if faults:
        return _page(thread_id, Form(form.values, faults)), 400
    return _changed(
        thread_id, "settled",
        lambda token, id: services().inbox.settle(
            token, id, channels.checked_id(reply_id), has_appeared=there == "yes", url=url if there == "yes" else ""
        ),
        form,
    )  # fmt: skip


@access.officer
def retry_reply(thread_id: str, reply_id: str) -> ResponseReturnValue:
    """Sends once more what was refused."""
    return _changed(
        thread_id, "again", lambda token, id: services().inbox.retry(token, id, channels.checked_id(reply_id))
    )


@access.officer
def ask_forget_author(thread_id: str, item_id: str) -> str:
    """Asks once before it is forgotten what a person wrote."""
    found = services().inbox.get(signed_in().access_token, channels.checked_id(thread_id))
    return render_template("console/inbox/ask_forget.html", thread=found.thread, item_id=channels.checked_id(item_id))


@access.officer
def forget_author(thread_id: str, item_id: str) -> ResponseReturnValue:
    """Forgets it."""
    services().inbox.forget(signed_in().access_token, forms.request_id(), channels.checked_id(item_id))
    return _done(thread_id, "forgotten")


def _changed(
    thread_id: str, done: str, act: Callable[[str, str], pb.Thread], form: Form | None = None
) -> ResponseReturnValue:
    """Does something with a conversation; what is refused is said on its page, with what was written."""
    try:
        act(signed_in().access_token, forms.request_id())
    except DomainError as error:
        office.reraise(error)
        return _page(thread_id, Form(form.values if form else {}, {"": sentences.of(error)})), 409
    return _done(thread_id, done)


def _page(thread_id: str, form: Form | None = None) -> str:
    found = services().inbox.get(signed_in().access_token, channels.checked_id(thread_id))
    authority_id, done = found.thread.authority_id, request.args.get("done", "")
    may_answer = channels.may(office.ANSWER, authority_id)
    return render_template(
        "console/inbox/thread.html", found=found, thread=found.thread, entries=entries(found), form=form or Form(),
        say=saying, colleagues=office.Colleagues(authority_id), titles=channels.titles(),
        done=done if done in _DONE else "", may_answer=may_answer,
        may_handle=channels.may(office.HANDLE, authority_id), may_forget=channels.may(office.SET_UP, authority_id),
        ready=_ready(authority_id) if may_answer else (), most=found.most or MOST_ANSWER, most_note=MOST_NOTE,
        languages=[(code, language_name(code)) for code in settings().languages], labels=_labels(found.thread),
        may_write_for=authority_id in behalf.writable(),
        last_item=next((item.id for item in reversed(found.items) if not item.is_own), ""),
    )  # fmt: skip


def _labels(thread: pb.Thread) -> Form:
    """What is said of a conversation, or proposed."""
    tone = saying.name_of(saying.TONE_NAMES, thread.tone)
    return Form({"language": thread.language, "topic": thread.topic, "tone": tone})


def entries(found: pb.GetThreadResponse) -> Sequence[Entry]:
    """What was said, from both sides, the oldest first."""
    items = [Entry(item.written_at.ToDatetime(tzinfo=UTC), item=item) for item in found.items]
    replies = [Entry(reply.written_at.ToDatetime(tzinfo=UTC), reply=reply) for reply in found.replies]
    return sorted([*items, *replies], key=lambda entry: entry.at)


def _ready(authority_id: str) -> Sequence[pb.CannedReply]:
    try:
        return services().inbox.ready(signed_in().access_token, authority_id)
    except DomainError:  # answering goes on without them
        return ()


def _filled(form: Form, thread_id: str) -> Form:
    """The form with a ready answer behind what is written."""
    found = services().inbox.get(signed_in().access_token, channels.checked_id(thread_id))
    chosen = next((each for each in _ready(found.thread.authority_id) if each.id == form.value("ready")), None)
    if chosen is None:
        return Form(form.values, {"ready": sentences.sentence("REQUIRED")})
    text = "\n\n".join(part for part in (form.value("text"), chosen.text) if part)
    return Form({**form.values, "text": text})


def _done(thread_id: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("console.thread", thread_id=thread_id, done=done), 303)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/inbox/<thread_id>"
    blueprint.add_url_rule(one, view_func=thread)
    blueprint.add_url_rule(f"{one}/items/<item_id>/forget", view_func=ask_forget_author)
    for path, view in (
        ("answer", answer_thread),
        ("assign", assign_thread),
        ("draft", draft_from_thread),
        ("note", note_thread),
        ("close", close_thread),
        ("reopen", reopen_thread),
        ("labels", label_thread),
        ("items/<item_id>/hide", hide_item),
        ("items/<item_id>/forget", forget_author),
        ("replies/<reply_id>/settle", settle_reply),
        ("replies/<reply_id>/retry", retry_reply),
    ):
        blueprint.add_url_rule(f"{one}/{path}", view_func=view, methods=["POST"])
