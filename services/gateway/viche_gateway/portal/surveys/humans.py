"""Whether somebody who begins an answer is human, for surveys that ask.

A solved challenge shows it, and so does being signed in. Where scripts do not run there is no challenge; then few
answers are taken from one connection, counted in this process.
"""

from flask import current_app, request
from viche.surveys.v1 import surveys_pb2

from viche_gateway import human
from viche_gateway.context import client_network
from viche_gateway.limits import Counter, Rule
from viche_gateway.portal.surveys.sent import PROOF
from viche_gateway.portal.surveys.way import Way

UNPROVEN = Rule("answers without a solved challenge", 20, 600)


def is_asked(way: Way, survey: surveys_pb2.Survey) -> bool:
    """Whether the first page carries a challenge."""
    return survey.settings.needs_human_check and way.session is None


def check(way: Way, survey: surveys_pb2.Survey) -> None:
    """Lets people through who solved a challenge, and some who did not.

    Raises:
        TooManyRequests: too many without a solved challenge came from this connection.
    """
    prove(survey, request.form.get(PROOF, ""), is_signed_in=way.session is not None)


def prove(survey: surveys_pb2.Survey, proof: str, *, is_signed_in: bool) -> None:
    """The same for whoever is known or not, with a solved challenge or an empty text.

    Raises:
        TooManyRequests: too many without a solved challenge came from this connection.
    """
    if not survey.settings.needs_human_check or is_signed_in or human.is_checked(proof):
        return
    counter: Counter = current_app.extensions["viche.limits"]
    counter.hit(UNPROVEN, client_network())
