"""What is learnt from officers' labels: how good it is, a switch, and a way to forget."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import learning_pb2 as pb

from viche_gateway import access, forms
from viche_gateway.clients.social_learning import SocialLearning
from viche_gateway.console.channels import office as channels
from viche_gateway.console.inbox import office
from viche_gateway.context import services
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.sentences import N_
from viche_gateway.sessions import signed_in

KINDS: Mapping[str, str] = {"language": N_("Language"), "topic": N_("Topic"), "tone": N_("Tone")}
_DONE = ("on", "off", "forgotten")


@access.officer
def learning() -> str:
    """One authority's models."""
    seen = channels.authorities(office.HANDLE | office.SET_UP)
    asked = request.args.get("authority", "")
    authority_id = asked if asked in dict(seen) else next((id for id, _ in seen), "")
    found = _client().get(signed_in().access_token, authority_id) if authority_id else pb.GetLearningResponse()
    done = request.args.get("done", "")
    return render_template(
        "console/inbox/learning.html", found=found, authorities=seen, authority_id=authority_id,
        name=dict(seen).get(authority_id, ""), part_words=part_words, done=done if done in _DONE else "",
        may_set=channels.may(office.SET_UP, authority_id),
    )  # fmt: skip


@access.officer
def switch_learning() -> ResponseReturnValue:
    """Lets models be trained, or stops it."""
    authority_id, is_on = _own(), request.form.get("act") == "on"
    _client().switch(signed_in().access_token, forms.request_id(), authority_id, is_on=is_on)
    return redirect(url_for("console.learning", authority=authority_id, done="on" if is_on else "off"), 303)


@access.officer
def forget_labels() -> ResponseReturnValue:
    """Throws labels of forgotten messages away."""
    authority_id = _own()
    _client().forget(signed_in().access_token, forms.request_id(), authority_id)
    return redirect(url_for("console.learning", authority=authority_id, done="forgotten"), 303)


def part_words(part: pb.LearnedPart) -> str:
    """What a part is called, for instance "Topic, in Ukrainian"."""
    kind = gettext(KINDS[part.kind]) if part.kind in KINDS else part.kind
    if not part.language:
        return kind
    return gettext("%(kind)s (%(language)s)", kind=kind, language=language_name(part.language))


def _own() -> str:
    """The authority of the form, if the officer may set up its inbox."""
    authority_id = channels.checked_id(request.form.get("authority_id", ""))
    if not channels.may(office.SET_UP, authority_id):
        channels.turn_back("console.learning")
    return authority_id


def _client() -> SocialLearning:
    return SocialLearning(services().channels["social"])


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/inbox/learning", view_func=learning)
    blueprint.add_url_rule("/inbox/learning/switch", view_func=switch_learning, methods=["POST"])
    blueprint.add_url_rule("/inbox/learning/forget", view_func=forget_labels, methods=["POST"])
