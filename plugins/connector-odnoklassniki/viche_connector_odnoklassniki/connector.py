"""The calls (apiok.ru/dev/methods/rest)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from viche_connector_odnoklassniki.client import ask, do
from viche_sdk.connectors.types import (
    AccountInfo,
    Answer,
    Capability,
    Connector,
    Context,
    Metric,
    MetricName,
    NotFound,
    PermissionDenied,
    Post,
    Published,
)

CAPABILITIES = frozenset({Capability.PUBLISH_TEXT, Capability.PUBLISH_LINK, Capability.METRICS_ACCOUNT})
FIELDS = "uid,name,shortname,members_count"


class OdnoklassnikiConnector(Connector):
    """One group."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Which group it is. Whether the application may post there shows only when it posts."""
        answer = await ask(ctx, "group.getInfo", uids=ctx.value("group"), fields=FIELDS)
        with answer.understood():
            group = _group(answer)
        if group is None:
            raise NotFound(f"there is no group {ctx.value('group')}")
        with answer.understood():
            place = group.get("shortname") or f"group/{group['uid']}"
            return AccountInfo(
                id=str(group["uid"]),
                handle=place,
                name=group["name"],
                url=f"https://ok.ru/{place}",
                granted=CAPABILITIES,
            )

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """One topic of the group. The API knows no keys: nothing is ever sent again."""
        group = ctx.value("group")
        answer = await do(ctx, "mediatopic.post", type="GROUP_THEME", gid=group, attachment=_attachment(post))
        with answer.understood():
            topic = int(answer.json())
        if topic == 0:
            raise PermissionDenied("the application is not approved for posting", permission="GROUP_CONTENT")
        return Published(str(topic), f"https://ok.ru/group/{group}/topic/{topic}")

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Members of the group."""
        answer = await ask(ctx, "group.getInfo", uids=ctx.value("group"), fields=FIELDS)
        with answer.understood():
            count = (_group(answer) or {}).get("members_count")
            if count is None:
                return [Metric(MetricName.FOLLOWERS, None, reason="the group hides it")]
            return [Metric(MetricName.FOLLOWERS, int(count))]


def _group(answer: Answer) -> Mapping[str, Any] | None:
    """The first of the groups; the documentation has them in an object, answers come as an array, too."""
    found = answer.json()
    groups = found["groups"] if isinstance(found, dict) else found
    return dict(groups[0]) if groups else None


def _attachment(post: Post) -> str:
    media: list[dict[str, str]] = []
    if post.text.strip():
        media.append({"type": "text", "text": post.text})
    if post.link and post.link not in post.text:
        media.append({"type": "link", "url": post.link})
    return json.dumps({"media": media, "onBehalfOfGroup": "true"}, ensure_ascii=False)
