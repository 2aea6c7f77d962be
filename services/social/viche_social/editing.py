"""Corrections of posts that are out, each step in a transaction. Whoever calls has committed nothing before.

Once a second person has approved it, a correction is what the post says. What has not gone out yet goes out with it;
where a post stands already, its words are changed as far as connector and account can (`sending.py`); elsewhere the
old ones stay, and officers are told so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_sdk.connectors.types import ConnectorSpec
from viche_social.domain.deliveries import DeliveryState, Task
from viche_social.domain.editions import (
    EDITABLE,
    Changes,
    EditionState,
    Standing,
    can_edit,
    corrected,
    is_changeable,
)
from viche_social.domain.errors import (
    EditionNotEditable,
    EditionNotFound,
    EditionNotSubmitted,
    NothingChanged,
    OwnPost,
    PostNotOut,
    StalePost,
)
from viche_social.domain.posts import Content, PostState
from viche_social.outgoing import body_of
from viche_social.posting import held, writer
from viche_social.store import channels, corrections, deliveries, posts
from viche_social.store import editions as store
from viche_social.store.channels import Channel
from viche_social.store.deliveries import Delivery
from viche_social.store.editions import Edition
from viche_social.store.posts import Post

Specs = Mapping[str, ConnectorSpec]


async def save(conn: Connection, post_id: UUID, version: int, changes: Changes, what: str) -> Edition:
    """Writes a correction, or changes the one that is being written.

    Raises:
        PostNotFound, NotYourAuthority, PostNotOut, StalePost, EditionNotEditable: all stays as it is.
    """
    post = await _held_out(conn, post_id)
    before = await store.open_one(conn, post_id)
    if version != (before.version if before else 0):
        raise StalePost(version=before.version if before else 0)
    if before is not None and before.state not in EDITABLE:
        raise EditionNotEditable()
    content = corrected(post.content, changes)
    if before is None:
        await store.insert(conn, new_id(), post_id, content, what, writer())
    else:
        await store.change(conn, before.id, content, what, writer())
    return await _open(conn, post_id)


async def submit(conn: Connection, post_id: UUID, version: int) -> Edition:
    """Hands a correction to a second person.

    Raises:
        PostNotFound, NotYourAuthority, PostNotOut, EditionNotFound, StalePost, EditionNotEditable, NothingChanged: it
            stays as it is.
    """
    post = await _held_out(conn, post_id)
    edition = await _open(conn, post_id, version)
    if edition.state not in EDITABLE:
        raise EditionNotEditable()
    if whole(post, edition) == post.content:
        raise NothingChanged()
    await store.set_state(conn, edition.id, EditionState.SUBMITTED)
    return await _open(conn, post_id)


async def approve(conn: Connection, post_id: UUID, version: int, specs: Specs, *, needs_second: bool) -> Edition:
    """Makes a correction what the post says.

    Args:
        conn: in a transaction.
        post_id: of the post.
        version: that the second person has read.
        specs: the connectors.
        needs_second: whether a second person must approve.

    Raises:
        PostNotFound, NotYourAuthority, PostNotOut, EditionNotFound, StalePost, EditionNotSubmitted, OwnPost: the post
            stays as it is.
    """
    post = await _held_out(conn, post_id)
    edition = await _open(conn, post_id, version)
    if edition.state is not EditionState.SUBMITTED:
        raise EditionNotSubmitted()
    if needs_second and edition.written_by is not None and edition.written_by == writer():
        raise OwnPost()
    content, number = whole(post, edition), post.edition + 1
    await store.insert_first(conn, new_id(), post)
    await store.put_out(conn, edition.id, number, writer())
    await posts.set_edition(conn, post_id, content, number)
    await _send(conn, post_id, content, number, specs)
    changed = await posts.get(conn, post_id)
    assert changed is not None  # it is held
    await posts.note(conn, changed, "corrected", writer())
    return next(each for each in await store.out(conn, [post_id]) if each.number == number)


async def give_back(conn: Connection, post_id: UUID, version: int, reason: str) -> Edition:
    """Gives a correction back to its author.

    Raises:
        PostNotFound, NotYourAuthority, EditionNotFound, StalePost, EditionNotSubmitted: it stays as it is.
    """
    await held(conn, post_id)
    edition = await _open(conn, post_id, version)
    if edition.state is not EditionState.SUBMITTED:
        raise EditionNotSubmitted()
    await store.set_state(conn, edition.id, EditionState.RETURNED, reason)
    return await _open(conn, post_id)


async def drop(conn: Connection, post_id: UUID) -> None:
    """Throws the correction away that is being written.

    Raises:
        PostNotFound, NotYourAuthority, EditionNotFound: there is none.
    """
    await held(conn, post_id)
    await _open(conn, post_id)
    await store.drop_open(conn, post_id)


def whole(post: Post, edition: Edition) -> Content:
    """What the post says with an edition, its time and what it corrects included."""
    return replace(edition.content, publish_at=post.content.publish_at, corrects_id=post.content.corrects_id)


def standing(delivery: Delivery, channel: Channel, specs: Specs) -> Standing:
    """How a delivery stands to the editions of its post."""
    spec = specs.get(delivery.connector)
    return Standing(
        DeliveryState(delivery.state),
        Task(delivery.task) if delivery.task else None,
        delivery.edition,
        bool(delivery.ref),
        spec is not None and channel.state != "disconnected" and can_edit(spec.capabilities, channel.granted),
        delivery.error,
    )


async def standings(conn: Connection, sent: Sequence[Delivery], specs: Specs) -> dict[UUID, Standing]:
    """The same for deliveries, by their ids."""
    known = {each.id: each for each in await channels.by_ids(conn, [each.channel_id for each in sent])}
    return {each.id: standing(each, known[each.channel_id], specs) for each in sent}


async def _send(conn: Connection, post_id: UUID, content: Content, number: int, specs: Specs) -> None:
    """What for certain is nowhere goes out with the new words; what is there is changed where that can be done. What is
    under way is looked at again when it is there."""
    sent = await deliveries.hold_of_post(conn, post_id)
    by_id = await standings(conn, sent, specs)
    for each in sent:
        if corrections.is_nowhere(each):
            await corrections.rewrite(conn, each.id, body_of(content, each), number)
    changeable = [id for id, found in by_id.items() if is_changeable(found)]
    await corrections.edit(conn, changeable)


async def _held_out(conn: Connection, post_id: UUID) -> Post:
    post = await held(conn, post_id)
    if post.state is not PostState.OUT:
        raise PostNotOut()
    return post


async def _open(conn: Connection, post_id: UUID, version: int | None = None) -> Edition:
    edition = await store.open_one(conn, post_id)
    if edition is None:
        raise EditionNotFound()
    if version is not None and edition.version != version:
        raise StalePost(version=edition.version)
    return edition
