"""Secrets of channels: sealed in their row, opened for one call."""

import json
from collections.abc import Mapping
from uuid import UUID

from viche_chassis.sealing import Seal

PURPOSE = "social/channels/v1"
_COLUMN = "channel_secrets.sealed"
_SESSION = "channel_sessions.sealed"
_VERIFIER = "consents.verifier"


class Secrets:
    """Seals what is entered, and opens it."""

    def __init__(self, master_key: bytes) -> None:
        self._seal = Seal(master_key, PURPOSE)

    def close(self, secrets: Mapping[str, str], channel_id: UUID) -> bytes:
        """The secrets of a channel, sealed for its row."""
        return self._seal.close(json.dumps(dict(secrets), ensure_ascii=False), _COLUMN, channel_id)

    def open(self, sealed: bytes | None, channel_id: UUID) -> dict[str, str]:
        """The secrets of a channel by the names of their fields; none where there are none.

        Raises:
            Unreadable: they were not sealed for this channel with this key.
        """
        return json.loads(self._seal.open(sealed, _COLUMN, channel_id)) if sealed else {}

    def close_session(self, text: str, channel_id: UUID) -> bytes:
        """What a connector keeps for a channel between calls, sealed for its row."""
        return self._seal.close(text, _SESSION, channel_id)

    def open_session(self, sealed: bytes | None, channel_id: UUID) -> str:
        """What a connector keeps for a channel; empty where there is nothing.

        Raises:
            Unreadable: it was not sealed for this channel with this key.
        """
        return self._seal.open(sealed, _SESSION, channel_id) if sealed else ""

    def close_verifier(self, verifier: str, consent: UUID) -> bytes:
        """The verifier of a round of consent (RFC 7636), sealed."""
        return self._seal.close(verifier, _VERIFIER, consent)

    def open_verifier(self, sealed: bytes, consent: UUID) -> str:
        """The verifier of a round of consent.

        Raises:
            Unreadable: it was not sealed for this round with this key.
        """
        return self._seal.open(sealed, _VERIFIER, consent)
