"""What officers do with posts, each in a transaction. Whoever calls has committed nothing before."""

from collections.abc import Collection, Mapping
from uuid import UUID

from viche_chassis import acts, base64url
from viche_chassis.access import current_caller
from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_sdk.connectors.types import Capability, ConnectorSpec
from viche_social.domain.deliveries import DeliveryState, Task
from viche_social.domain.errors import (
    DeliveryIsCertain,
    DeliveryNotFound,
    DeliveryNotRefused,
    MediaNotFound,
    OwnPost,
    PostIsOut,
    PostNotEditable,
    PostNotFound,
    PostNotOut,
    PostNotSubmitted,
    StalePost,
    UnknownChannel,
)
from viche_social.domain.posts import EDITABLE, Content, PostState, Variant, text_of
from viche_social.outgoing import body_of
from viche_social.register import check_covered
from viche_social.store import channels, corrections, deliveries, editions
from viche_social.store import posts as store
from viche_social.store.channels import Channel
from viche_social.store.posts import Post

UNDER_WAY = frozenset({PostState.SUBMITTED, PostState.SCHEDULED, PostState.OUT})


def writer() -> bytes | None:
    """Who acts: the pseudonym of the scope "authors"; None is the command line."""
    person = current_caller().person
    return base64url.decode(person.author) if person else None


async def create(conn: Connection, id: UUID, authority_id: UUID, content: Content) -> Post:
    """Starts a draft.

    Raises:
        UnknownChannel, MediaNotFound, PostNotFound: one of its channels or files, or what it corrects, is not the
            authority's.
    """
    await _check_own(conn, authority_id, content)
    await store.insert(conn, id, authority_id, content, writer())
    acts.about(object=f"post:{id}", authority_id=authority_id)
    return await _noted(conn, id, "written")


async def update(conn: Connection, id: UUID, version: int, content: Content) -> Post:
    """Puts another content in the place of a draft's.

    Raises:
        PostNotFound, NotYourAuthority, StalePost, PostNotEditable, UnknownChannel, MediaNotFound: it stays as it is.
    """
    post = await held(conn, id, version)
    if post.state not in EDITABLE:
        raise PostNotEditable()
    await _check_own(conn, post.authority_id, content)
    await store.change(conn, id, content, writer())
    return await _noted(conn, id, "written")


async def submit(conn: Connection, id: UUID, version: int) -> Post:
    """Hands a post to a second person.

    Raises:
        PostNotFound, NotYourAuthority, StalePost, PostNotEditable: it stays as it is.
    """
    post = await held(conn, id, version)
    if post.state not in EDITABLE:
        raise PostNotEditable()
    await store.set_state(conn, id, PostState.SUBMITTED)
    return await _noted(conn, id, "submitted")


async def approve(
    conn: Connection, id: UUID, version: int, specs: Mapping[str, ConnectorSpec], *, needs_second: bool
) -> Post:
    """Lets a post go out, at its time or at once.

    Args:
        conn: in a transaction.
        id: of the post.
        version: that the second person has read.
        specs: the connectors.
        needs_second: whether a second person must approve.

    Raises:
        PostNotFound, NotYourAuthority, StalePost, PostNotSubmitted, OwnPost: it stays as it is.
    """
    post = await held(conn, id, version)
    if post.state is not PostState.SUBMITTED:
        raise PostNotSubmitted()
    if needs_second and post.written_by is not None and post.written_by == writer():
        raise OwnPost()
    publish_at = post.content.publish_at
    if publish_at is not None and publish_at > await store.now(conn):
        await store.set_state(conn, id, PostState.SCHEDULED, approved_by=writer())
    else:
        await send_out(conn, post, specs, approved_by=writer())
    return await _noted(conn, id, "approved")


async def send_out(
    conn: Connection, post: Post, specs: Mapping[str, ConnectorSpec], *, approved_by: bytes | None
) -> None:
    """Gives each channel its delivery, due at once."""
    known = await channels.by_ids(conn, [variant.channel_id for variant in post.content.variants])
    by_id = {channel.id: channel for channel in known if channel.state != "disconnected"}
    new = [
        _delivery(post.content, variant, by_id[variant.channel_id], specs.get(by_id[variant.channel_id].connector))
        for variant in post.content.variants
        if variant.channel_id in by_id
    ]
    await deliveries.insert(conn, post.id, new)
    await store.set_state(conn, post.id, PostState.OUT, approved_by=approved_by or post.approved_by)


def _delivery(
    content: Content, variant: Variant, channel: Channel, spec: ConnectorSpec | None
) -> deliveries.NewDelivery:
    language = variant.language or channel.language
    by_hand = spec is not None and spec.can(Capability.MANUAL)
    state = DeliveryState.BY_HAND if by_hand else DeliveryState.WAITING
    text = text_of(content, variant, language) or ""
    return deliveries.NewDelivery(new_id(), channel.id, channel.connector, language, text, state)


async def give_back(conn: Connection, id: UUID, version: int, reason: str) -> Post:
    """Gives a post back to its author.

    Raises:
        PostNotFound, NotYourAuthority, StalePost, PostNotSubmitted: it stays as it is.
    """
    post = await held(conn, id, version)
    if post.state is not PostState.SUBMITTED:
        raise PostNotSubmitted()
    await store.set_state(conn, id, PostState.RETURNED, returned_because=reason)
    return await _noted(conn, id, "returned")


