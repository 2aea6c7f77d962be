"""Counts of a platform's poll, put beside the results of the survey that the post links to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import metrics_pb2
from viche.social.v1 import posts_pb2 as pb
from viche.surveys.v1 import results_pb2

from viche_chassis.errors import DomainError
from viche_gateway import access, forms, sentences
from viche_gateway.console.channels import office
from viche_gateway.console.posts import desk, figures, page
from viche_gateway.console.posts.desk import Desk
from viche_gateway.console.surveys import editing
from viche_gateway.console.surveys import office as surveys
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.sessions import signed_in


@access.officer
def put_counts(post_id: str, delivery_id: str) -> ResponseReturnValue:
    """Puts the latest counts beside the survey's results, in place of those that were put there before."""
    found = desk.writable(post_id)
    number = figures.survey_number(found.post) or abort(404)
    delivery = next((each for each in found.post.deliveries if each.id == office.checked_id(delivery_id)), None)
    counts = services().metrics.of_post(signed_in().access_token, found.id).get(delivery_id)
    if delivery is None or counts is None or not counts.HasField("poll"):
        abort(404)
    try:
        survey_id = services().surveys.known(number).id
        poll = _poll(found, delivery, counts.poll, _document(survey_id))
        services().survey_office.bring_poll(
            signed_in().access_token, forms.request_id(), survey_id, poll, corrects=False
        )  # fmt: skip
    except DomainError as error:
        if error.reason == "UNAVAILABLE":
            raise
        said = gettext("The counts could not be put beside the survey: %(reason)s", reason=sentences.of(error))
        return page.shown(found, Form({}, {"": said})), 409
    return page.done(found.id, "counted")


def _poll(
    found: Desk, delivery: pb.Delivery, counts: metrics_pb2.PollCounts, document: Mapping[str, Any]
) -> results_pb2.PollResults:
    """The counts as surveys take them; where its question stands in the survey, too, with the codes of its options."""
    question, codes = repeated(document, [each.text for each in counts.options])
    channel = found.around.channels.get(delivery.channel_id)
    return results_pb2.PollResults(
        platform=channel.platform if channel else delivery.connector, poll_id=delivery.id, url=delivery.url,
        question=question, taken_at=counts.counted_at, voters=counts.voters,
        options=[
            results_pb2.PollOption(text=each.text, code=code, votes=each.votes)
            for each, code in zip(counts.options, codes, strict=True)
        ],
    )  # fmt: skip


def _document(survey_id: str) -> Mapping[str, Any]:
    """What the survey asks; nothing where the officer may not read that."""
    try:
        return surveys.read(survey_id).document
    except DomainError:
        return {}


def repeated(document: Mapping[str, Any], texts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The question of a survey whose options are worded as these, all of them and in one language, and their codes; no
    question and no codes where there is none, or more than one."""
    found = [
        (str(each.item["name"]), codes)
        for each in editing.walk(document)
        if (codes := _codes(each.item.get("options", ()), texts)) is not None
    ]
    return found[0] if len(found) == 1 else ("", [""] * len(texts))


def _codes(options: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[str] | None:
    for language in sorted({code for option in options for code in option.get("label", {})}):
        by_label = {_plain(option.get("label", {}).get(language, "")): str(option["code"]) for option in options}
        if texts and all(_plain(text) in by_label for text in texts):
            return [by_label[_plain(text)] for text in texts]
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule(
        "/posts/<post_id>/deliveries/<delivery_id>/counts", view_func=put_counts, methods=["POST"]
    )  # fmt: skip
