"""Writing a post, one question a page: each step saves its part, and the others stay as they are."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.clients.social_posts import Asked
from viche_gateway.console.channels import office
from viche_gateway.console.posts import desk, files, pieces, problems, saying
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.portal.posts.kinds import KINDS, kind_words
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in


@access.officer
def new_post() -> str:
    """Asks for whom the post speaks, and what it is about."""
    corrects = request.args.get("corrects", "")
    values = {"kind": str(int(pb.POST_KIND_CORRECTION)), "corrects_id": corrects} if corrects else {}
    return _new(Form({**values, "authority_id": request.args.get("authority", "")}))


@access.officer
def create_post() -> ResponseReturnValue:
    """Starts a draft."""
    form = pieces.read_form()
    known = dict(office.authorities(desk.WRITE))
    authority = form.value("authority_id") or (next(iter(known)) if len(known) == 1 else "")
    read = pieces.changed("kind", form, pb.PostContent(), pieces.Around({}))
    faults = dict(read.faults)
    if authority not in known:
        faults["authority_id"] = sentences.sentence("UNKNOWN_AUTHORITY" if authority else "REQUIRED")
    faults |= _corrects_fault(authority, read.content) if authority else {}
    if faults:
        return _new(Form(form.values, faults)), 400
    try:
        made = services().posts.create(signed_in().access_token, forms.request_id(), authority, read.content)
    except DomainError as error:
        if error.code not in (Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION):
            raise
        return _new(forms.refused(form, error)), 400
    return redirect(url_for("console.post_step", post_id=made.id, step="channels"), 303)


@access.officer
def post_step(post_id: str, step: str) -> ResponseReturnValue:
    """A step, with what keeps the post from going out where the officer comes from its preview."""
    found = _step(post_id, step)
    if not found.is_editable:
        return redirect(url_for("console.post", post_id=post_id), 303)
    faults = problems.faults_of(found, step) if request.args.get("back") == "preview" else {}
    return _page(found, step, Form(pieces.values_of(step, found.content, found.around), faults))


@access.officer
def save_post_step(post_id: str, step: str) -> ResponseReturnValue:
    """Saves a step and goes on; what cannot be saved comes back as it was written."""
    found, form = _step(post_id, step), pieces.read_form()
    added, faults = files.added(found, form) if step == "media" else ([], {})
    read = pieces.changed(step, form, found.content, found.around)
    if added:
        read.content.media.extend(added)
    if step == "kind":
        faults = _corrects_fault(found.post.authority_id, read.content)
    if said := {**faults, **read.faults}:
        return _again(found, step, form, said, read.content)
    if read.content == found.content:
        return _onward(found, step)  # nothing is to be changed, or the form was sent twice
    if not found.is_editable:
        return redirect(url_for("console.post", post_id=post_id), 303)
    if form.value("version") != str(found.post.version):
        return _again(found, step, form, {"": sentences.sentence("STALE_VERSION")}, read.content, 409)
    try:
        saved = services().posts.update(
            signed_in().access_token, forms.request_id(), post_id, found.post.version, read.content
        )
    except DomainError as error:
        if error.reason == "UNAVAILABLE" or error.code in (Code.NOT_FOUND, Code.PERMISSION_DENIED):
            raise
        names = {f"content.{name.replace(pieces.SEPARATOR, '.')}": name for name in form.values}
        return _again(found, step, form, forms.refused(form, error, names).errors, read.content)
    return _onward(Desk(saved), step)


def _again(
    found: Desk, step: str, form: Form, faults: Mapping[str, str], content: pb.PostContent, status: int = 400
) -> ResponseReturnValue:
    """The step with what was written, files that have come included; sent once more it replaces what is there now."""
    now = desk.read(found.id) if status == 409 else found
    shown = pb.Post()
    shown.CopyFrom(now.post)
    shown.content.CopyFrom(content)
    return _page(Desk(shown), step, Form(form.values, faults)), status


def _onward(found: Desk, step: str) -> ResponseReturnValue:
    """Where the pressed button leads: the same step, the preview, or the next step."""
    if request.form.get("act") == "more" or request.form.get("remove"):
        return redirect(url_for("console.post_step", post_id=found.id, step=step), 303)
    steps = list(found.steps)
    following = steps[steps.index(step) + 1 :] if step in steps else []
    if request.args.get("back") == "preview" or request.form.get("act") == "preview" or not following:
        return redirect(url_for("console.preview_post", post_id=found.id), 303)
    return redirect(url_for("console.post_step", post_id=found.id, step=following[0]), 303)


def _page(found: Desk, step: str, form: Form) -> str:
    correctable = _correctable(found.post.authority_id, form.value("corrects_id")) if step == "kind" else ()
    return render_template(
        f"console/posts/steps/{step}.html", desk=found, step=step, form=form, say=saying, sep=pieces.SEPARATOR,
        languages=pieces.named(found.around.languages(found.content)), kinds=_kinds(), days=pieces.DAYS_OPEN,
        needed=_needed(found, form),
        rows=_rows(form), most_mb=files.most_mb(), correctable=correctable,
        number=list(found.steps).index(step) + 1, titles=problems.step_titles(),
    )  # fmt: skip


def _needed(found: Desk, form: Form) -> frozenset[str]:
    """Languages whose fields stand open: those that are needed, written in, or wrong."""
    named = (name.rpartition(pieces.SEPARATOR)[2] for name in (*form.errors, *(n for n, v in form.values.items() if v)))
    return frozenset((*found.around.needed(found.content), *named))


def _rows(form: Form) -> int:
    text = form.value("rows")
    return min(pieces.MOST_SOURCES, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _new(form: Form) -> str:
    if not office.covered(desk.WRITE):
        office.turn_back("console.post_list")
    return render_template(
        "console/posts/new.html", form=form, authorities=office.authorities(desk.WRITE), kinds=_kinds(),
        correctable=_correctable(form.value("authority_id"), form.value("corrects_id")),
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    return [(str(kind), kind_words(kind)) for kind in KINDS]


def _correctable(authority_id: str, wanted: str) -> list[tuple[str, str]]:
    """Posts that are out, the latest of one authority or of all of the officer's; and the one that is wanted."""
    token = signed_in().access_token
    found = {each.id: each for each in services().posts.listed(token, Asked(state=pb.POST_STATE_OUT)).posts}
    if wanted and wanted not in found and (older := _post(wanted)) is not None:
        found[wanted] = older
    return [
        (each.id, f"{each.number}. {desk.title_of(each.content)} – {authority_name(each.authority_id)}")
        for each in found.values()
        if not authority_id or each.authority_id == authority_id
    ]


def _post(post_id: str) -> pb.Post | None:
    """A post of the officer's that was published; None where there is none."""
    try:
        found = services().posts.get(signed_in().access_token, str(UUID(post_id)))
    except (ValueError, DomainError):
        return None
    return found if found.state in (pb.POST_STATE_OUT, pb.POST_STATE_WITHDRAWN) else None


def _corrects_fault(authority_id: str, content: pb.PostContent) -> dict[str, str]:
    """What is wrong with the post that is corrected."""
    wanted = content.corrects_id
    if not wanted or wanted in dict(_correctable(authority_id, wanted)):
        return {}
    return {"corrects_id": sentences.sentence("NOT_A_CHOICE")}


def _step(post_id: str, step: str) -> Desk:
    found = desk.writable(post_id)
    return found if step in found.steps else abort(404)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for path, view, method in (
        ("/posts/new", new_post, "GET"),
        ("/posts/new", create_post, "POST"),
        ("/posts/<post_id>/steps/<step>", post_step, "GET"),
        ("/posts/<post_id>/steps/<step>", save_post_step, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
