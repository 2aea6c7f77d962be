"""The calls. Facts are from the lexicons of the AT Protocol, tried against its own development network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from viche_connector_bluesky import inbox
from viche_connector_bluesky.client import Client
from viche_connector_bluesky.places import POST, THREADGATE, address, parts_of, rkey_of
from viche_connector_bluesky.sessions import new_session
from viche_connector_bluesky.text import facets, names_in
from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Connector,
    Context,
    InboxItem,
    InvalidContent,
    Media,
    Metric,
    MetricName,
    NotFound,
    OutcomeUnknown,
    Page,
    PermissionDenied,
    PolicyRejected,
    Post,
    Published,
    Transient,
    with_link,
)

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_TEXT,
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.DELETE,
        Capability.INBOX_COMMENTS,
        Capability.INBOX_MENTIONS,
        Capability.REPLY,
        Capability.HIDE,
        Capability.METRICS_POST,
        Capability.METRICS_ACCOUNT,
    }
)

HIDDEN_MOST = 300
OF_ACCOUNT = {MetricName.FOLLOWERS: ("followersCount",), MetricName.POSTS: ("postsCount",)}
OF_POST = {
    MetricName.REACTIONS: ("likeCount",),
    MetricName.COMMENTS: ("replyCount",),
    MetricName.SHARES: ("repostCount", "quoteCount"),
}


class BlueskyConnector(Connector):
    """Accounts on servers of the AT Protocol, as the view of Bluesky's apps shows them."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Signs in anew, so that a password that was taken back is noticed, and asks for the name."""
        session = await new_session(ctx)
        return AccountInfo(
            id=session.did,
            handle=session.handle,
            name=await _name(Client(ctx), session.did) or session.handle,
            url=f"https://bsky.app/profile/{session.handle}",
            granted=CAPABILITIES,
        )

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Sends the pictures, then puts the post where only this key leads to."""
        client = Client(ctx)
        images = [await _image(client, media) for media in post.media]
        record = await _record(client, with_link(post.text, post.link), [post.language])
        if images:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        return await _put(client, record, key)

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Looks where only this key leads to."""
        found = await Client(ctx).record(POST, rkey_of(key))
        return _published(ctx, found["uri"]) if found else None

    async def delete(self, ctx: Context, ref: str) -> None:
        """Takes the post away; answers of others stay. A server takes one that is not there, too."""
        client = Client(ctx)
        did, rkey = _own(ctx, ref)
        body = {"repo": did, "collection": POST, "rkey": rkey}
        await client.procedure("com.atproto.repo.deleteRecord", body)

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Answers, mentions and quotations."""
        return await inbox.page_of(Client(ctx), cursor)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Answers in the thread, which a post names by its first and by the one that it answers."""
        client = Client(ctx)
        posts = await client.posts([item.id])
        if item.id not in posts:
            raise NotFound("the post that is answered is gone")
        asked = posts[item.id]
        parent = {"uri": asked["uri"], "cid": asked["cid"]}
        root = (asked["record"].get("reply") or {}).get("root") or parent
        record = await _record(client, text, [item.language])
        return await _put(client, {**record, "reply": {"root": root, "parent": parent}}, key)

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Names the answer among those that apps show only to whoever asks for them; only below own posts."""
        client = Client(ctx)
        did, rkey = parts_of(item.thread)
        if did != ctx.account.id:
            raise PermissionDenied("only answers below own posts can be hidden", permission="threadgate")
        gate = await client.record(THREADGATE, rkey)
        record: dict[str, Any] = (
            dict(gate["value"]) if gate else {"post": item.thread, "createdAt": _written(ctx.clock.now())}
        )
        before: list[str] = record.get("hiddenReplies", [])
        after = [each for each in before if each != item.id] + ([item.id] if hidden else [])
        if len(after) > HIDDEN_MOST:
            raise InvalidContent(f"{HIDDEN_MOST} answers below this post are hidden already")
        if (item.id in before) == hidden:
            return
        answer = await client.put(
            THREADGATE, rkey, {**record, "hiddenReplies": after}, gate["cid"] if gate else None, "text"
        )
        if not answer.is_good:
            raise Transient("somebody else changed at this moment who may answer")

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Posts that are gone are not among those that the view gives."""
        client = Client(ctx)
        if not refs:
            profile = await client.query("app.bsky.actor.getProfile", actor=ctx.account.id)
            with profile.understood():
                _ = profile.object()["did"]
            return _figures(profile.object(), OF_ACCOUNT)
        posts = await client.posts(refs)
        found: list[Metric] = []
        for ref in refs:
            gone = [Metric(name, None, ref, "the post is gone") for name in OF_POST]
            found += _figures(posts[ref], OF_POST, ref) if ref in posts else gone
        return found


