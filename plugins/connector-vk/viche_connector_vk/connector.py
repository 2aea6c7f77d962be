"""The calls: what a community's own key may do (VK API schema 5.199, and what became known of it since)."""

from collections.abc import Mapping, Sequence

from viche_connector_vk import callback, messages
from viche_connector_vk.client import ask, do, result_of
from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Challenge,
    Connector,
    Context,
    InboxItem,
    Metric,
    MetricName,
    NotFound,
    Page,
    PermissionDenied,
    Post,
    Published,
    with_link,
)

OF_MESSAGES = frozenset({Capability.INBOX_MESSAGES, Capability.REPLY})
CAPABILITIES = OF_MESSAGES | {
    Capability.PUBLISH_TEXT,
    Capability.PUBLISH_LINK,
    Capability.METRICS_ACCOUNT,
    Capability.WEBHOOK,
}
WALL, MESSAGES = "wall", "messages"


class VkConnector(Connector):
    """One community."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """What the key may do, and whose it is. Whether VK lets it post shows only when it posts."""
        rights = await ask(ctx, "groups.getTokenPermissions")
        with rights.understood():
            named = [right["name"] for right in result_of(rights)["permissions"]]
        if WALL not in named:
            raise PermissionDenied("the key has no right for the wall", permission=WALL)
        answer = await ask(ctx, "groups.getById", group_id=ctx.value("community"), fields="members_count")
        with answer.understood():
            found = result_of(answer)["groups"]
            if not found:
                raise NotFound(f"there is no community {ctx.value('community')}")
            group = found[0]
            place = group.get("screen_name") or f"club{group['id']}"
            return AccountInfo(
                id=str(group["id"]),
                handle=place,
                name=group.get("name") or place,
                url=f"https://vk.com/{place}",
                granted=_granted(ctx, named),
            )

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """In the community's name; VK takes a `guid` once."""
        owner = f"-{ctx.value('community')}"
        text = with_link(post.text, post.link)
        answer = await do(ctx, "wall.post", owner_id=owner, from_group="1", message=text, guid=key)
        with answer.understood():
            ref = f"{owner}_{int(result_of(answer)['post_id'])}"
            return Published(ref, f"https://vk.com/wall{ref}")

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Messages to the community."""
        return await messages.fetch(ctx, cursor)

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """In the conversation."""
        return await messages.answer(ctx, item, text, key)

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Members of the community."""
        answer = await ask(ctx, "groups.getById", group_id=ctx.value("community"), fields="members_count")
        with answer.understood():
            count = result_of(answer)["groups"][0].get("members_count")
        hidden = "the community hides it" if count is None else ""
        return [Metric(MetricName.FOLLOWERS, count, reason=hidden)]

    def verify_webhook(self, ctx: Context, headers: Mapping[str, str], body: bytes) -> Challenge | Sequence[InboxItem]:
        """What the Callback API sends."""
        return callback.read(ctx, body)


def _granted(ctx: Context, rights: Sequence[str]) -> frozenset[Capability]:
    """What the rights of the key give; VK sends nothing by itself where no secret was agreed on."""
    granted = CAPABILITIES if MESSAGES in rights else CAPABILITIES - OF_MESSAGES
    return granted if ctx.secret(callback.SECRET) else granted - {Capability.WEBHOOK}
