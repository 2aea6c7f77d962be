"""A post as a connector gets it."""

from collections.abc import Mapping
from uuid import UUID

from viche_chassis.db import Pool, reading
from viche_sdk.connectors import types as sdk
from viche_social.domain.posts import Content, alt_in, poll_in, text_of, title_of
from viche_social.store import editions, posts
from viche_social.store.deliveries import Delivery
from viche_social.store.posts import Media


def made(content: Content, text: str, language: str, media: Mapping[UUID, Media], spec: sdk.ConnectorSpec) -> sdk.Post:
    """What a channel gets of a post in one language. Polls go where they can be asked; elsewhere the link stands for
    them."""
    asked = poll_in(content.poll, language) if content.poll and spec.can(sdk.Capability.POLL) else None
    return sdk.Post(
        text=text,
        language=language,
        link=content.link,
        title=title_of(content, language),
        media=tuple(
            _file(media[each.id], alt_in(each, language)) for each in content.media if each.id in media
        ),
        poll=sdk.Poll(*asked, content.poll.open_for_s, content.poll.multiple) if asked and content.poll else None,
    )  # fmt: skip


def body_of(content: Content, delivery: Delivery) -> str:
    """The text of a content for a delivery, in the language that it goes out in."""
    own = [each for each in content.variants if each.channel_id == delivery.channel_id]
    return (text_of(content, own[0], delivery.language) if own else None) or delivery.body


async def outgoing(pool: Pool, delivery: Delivery, spec: sdk.ConnectorSpec) -> sdk.Post:
    """What is sent for a delivery: the same whenever it is asked for, since what an edition says does not change."""
    async with reading(pool) as conn:
        post = await posts.get(conn, delivery.post_id)
        assert post is not None  # a foreign key
        content = await editions.content_of(conn, post, delivery.edition)
        files = await posts.media(conn, [each.id for each in content.media])
    return made(content, delivery.body, delivery.language, files, spec)


def _file(media: Media, alt: str) -> sdk.Media:
    return sdk.Media(
        id=str(media.id), kind=sdk.MediaKind(media.kind), type=media.type, size_bytes=media.size_bytes, alt=alt,
        width=media.width, height=media.height,
    )  # fmt: skip