async def _name(client: Client, did: str) -> str:
    """The account's name; empty where it has none, or is so new that the view does not know it yet."""
    try:
        profile = await client.query("app.bsky.actor.getProfile", actor=did)
    except NotFound:
        return ""
    with profile.understood():
        _ = profile.object()["did"]
        return profile.object().get("displayName") or ""


def _figures(view: Mapping[str, Any], fields: Mapping[MetricName, tuple[str, ...]], ref: str = "") -> list[Metric]:
    found: list[Metric] = []
    for name, keys in fields.items():
        values = [view[key] for key in keys if isinstance(view.get(key), int)]
        missing = f"the server gives no {' or '.join(keys)}"
        found.append(Metric(name, sum(values), ref) if values else Metric(name, None, ref, missing))
    return found


async def _record(client: Client, text: str, languages: Sequence[str]) -> dict[str, Any]:
    """A post with its facets."""
    record: dict[str, Any] = {"text": text, "createdAt": _written(client.ctx.clock.now())}
    if marked := facets(text, await _known(client, names_in(text))):
        record["facets"] = marked
    if langs := [language for language in languages if language]:
        record["langs"] = langs
    return record


async def _known(client: Client, handles: Sequence[str]) -> dict[str, str]:
    """The did of each handle; one that nobody has stays a plain text."""
    found: dict[str, str] = {}
    if handles:
        answer = await client.query("app.bsky.actor.getProfiles", actors=list(handles)[:25])
        with answer.understood():
            found = {profile["handle"].lower(): profile["did"] for profile in answer.object()["profiles"]}
    return found


async def _image(client: Client, media: Media) -> dict[str, Any]:
    """A picture of a post.

    Raises:
        Transient: nobody knows whether it has arrived; in any case nothing was published.
    """
    try:
        blob = await client.upload(await client.ctx.media.read(media), media.type)
    except OutcomeUnknown as error:
        raise Transient(error.detail) from error
    image: dict[str, Any] = {"image": blob, "alt": media.alt}
    if media.width and media.height:
        image["aspectRatio"] = {"width": media.width, "height": media.height}
    return image


async def _put(client: Client, record: Mapping[str, Any], key: str) -> Published:
    """Puts a post where none is; one that is there already was put there by the same key.

    Raises:
        PolicyRejected: another post stands there, which two keys in 2^20 of the same millisecond may lead to.
    """
    answer = await client.put(POST, rkey_of(key), record, None, "text" if "embed" not in record else "media")
    if answer.is_good:
        with answer.understood():
            return _published(client.ctx, answer.object()["uri"])
    there = await client.record(POST, rkey_of(key))
    if there is None:
        raise OutcomeUnknown("the post was there, and is not any more")
    if there["value"].get("text") != record["text"]:
        raise PolicyRejected(f"another post stands at {there['uri']}")
    return _published(client.ctx, there["uri"])


def _published(ctx: Context, uri: str) -> Published:
    return Published(uri, address(uri, ctx.account.handle or ctx.account.id))


def _own(ctx: Context, ref: str) -> tuple[str, str]:
    try:
        return parts_of(ref)
    except ValueError as fault:
        raise NotFound(f"{ref} is no post") from fault


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
