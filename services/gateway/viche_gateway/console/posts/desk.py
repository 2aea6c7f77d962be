"""A post on the desk of an officer: fetched with what stands around it, and who may do what with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import abort
from viche.identity.v1 import audit_pb2
from viche.social.v1 import channels_pb2
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway.clients.trail import Trail
from viche_gateway.console.channels import office
from viche_gateway.console.posts import pieces
from viche_gateway.console.posts.pieces import Around
from viche_gateway.context import services, settings
from viche_gateway.regions import localized
from viche_gateway.sessions import signed_in

WRITE = frozenset({"press", "officer"})
APPROVE = frozenset({"press", "operator"})
CHECK = frozenset({"press", "officer", "operator"})
EDITABLE = (pb.POST_STATE_DRAFT, pb.POST_STATE_RETURNED)
UNDER_WAY = (pb.POST_STATE_SUBMITTED, pb.POST_STATE_SCHEDULED)


@dataclass(frozen=True)
class Desk:
    """A post, for the officer who asks."""

    post: pb.Post

    @property
    def id(self) -> str:
        """Of the post."""
        return self.post.id

    @property
    def content(self) -> pb.PostContent:
        """What it says."""
        return self.post.content

    @property
    def title(self) -> str:
        """What lists call it: its title, else how its text begins."""
        return title_of(self.content)

    @property
    def steps(self) -> Sequence[str]:
        """Of writing it."""
        return pieces.steps_of(self.content)

    @property
    def is_editable(self) -> bool:
        """Whether it can be changed now."""
        return self.post.state in EDITABLE

    @property
    def is_under_way(self) -> bool:
        """Whether it waits, and can be taken back."""
        return self.post.state in UNDER_WAY

    @cached_property
    def around(self) -> Around:
        """The accounts of its authority, those that it goes to even where they are not connected any more."""
        found = services().social_channels.listed(
            signed_in().access_token, [self.post.authority_id], with_disconnected=True
        )
        chosen, over = {each.channel_id for each in self.content.variants}, channels_pb2.CHANNEL_STATE_DISCONNECTED
        return Around(
            {each.id: each for each in found if each.id in chosen or (each.state != over and takes_posts(each))}
        )

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What platforms are called, by names of connectors."""
        return office.titles()

    def may(self, roles: frozenset[str]) -> bool:
        """Whether the officer holds one of these roles at its authority."""
        return office.may(roles, self.post.authority_id)

    @property
    def may_write(self) -> bool:
        """Whether the officer may change it, now or when it is taken back."""
        return self.may(WRITE)

    @property
    def may_approve(self) -> bool:
        """Whether the officer may approve posts of its authority."""
        return self.may(APPROVE)

    def channel_words(self, channel_id: str) -> str:
        """An account with its platform, for instance "@dibrova (Mastodon)"."""
        found = self.around.channels.get(channel_id)
        if found is None:
            return channel_id
        return f"{found.handle or found.name} ({self.titles.get(found.connector) or found.platform})"

    @cached_property
    def _officers(self) -> Sequence[audit_pb2.Officer]:
        """Those who work or worked for the authority; none while identity does not answer."""
        try:
            return Trail(services().channels).officers_of(signed_in().access_token, self.post.authority_id)
        except DomainError:
            return ()

    def person(self, pseudonym: bytes) -> str:
        """The name of a colleague; empty where it is not known."""
        return next((each.name or each.email for each in self._officers if each.pseudonym == pseudonym), "")

    @property
    def needs_colleague(self) -> bool:
        """Whether the officer who asks wrote it, where a second person must approve."""
        if not settings().four_eyes:
            return False
        mine = {each.pseudonym for each in self._officers if each.email and each.email == signed_in().person.email}
        return self.post.written_by in mine

    def checked(self) -> pb.CheckPostResponse:
        """What keeps it from going out, and how each account would get it."""
        return services().posts.check(signed_in().access_token, self.post.authority_id, self.content)


def read(post_id: str) -> Desk:
    """The post as it is now; 404 for what is no id. Raises DomainError."""
    return Desk(services().posts.get(signed_in().access_token, office.checked_id(post_id)))


def writable(post_id: str) -> Desk:
    """The post, for those who may change it; 403 for others. Raises DomainError."""
    found = read(post_id)
    return found if found.may_write else abort(403)


def title_of(content: pb.PostContent) -> str:
    """What lists call a post; empty where nothing is written."""
    return localized(content.title) or localized(content.text).partition("\n")[0][:80]


def takes_posts(channel: channels_pb2.Channel) -> bool:
    """Whether anything can be published there; a feed of a website, for instance, is only read."""
    return any(each == "manual" or each.startswith(("publish.", "poll")) for each in channel.granted)
