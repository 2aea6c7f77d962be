"""What keeps a post from going out, beside the field where it can be mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.console.channels import office
from viche_gateway.console.channels.saying import cost_words
from viche_gateway.console.posts import desk, pieces, saying
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in

_STEP_OF = {
    "variants": "channels", "text": "text", "title": "text", "link": "text", "sources": "sources", "media": "media",
    "poll": "poll", "corrects_id": "kind",
}  # fmt: skip
_ABOUT_ALL = ("NO_TEXT", "NO_TEXT_IN_LANGUAGE", "TEXT_MISSING", "CANNOT")
"""Of the text as such, and not of what one account makes of it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps a post from going out: the words, and the step and field where it can be mended."""

    words: str
    step: str
    field: str

    def link(self, post_id: str) -> str:
        """Where it can be mended."""
        return url_for("console.post_step", post_id=post_id, step=self.step, back="preview", _anchor=self.field)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an account gets, with what keeps the post from it."""

    preview: pb.PostPreview
    account: str
    troubles: Sequence[Trouble]

    @property
    def cost(self) -> str:
        """What it costs; empty where that is nothing."""
        return cost_words(self.preview.cost, self.preview.currency) if self.preview.cost else ""

    @property
    def is_too_long(self) -> bool:
        """Whether the text does not fit."""
        return self.preview.length > self.preview.most


@dataclass(frozen=True, slots=True)
class Hard:
    """A place that is hard to read: the words themselves, why, and what to write instead."""

    words: str
    language: str
    why: str
    suggestion: str


@access.officer
def preview_post(post_id: str) -> str:
    """How each account would get the post, what it costs, and what keeps it."""
    return page(desk.read(post_id))


def page(found: Desk, form: Form | None = None) -> str:
    """The preview, with what went wrong."""
    checked = found.checked()
    return render_template(
        "console/posts/preview.html", desk=found, form=form or Form(), say=saying, titles=step_titles(),
        **shown(found, checked),
    )  # fmt: skip


@access.officer
def measure_post(post_id: str, step: str) -> ResponseReturnValue:
    """How long the texts of a step's form are for each account: a part of a page, and nothing is saved."""
    found = desk.writable(post_id)
    if step not in found.steps:
        return "", 404
    read = pieces.changed(step, pieces.read_form(), found.content, found.around)
    try:
        checked = services().posts.check(signed_in().access_token, found.post.authority_id, read.content)
    except DomainError:
        return "", 503
    return render_template("console/posts/lengths.html", previews=shown(found, checked)["previews"])


def shown(found: Desk, checked: pb.CheckPostResponse) -> Mapping[str, Sequence[object]]:
    """What is to be said about a post, for templates."""
    return {
        "whole": [_trouble(found, each) for each in checked.problems if not each.channel_id],
        "previews": [_preview(found, each, checked) for each in checked.previews],
        "others": _without_preview(found, checked),
        "hard": [_hard(found.content, each) for each in checked.hard_words],
        "readability": checked.readability,
    }


def faults_of(found: Desk, step: str) -> dict[str, str]:
    """Sentences by field of a step for what keeps the post from going out."""
    if not office.may(desk.CHECK, found.post.authority_id):
        return {}
    said: dict[str, list[str]] = {}
    for each in found.checked().problems:
        trouble = _trouble(found, each)
        if trouble.step == step:
            account = found.channel_words(each.channel_id) if each.channel_id and step != "variants" else ""
            said.setdefault(trouble.field, []).append(": ".join(filter(None, (account, trouble.words))))
    return {name: " ".join(dict.fromkeys(words)) for name, words in said.items()}


def step_titles() -> Mapping[str, str]:
    """What each step is called."""
    return {
        "kind": gettext("What it is about"),
        "channels": gettext("Where it goes"),
        "text": gettext("Text"),
        "sources": gettext("Sources"),
        "media": gettext("Pictures"),
        "poll": gettext("Poll"),
        "variants": gettext("Account by account"),
        "time": gettext("When"),
    }


def _preview(found: Desk, preview: pb.PostPreview, checked: pb.CheckPostResponse) -> Preview:
    troubles = [_trouble(found, each) for each in checked.problems if each.channel_id == preview.channel_id]
    return Preview(preview, found.channel_words(preview.channel_id), troubles)


def _without_preview(found: Desk, checked: pb.CheckPostResponse) -> Sequence[tuple[str, Trouble]]:
    """Accounts that there is nothing to show for, with the reason."""
    previewed = {each.channel_id for each in checked.previews}
    return [
        (found.channel_words(each.channel_id), _trouble(found, each))
        for each in checked.problems
        if each.channel_id and each.channel_id not in previewed
    ]


def _trouble(found: Desk, problem: pb.PostProblem) -> Trouble:
    words, step = saying.problem_words(problem), _STEP_OF.get(problem.field, "text")
    if problem.channel_id and problem.field == "text" and problem.reason not in _ABOUT_ALL:
        return Trouble(words, "variants", f"own_{problem.channel_id}")
    return Trouble(words, step, _field(found, problem, step))


def _field(found: Desk, problem: pb.PostProblem, step: str) -> str:
    first = found.around.languages(found.content)[0]
    if problem.reason == "NO_TEXT_IN_LANGUAGE":
        first = problem.value or first
    return {
        "kind": "corrects_id",
        "channels": "channels",
        "text": "link" if problem.field == "link" else f"{problem.field}{pieces.SEPARATOR}{first}",
        "sources": "claim_0",
        "media": "file",
        "poll": f"question{pieces.SEPARATOR}{first}",
    }.get(step, "")


def _hard(content: pb.PostContent, place: pb.HardWords) -> Hard:
    text = content.text.get(place.language, "")
    words = text[place.start : place.start + place.length]
    return Hard(words, place.language, saying.hard_words(place.reason), place.suggestion)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/posts/<post_id>/preview", view_func=preview_post)
    blueprint.add_url_rule("/posts/<post_id>/measure/<step>", view_func=measure_post, methods=["POST"])
