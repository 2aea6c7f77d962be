"""The calls: what a community's own key may do (VK API schema 5.199, and what became known of it since)."""

from collections.abc import Sequence

from viche_connector_vk.client import ask, do, result_of
from viche_sdk.connectors.types import (
    AccountInfo,
    Capability,
    Connector,
    Context,
    Metric,
    MetricName,
    NotFound,
    PermissionDenied,
    Post,
    Published,
    with_link,
)

CAPABILITIES = frozenset({Capability.PUBLISH_TEXT, Capability.PUBLISH_LINK, Capability.METRICS_ACCOUNT})
WALL = "wall"


class VkConnector(Connector):
    """One community."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """What the key may do, and whose it is. Whether VK lets it post shows only when it posts."""
        rights = await ask(ctx, "groups.getTokenPermissions")
        with rights.understood():
            may_post = WALL in [right["name"] for right in result_of(rights)["permissions"]]
        if not may_post:
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
                granted=CAPABILITIES,
            )

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """In the community's name; VK takes a `guid` once."""
        owner = f"-{ctx.value('community')}"
        text = with_link(post.text, post.link)
        answer = await do(ctx, "wall.post", owner_id=owner, from_group="1", message=text, guid=key)
        with answer.understood():
            ref = f"{owner}_{int(result_of(answer)['post_id'])}"
            return Published(ref, f"https://vk.com/wall{ref}")

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Members of the community."""
        answer = await ask(ctx, "groups.getById", group_id=ctx.value("community"), fields="members_count")
        with answer.understood():
            count = result_of(answer)["groups"][0].get("members_count")
        hidden = "the community hides it" if count is None else ""
        return [Metric(MetricName.FOLLOWERS, count, reason=hidden)]
