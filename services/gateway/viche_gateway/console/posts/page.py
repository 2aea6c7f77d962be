"""One post: what it says, what became of it on each account, and what can be done next."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import editions_pb2
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.channels import office
from viche_gateway.console.posts import desk, figures, pieces, problems, saying
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

_DONE = ("submitted", "approved", "returned", "taken_back", "withdrawn", "settled", "again", "corrected",
         "dropped", "counted")  # fmt: skip
MOST_REASON = 2_000
_MOST_ADDRESS = 2_000


@access.officer
def post(post_id: str) -> str:
    """The post with what can be done."""
    return shown(desk.read(post_id))


@access.officer
def submit_post(post_id: str) -> ResponseReturnValue:
    """Hands the post to a second person."""
    desk.writable(post_id)
    try:
        services().posts.submit(signed_in().access_token, forms.request_id(), post_id, version())
    except DomainError as error:
        reraise(error)
        return problems.page(desk.read(post_id), Form({}, {"": said(error)})), 409
    return done(post_id, "submitted")


@access.officer
def approve_post(post_id: str) -> ResponseReturnValue:
    """Approves the post as it was read."""
    return _changed(post_id, "approved", lambda token, id: services().posts.approve(token, id, post_id, version()))


@access.officer
def return_post(post_id: str) -> ResponseReturnValue:
    """Gives the post back to its author, with the reason."""
    form, faults = reason("return_reason")
    if faults:
        return shown(desk.read(post_id), Form(form.values, faults)), 400
    why = form.value("return_reason")
    return _changed(
        post_id, "returned", lambda token, id: services().posts.give_back(token, id, post_id, version(), why), form
    )  # fmt: skip


@access.officer
def cancel_post(post_id: str) -> ResponseReturnValue:
    """Takes back what has not gone out."""
    return _changed(post_id, "taken_back", lambda token, id: services().posts.cancel(token, id, post_id))


@access.officer
def ask_delete_post(post_id: str) -> str:
    """Asks once before a draft is thrown away."""
    return render_template("console/posts/ask_delete.html", desk=desk.writable(post_id))


@access.officer
def delete_post(post_id: str) -> ResponseReturnValue:
    """Throws a draft away."""
    try:
        services().posts.delete(signed_in().access_token, forms.request_id(), office.checked_id(post_id))
    except DomainError as error:
        reraise(error)
        return shown(desk.read(post_id), Form({}, {"": sentences.of(error)})), 409
    return redirect(url_for("console.post_list", done="deleted"), 303)


@access.officer
def ask_withdraw_post(post_id: str) -> str:
    """Asks for the reason that everybody will read."""
    return _withdrawal(desk.read(post_id), Form())


@access.officer
def withdraw_post(post_id: str) -> ResponseReturnValue:
    """Takes the post away wherever that can be done."""
    form, faults = reason("reason")
    if faults:
        return _withdrawal(desk.read(post_id), Form(form.values, faults)), 400
    try:
        services().posts.withdraw(
            signed_in().access_token, forms.request_id(), office.checked_id(post_id), form.value("reason")
        )  # fmt: skip
    except DomainError as error:
        reraise(error)
        return _withdrawal(desk.read(post_id), Form(form.values, {"": sentences.of(error)})), 409
    return done(post_id, "withdrawn")


@access.officer
def settle_delivery(post_id: str, delivery_id: str) -> ResponseReturnValue:
    """Says what a person found on the platform, or put there."""
    form = Form({f"{name}_{delivery_id}": request.form.get(name, "").strip() for name in ("there", "url")})
    there, url = form.value(f"there_{delivery_id}"), form.value(f"url_{delivery_id}")
    faults: dict[str, str] = {}
    if there not in ("yes", "no"):
        faults[f"there_{delivery_id}"] = sentences.sentence("REQUIRED")
    elif there == "yes" and not (url.startswith("https://") and len(url) <= _MOST_ADDRESS):
        faults[f"url_{delivery_id}"] = sentences.sentence("BAD_ADDRESS")
    if faults:
        return shown(desk.read(post_id), Form(form.values, faults)), 400
    return _changed(
        post_id, "settled",
        lambda token, id: services().posts.settle(
            token, id, office.checked_id(delivery_id), has_appeared=there == "yes", url=url if there == "yes" else ""
        ),
        form,
    )  # fmt: skip


@access.officer
def retry_delivery(post_id: str, delivery_id: str) -> ResponseReturnValue:
    """Sends once more what was refused."""
    return _changed(
        post_id, "again", lambda token, id: services().posts.retry(token, id, office.checked_id(delivery_id))
    )


def _changed(
    post_id: str, what: str, act: Callable[[str, str], pb.Post], form: Form | None = None
) -> ResponseReturnValue:
    """Does something with a post; what is refused is said on its page, with what was written."""
    try:
        act(signed_in().access_token, forms.request_id())
    except DomainError as error:
        reraise(error)
        return shown(desk.read(post_id), Form(form.values if form else {}, {"": said(error)})), 409
    return done(post_id, what)


def said(error: DomainError) -> str:
    """A sentence for what was refused, on the page of the post."""
    if error.reason == "STALE_VERSION":
        return gettext("Somebody has changed this post since you read it. Read it again, then decide.")
    return sentences.of(error)


def reraise(error: DomainError) -> None:
    """Lets through what belongs on a page of its own: the service is down, there is no such post, no role for it."""
    is_own_post = error.reason == "OWN_POST"
    if error.reason == "UNAVAILABLE" or (
        error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED, Code.UNAUTHENTICATED) and not is_own_post
    ):
        raise error


def shown(found: Desk, form: Form | None = None) -> str:
    """The page of a post, with what went wrong."""
    waits = found.is_editable or found.is_under_way
    previews = problems.shown(found, found.checked()) if waits and found.may(desk.CHECK) else {}
    was_done = request.args.get("done", "")
    return render_template(
        "console/posts/page.html", desk=found, post=found.post, form=form or Form(), say=saying, previews=previews,
        done=was_done if was_done in _DONE else "", correction=_correction(found), doings=figures.of(found),
        survey=figures.survey_number(found.post),
        languages=pieces.named(sorted(found.content.text)), most=MOST_REASON,
    )  # fmt: skip


def _correction(found: Desk) -> editions_pb2.Edition | None:
    """The correction that is being written."""
    if found.post.state != pb.POST_STATE_OUT:
        return None
    listed = services().editions.listed(signed_in().access_token, found.id)
    return listed.open if listed.HasField("open") else None


def _withdrawal(found: Desk, form: Form) -> str:
    return render_template("console/posts/ask_withdraw.html", desk=found, form=form, most=MOST_REASON)


def reason(name: str) -> tuple[Form, dict[str, str]]:
    """A form with a reason, and what is wrong with it."""
    form = forms.read(name)
    faults = forms.missing(form, name)
    if len(form.value(name)) > MOST_REASON:
        faults[name] = sentences.sentence("TOO_LONG", {"limit": str(MOST_REASON)})
    return form, faults


def done(post_id: str, what: str) -> ResponseReturnValue:
    """On to the post, which says what was done."""
    return redirect(url_for("console.post", post_id=post_id, done=what), 303)


def version() -> int:
    """The version that the page showed."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/posts/<post_id>"
    for path, view, method in (
        (one, post, "GET"),
        (f"{one}/submit", submit_post, "POST"),
        (f"{one}/approve", approve_post, "POST"),
        (f"{one}/return", return_post, "POST"),
        (f"{one}/cancel", cancel_post, "POST"),
        (f"{one}/delete", ask_delete_post, "GET"),
        (f"{one}/delete", delete_post, "POST"),
        (f"{one}/withdraw", ask_withdraw_post, "GET"),
        (f"{one}/withdraw", withdraw_post, "POST"),
        (f"{one}/deliveries/<delivery_id>/settle", settle_delivery, "POST"),
        (f"{one}/deliveries/<delivery_id>/retry", retry_delivery, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
