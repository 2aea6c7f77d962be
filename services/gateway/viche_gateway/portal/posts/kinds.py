"""What posts are about, in words."""

from collections.abc import Mapping

from flask_babel import gettext
from viche.social.v1 import posts_pb2 as pb

from viche_gateway.sentences import N_

KINDS: Mapping[int, str] = {
    pb.POST_KIND_DECISION: N_("Decision"),
    pb.POST_KIND_EXPLANATION: N_("Explanation"),
    pb.POST_KIND_POLICY: N_("Policy"),
    pb.POST_KIND_PROGRAMME: N_("Programme"),
    pb.POST_KIND_STRATEGY: N_("Strategy"),
    pb.POST_KIND_DOCUMENT: N_("Document"),
    pb.POST_KIND_EVENT: N_("Event to come"),
    pb.POST_KIND_MOMENTS: N_("What mattered at an event"),
    pb.POST_KIND_PHOTO: N_("News in pictures"),
    pb.POST_KIND_VIDEO: N_("Video"),
    pb.POST_KIND_POLL: N_("Poll"),
    pb.POST_KIND_CORRECTION: N_("Correction"),
}
"""In the order in which they are offered."""


def kind_words(kind: int) -> str:
    """What a post is about; empty where that is not known."""
    return gettext(KINDS[kind]) if kind in KINDS else ""