async def cancel(conn: Connection, id: UUID) -> Post:
    """Makes a draft again of what has not gone out.

    Raises:
        PostNotFound, NotYourAuthority, PostIsOut: it stays as it is.
    """
    post = await held(conn, id)
    if post.state in EDITABLE:
        return post
    if post.state not in UNDER_WAY or await deliveries.cancel(conn, id):
        raise PostIsOut()
    await store.take_back(conn, id)
    return await _noted(conn, id, "taken back")


async def delete(conn: Connection, id: UUID) -> None:
    """Deletes a draft.

    Raises:
        PostNotFound, NotYourAuthority, PostNotEditable: it stays.
    """
    post = await held(conn, id)
    if post.state not in EDITABLE:
        raise PostNotEditable()
    await store.delete(conn, id)


async def withdraw(conn: Connection, id: UUID, reason: str, specs: Mapping[str, ConnectorSpec]) -> Post:
    """Takes a post away wherever that can be done.

    Raises:
        PostNotFound, NotYourAuthority, PostNotOut: it stays as it is.
    """
    post = await held(conn, id)
    if post.state not in (PostState.OUT, PostState.WITHDRAWN):
        raise PostNotOut()
    await editions.drop_open(conn, id)
    await deliveries.hold_of_post(conn, id)
    await deliveries.withdraw(conn, id, [name for name, spec in specs.items() if spec.can(Capability.DELETE)])
    await store.set_state(conn, id, PostState.WITHDRAWN, withdrawn_because=reason)
    return await _noted(conn, id, "withdrawn")


async def settle(conn: Connection, delivery_id: UUID, *, url: str, has_appeared: bool) -> Post:
    """Writes down what a person has found: it is there, or it is not and goes out once more, unless it was withdrawn.

    Raises:
        DeliveryNotFound, NotYourAuthority, DeliveryIsCertain: it stays as it is.
    """
    delivery, post = await _held_delivery(conn, delivery_id)
    if delivery.state not in (DeliveryState.UNKNOWN, DeliveryState.BY_HAND):
        raise DeliveryIsCertain()
    if has_appeared:
        await deliveries.settle(conn, delivery_id, DeliveryState.PUBLISHED, url, None)
    elif delivery.state == DeliveryState.UNKNOWN and post.state is not PostState.WITHDRAWN:
        await corrections.rewrite(conn, delivery_id, body_of(post.content, delivery), post.edition)
        await deliveries.settle(conn, delivery_id, DeliveryState.WAITING, "", Task.PUBLISH)
    else:
        await deliveries.settle(conn, delivery_id, DeliveryState.CANCELLED, "", None)
    return await _noted(conn, post.id, "looked for")


async def retry(conn: Connection, delivery_id: UUID) -> Post:
    """Sends once more what was refused: the post, or a correction of it.

    Raises:
        DeliveryNotFound, NotYourAuthority, DeliveryNotRefused: it stays as it is.
        PostNotOut: it was withdrawn.
    """
    delivery, post = await _held_delivery(conn, delivery_id)
    is_correction = delivery.state == DeliveryState.PUBLISHED and delivery.edition < post.edition and delivery.error
    if delivery.state != DeliveryState.REFUSED and not is_correction:
        raise DeliveryNotRefused()
    if post.state is PostState.WITHDRAWN:
        raise PostNotOut()
    if is_correction:
        await corrections.edit(conn, [delivery_id])
    else:
        await corrections.rewrite(conn, delivery_id, body_of(post.content, delivery), post.edition)
        await deliveries.settle(conn, delivery_id, DeliveryState.WAITING, "", Task.PUBLISH)
    return await _noted(conn, post.id, "tried again")


async def covered(conn: Connection, id: UUID) -> Post:
    """One post of the caller's authorities.

    Raises:
        PostNotFound, NotYourAuthority: there is none, or it is another's.
    """
    post = await store.get(conn, id)
    if post is None:
        raise PostNotFound()
    check_covered(post.authority_id)
    acts.about(object=f"post:{id}", authority_id=post.authority_id)
    return post


async def held(conn: Connection, id: UUID, version: int | None = None) -> Post:
    """The same, which nobody else changes until the transaction ends.

    Raises:
        PostNotFound, NotYourAuthority: there is none, or it is another's.
        StalePost: it has another version by now.
    """
    if await store.hold(conn, id) is None:
        raise PostNotFound()
    post = await covered(conn, id)
    if version is not None and post.version != version:
        raise StalePost(version=post.version)
    return post


async def _held_delivery(conn: Connection, id: UUID) -> tuple[deliveries.Delivery, Post]:
    delivery = await deliveries.hold(conn, id)
    if delivery is None:
        raise DeliveryNotFound()
    return delivery, await covered(conn, delivery.post_id)


async def _check_own(conn: Connection, authority_id: UUID, content: Content) -> None:
    """Looks whether all that a post refers to is of its authority."""
    wanted: Collection[UUID] = {variant.channel_id for variant in content.variants}
    found = await channels.by_ids(conn, list(wanted))
    if len(found) != len(content.variants) or any(each.authority_id != authority_id for each in found):
        raise UnknownChannel()
    files = await store.media(conn, [each.id for each in content.media])
    if any(each.authority_id != authority_id for each in files.values()):
        raise MediaNotFound()
    corrected = await store.get(conn, content.corrects_id) if content.corrects_id else None
    if content.corrects_id and (corrected is None or corrected.authority_id != authority_id):
        raise PostNotFound()


async def _noted(conn: Connection, id: UUID, what: str) -> Post:
    post = await store.get(conn, id)
    if post is None:
        raise PostNotFound()
    await store.note(conn, post, what, writer())
    return post
