"""Addresses of this instance to which platforms send what people write; each leads to one channel, and is no row."""

from uuid import UUID

from viche_chassis.sealing import LinkTokens
from viche_sdk.connectors.types import Capability, ConnectorSpec
from viche_social.store.channels import Channel

PATH = "/hooks/"
"""Where they lie, below the instance's address."""
_PURPOSE = "social/hooks/v1"


class Hooks:
    """Makes and reads these addresses.

    Args:
        master_key: of this service, 32 bytes.
        public_url: of this instance.
    """

    def __init__(self, master_key: bytes, public_url: str) -> None:
        self._tokens = LinkTokens(master_key, _PURPOSE)
        self._public_url = public_url.rstrip("/")

    def path(self, channel: Channel, spec: ConnectorSpec | None) -> str:
        """The path for a channel; empty where its connector takes nothing in, or it is not connected any more."""
        if spec is None or not spec.can(Capability.WEBHOOK) or channel.state == "disconnected":
            return ""
        return PATH + self._tokens.make(channel.id)

    def url(self, channel: Channel, spec: ConnectorSpec | None) -> str:
        """The whole address, or nothing."""
        path = self.path(channel, spec)
        return self._public_url + path if path else ""

    def read(self, token: str) -> UUID | None:
        """The channel that an address leads to; None where nobody gave it out."""
        return self._tokens.read(token)
