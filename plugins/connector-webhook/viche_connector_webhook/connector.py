"""The calls: one event each."""

import uuid
from urllib.parse import urlsplit

from viche_connector_webhook.client import said_by, send
from viche_connector_webhook.events import Event, described
from viche_sdk.connectors.types import AccountInfo, Answer, Capability, Connector, Context, Post, Published

CAPABILITIES = frozenset(
    {
        Capability.PUBLISH_TEXT,
        Capability.PUBLISH_LINK,
        Capability.PUBLISH_IMAGE,
        Capability.PUBLISH_VIDEO,
        Capability.PUBLISH_EVENT,
        Capability.EDIT,
        Capability.DELETE,
    }
)


class WebhookConnector(Connector):
    """One address of one receiver."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Sends an event that changes nothing: the receiver answers, and finds the signature right."""
        await send(ctx, str(uuid.uuid4()), Event.PROBED, {})
        address = urlsplit(ctx.value("address"))
        # what stands behind a question mark may be a secret of the receiver's
        return AccountInfo(
            id=f"{address.netloc}{address.path}",
            handle=address.netloc,
            name=address.netloc,
            url="",
            granted=CAPABILITIES,
        )

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """The key is the event's id, by which receivers know a repetition, and the post's id at the same time."""
        return _published(key, await send(ctx, key, Event.PUBLISHED, await described(ctx, key, post)))

    async def edit(self, ctx: Context, ref: str, post: Post) -> Published:
        """The whole post anew; the receiver puts it in place of the one with its id."""
        return _published(ref, await send(ctx, str(uuid.uuid4()), Event.CHANGED, await described(ctx, ref, post)))

    async def delete(self, ctx: Context, ref: str) -> None:
        """The receiver takes away the post with this id, if it has it."""
        await send(ctx, str(uuid.uuid4()), Event.WITHDRAWN, {"id": ref})


def _published(id_: str, answer: Answer) -> Published:
    """A receiver may say under which address people see the post."""
    url = said_by(answer).get("url")
    return Published(id_, url if isinstance(url, str) and url.startswith("https://") else "")
