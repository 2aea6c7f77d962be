"""Correcting a post that is out: the words, who approves them, and where they take the place of the old ones."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import editions_pb2 as pb
from viche.social.v1 import posts_pb2

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.posts import desk, page, pieces, problems, saying
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

MOST_WHAT = 1_000
_WORDS = ("text", "media", "variants")
"""The steps of writing whose words a correction may change."""


@access.officer
def correct_post(post_id: str) -> ResponseReturnValue:
    """The words as they are, or as the correction has them that is being written."""
    found = desk.writable(post_id)
    if found.post.state != posts_pb2.POST_STATE_OUT:
        return redirect(url_for("console.post", post_id=post_id), 303)
    edition = _open(found)
    content = edition.content if edition else found.content
    values = {name: text for step in _WORDS for name, text in pieces.values_of(step, content, found.around).items()}
    return _form(found, edition.version if edition else 0, Form({**values, "what": edition.what if edition else ""}))


@access.officer
def save_correction(post_id: str) -> ResponseReturnValue:
    """Saves the words and goes on to what comes of them."""
    found, form = desk.writable(post_id), pieces.read_form()
    faults = forms.missing(form, "what")
    if len(form.value("what")) > MOST_WHAT:
        faults["what"] = sentences.sentence("TOO_LONG", {"limit": str(MOST_WHAT)})
    version = page.version()
    if faults:
        return _form(found, version, Form(form.values, faults)), 400
    try:
        services().editions.save(
            signed_in().access_token, forms.request_id(), post_id, version, _content(found, form), form.value("what")
        )
    except DomainError as error:
        page.reraise(error)
        if error.code is Code.INVALID_ARGUMENT:
            names = {f"content.{name.replace(pieces.SEPARATOR, '.')}": name for name in form.values}
            return _form(found, version, forms.refused(form, error, names)), 400
        edition = _open(found)
        now = edition.version if edition else 0
        return _form(found, now, Form(form.values, {"": page.said(error)})), 409
    return redirect(url_for("console.correction", post_id=post_id), 303)


@access.officer
def correction(post_id: str) -> ResponseReturnValue:
    """The correction that is being written: what each account gets, and who approves it."""
    return _page(desk.read(post_id), Form(), 200)


@access.officer
def submit_correction(post_id: str) -> ResponseReturnValue:
    """Hands the correction to a second person."""
    desk.writable(post_id)
    return _changed(post_id, "", lambda token, id: services().editions.submit(token, id, post_id, page.version()))


@access.officer
def approve_correction(post_id: str) -> ResponseReturnValue:
    """Makes the correction what the post says."""
    return _changed(
        post_id, "corrected", lambda token, id: services().editions.approve(token, id, post_id, page.version())
    )


@access.officer
def return_correction(post_id: str) -> ResponseReturnValue:
    """Gives the correction back to its author, with the reason."""
    form, faults = page.reason("return_reason")
    if faults:
        return _page(desk.read(post_id), Form(form.values, faults), 400)
    reason = form.value("return_reason")
    return _changed(
        post_id, "", lambda token, id: services().editions.give_back(token, id, post_id, page.version(), reason), form
    )  # fmt: skip


@access.officer
def drop_correction(post_id: str) -> ResponseReturnValue:
    """Throws the correction away."""
    return _changed(post_id, "dropped", lambda token, id: services().editions.drop(token, id, post_id))


def _changed(
    post_id: str, done: str, act: Callable[[str, str], pb.Edition | None], form: Form | None = None
) -> ResponseReturnValue:
    """Does something with the correction; what is refused is said on its page, with what was written."""
    try:
        act(signed_in().access_token, forms.request_id())
    except DomainError as error:
        page.reraise(error)
        return _page(desk.read(post_id), Form(form.values if form else {}, {"": page.said(error)}), 409)
    if done:
        return redirect(url_for("console.post", post_id=post_id, done=done), 303)
    return redirect(url_for("console.correction", post_id=post_id), 303)


def _open(found: Desk) -> pb.Edition | None:
    listed = services().editions.listed(signed_in().access_token, found.id)
    return listed.open if listed.HasField("open") else None


def _content(found: Desk, form: Form) -> pb.EditionContent:
    """The words of the form; files and accounts are those of the post."""
    content = pieces.changed("text", form, found.content, found.around).content
    for media in content.media:
        media.alt.clear()
        media.alt.update(pieces.texts(form, f"alt_{media.id}"))
    for variant in content.variants:
        variant.text = form.value(f"own_{variant.channel_id}")
    return pb.EditionContent(
        title=content.title, text=content.text, media=content.media, variants=content.variants
    )  # fmt: skip


def _form(found: Desk, version: int, form: Form) -> str:
    return render_template(
        "console/posts/correct.html", desk=found, form=form, version=version, sep=pieces.SEPARATOR, most=MOST_WHAT,
        languages=pieces.named(found.around.needed(found.content)),
    )  # fmt: skip


def _page(found: Desk, form: Form, status: int) -> ResponseReturnValue:
    """The correction; where none is being written any more, its post."""
    edition = _open(found)
    if edition is None:
        return redirect(url_for("console.post", post_id=found.id), 303)
    written, checked = _written(found, edition), _checked(found)
    said = posts_pb2.CheckPostResponse(problems=checked.problems, previews=checked.previews)
    rendered = render_template(
        "console/posts/correction.html", desk=written, edition=edition, form=form, say=saying, most=page.MOST_REASON,
        unchangeable=[found.channel_words(each) for each in checked.unchangeable], **problems.shown(written, said),
    )  # fmt: skip
    return rendered, status


def _written(found: Desk, edition: pb.Edition) -> Desk:
    """The post as the correction has it, written by who wrote that."""
    shown = posts_pb2.Post()
    shown.CopyFrom(found.post)
    shown.content.CopyFrom(edition.content)
    shown.written_by = edition.written_by
    return Desk(shown)


def _checked(found: Desk) -> pb.CheckEditionResponse:
    if not found.may(desk.CHECK):
        return pb.CheckEditionResponse()
    return services().editions.check(signed_in().access_token, found.id)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/posts/<post_id>/correction"
    for path, view, method in (
        ("/posts/<post_id>/correct", correct_post, "GET"),
        ("/posts/<post_id>/correct", save_correction, "POST"),
        (one, correction, "GET"),
        (f"{one}/submit", submit_correction, "POST"),
        (f"{one}/approve", approve_correction, "POST"),
        (f"{one}/return", return_correction, "POST"),
        (f"{one}/drop", drop_correction, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
