"""The calls; none of them reaches the world."""

from urllib.parse import urlsplit, urlunsplit

from viche_sdk.connectors.types import AccountInfo, Capability, Connector, Context, Post, Published, Unsupported

CAPABILITIES = frozenset({Capability.MANUAL})


class AssistedConnector(Connector):
    """One group. Viche gives text, pictures and steps to whoever posts there, and keeps the link that they enter."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """What was entered: nobody can be asked whether the group is there."""
        address = urlsplit(ctx.value("address"))
        place = address.netloc.lower().removeprefix("www.") + address.path.rstrip("/")
        return AccountInfo(
            id=place,
            handle=ctx.value("name") or place,
            name=ctx.value("name") or place,
            url=urlunsplit((address.scheme, address.netloc, address.path, "", "")),
            granted=CAPABILITIES,
        )

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """A host that knows the capability `manual` hands the post to a person and does not call."""
        raise Unsupported("no program may post there: a person does")
