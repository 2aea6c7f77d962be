"""What keeps a post from going out, what it will look like, and what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from viche_chassis.db import Connection
from viche_sdk.connectors.types import (
    Capability,
    ConnectorError,
    ConnectorSpec,
    Limits,
    Operation,
    Post,
    Problem,
    ProblemReason,
    length_of,
    problems_of,
    with_link,
)
from viche_social import own_limits
from viche_social.calling import Calls
from viche_social.domain.errors import MediaNotFound, UnknownChannel
from viche_social.domain.posts import (
    Content,
    PostKind,
    PostProblem,
    PostProblemReason,
    Variant,
    problems,
    text_of,
)
from viche_social.outgoing import made
from viche_social.store import channels, posts
from viche_social.store.channels import Channel
from viche_social.store.posts import Media


@dataclass(frozen=True, slots=True)
class Preview:
    """What a channel gets; the length is in the platform's own unit. An empty cost means that there is none."""

    channel_id: UUID
    text: str
    length: int
    most: int
    cost: Decimal | None
    currency: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said about a post."""

    problems: Sequence[PostProblem]
    previews: Sequence[Preview]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a post refers to."""

    channels: Mapping[UUID, Channel]
    media: Mapping[UUID, Media]


async def surroundings(conn: Connection, content: Content) -> Surroundings:
    """The channels and files of a post that there are."""
    found = await channels.by_ids(conn, [each.channel_id for each in content.variants])
    files = await posts.media(conn, [each.id for each in content.media])
    return Surroundings({each.id: each for each in found}, files)


def check_own(authority_id: UUID, around: Surroundings) -> None:
    """Looks whether all that a post refers to is of its authority: nobody is shown another's accounts and files.

    Raises:
        UnknownChannel, MediaNotFound: some of it is another's.
    """
    if any(each.authority_id != authority_id for each in around.channels.values()):
        raise UnknownChannel()
    if any(each.authority_id != authority_id for each in around.media.values()):
        raise MediaNotFound()


class Checking:
    """Looks at posts.

    Args:
        calls: of connectors.
        sourced: kinds of posts that need a source.
    """

    def __init__(self, calls: Calls, sourced: frozenset[PostKind]) -> None:
        self._calls = calls
        self._sourced = sourced

    async def check(self, content: Content, around: Surroundings) -> Checked:
        """Everything at once."""
        kinds = [around.media[each.id].kind for each in content.media if each.id in around.media]
        found = list(problems(content, kinds, self._sourced))
        previews: list[Preview] = []
        for variant in content.variants:
            channel = around.channels.get(variant.channel_id)
            spec = self._calls.specs.get(channel.connector) if channel else None
            if channel is None or spec is None or channel.state == "disconnected":
                found.append(_of(variant, "variants", PostProblemReason.CHANNEL_NOT_CONNECTED))
                continue
            found += [each async for each in self._problems(content, variant, channel, spec, around)]
            previews.append(_preview(content, variant, channel, spec))
        return Checked(found, previews)

    async def _problems(
        self, content: Content, variant: Variant, channel: Channel, spec: ConnectorSpec, around: Surroundings
    ):
        language = variant.language or channel.language
        text = text_of(content, variant, language)
        if text is None:
            yield _of(variant, "text", PostProblemReason.NO_TEXT_IN_LANGUAGE, language)
            return
        for each in _cannot(content, spec, channel):
            yield _of(variant, each[0], PostProblemReason.CANNOT, each[1])
        post, limits = made(content, text, language, around.media, spec), own_limits.of(channel.limits, spec)
        if spec.fetches_files and post.media and not await self._calls.reaches(post.media[0]):
            yield _of(variant, "media", PostProblemReason.FILES_NOT_REACHED)
        for problem in (*problems_of(post, limits), *await self._own(spec, post, limits)):
            if problem.reason not in _SAID_ABOVE:
                yield PostProblem(variant.channel_id, problem.field, problem.reason, problem.value, problem.limit)

    async def _own(self, spec: ConnectorSpec, post: Post, limits: Limits) -> Sequence[Problem]:
        """What the connector has against it; one that does not answer has nothing, and says so when it is sent."""
        try:
            return await self._calls.validate(spec.name, post, limits)
        except ConnectorError:
            return ()


_SAID_ABOVE = frozenset({ProblemReason.NO_IMAGES, ProblemReason.NO_VIDEOS, ProblemReason.NO_POLLS})
"""`_cannot` says them in the words of capabilities."""


def _cannot(content: Content, spec: ConnectorSpec, channel: Channel) -> Iterator[tuple[str, str]]:
    """Parts of a post that this channel has no way for: the part and the capability. A poll goes out as text and link
    where none can be asked."""
    if spec.can(Capability.MANUAL):
        return
    if Capability.PUBLISH_TEXT not in channel.granted and not content.media:
        yield "text", Capability.PUBLISH_TEXT
    if content.link and not ({Capability.PUBLISH_LINK, Capability.PUBLISH_TEXT} & {*map(Capability, channel.granted)}):
        yield "link", Capability.PUBLISH_LINK


def _preview(content: Content, variant: Variant, channel: Channel, spec: ConnectorSpec) -> Preview:
    text = text_of(content, variant, variant.language or channel.language) or ""
    whole = with_link(text, content.link)
    limits = own_limits.of(channel.limits, spec)
    limit = limits.caption if content.media and limits.caption else limits.text
    cost, currency = _cost(spec, has_link="http" in whole)
    by_hand = spec.can(Capability.MANUAL)
    return Preview(variant.channel_id, whole, length_of(whole, limit), limit.most, cost, currency, by_hand)


def _cost(spec: ConnectorSpec, *, has_link: bool) -> tuple[Decimal | None, str]:
    """What publishing costs: the price for posts with an address in place of the plain one."""
    prices = [each for each in spec.costs if each.operation is Operation.PUBLISH]
    meant = [each for each in prices if each.with_link == has_link] or [each for each in prices if not each.with_link]
    return (meant[0].amount, meant[0].currency) if meant else (None, "")


def _of(variant: Variant, field: str, reason: PostProblemReason, value: str = "") -> PostProblem:
    return PostProblem(variant.channel_id, field, reason, value)
