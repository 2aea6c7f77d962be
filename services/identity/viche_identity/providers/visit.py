"""A visit to a provider: what it is bound to, what begins it, what comes back and what comes of it."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from viche_chassis import base64url
from viche_chassis.sealing import LinkTokens, derive_key
from viche_identity.connections import Browser, Opened
from viche_identity.providers.client import Back, Visit


@dataclass(frozen=True, slots=True)
class Begin:
    """A visit to be begun."""

    provider: str
    browser: str
    language: str
    return_path: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """What a browser has brought back, and how it goes on."""

    provider: str
    state: str
    browser: str
    back: Back
    error: str
    into: Browser


@dataclass(frozen=True, slots=True)
class Finished:
    """A session, or the address whose mailbox must be confirmed first, with a token to go on without it."""

    return_path: str
    opened: Opened | None = None
    email: str = ""
    pending_token: str = ""


class VisitKeys:
    """What a visit is bound to, computed from its id: nothing of it is kept."""

    def __init__(self, master_key: bytes) -> None:
        self._states = LinkTokens(master_key, "identity/provider-states/v1")
        self._key = derive_key(master_key, "identity/provider-visits/v1")

    def of(self, visit_id: UUID) -> Visit:
        """State, nonce and code verifier of a visit."""
        return Visit(self._states.make(visit_id), self._secret(b"nonce", visit_id), self._secret(b"verifier", visit_id))

    def read(self, state: str) -> UUID | None:
        """The visit whose state this is; None when it is none of ours."""
        return self._states.read(state)

    def _secret(self, use: bytes, visit_id: UUID) -> str:
        return base64url.encode(hmac.digest(self._key, use + visit_id.bytes, "sha256"))
