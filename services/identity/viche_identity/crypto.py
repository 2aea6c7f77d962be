"""Pseudonyms, by which others know persons, and tokens of sessions."""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from viche_chassis import base64url
from viche_chassis.sealing import derive_key

SESSION_TOKEN_BYTES = 32
SCOPE_KEYS_KEPT = 1024


class Pseudonyms:
    """Persons under names that are good for one scope alone: HMAC-SHA256 under the scope's key."""

    def __init__(self, master_key: bytes) -> None:
        self._key = derive_key(master_key, "identity/pseudonyms/v1")
        self.scope_key = lru_cache(SCOPE_KEYS_KEPT)(self._scope_key)

    def of(self, scope: str, person_id: UUID, mailbox_member: int = 0) -> bytes:
        """The 32 bytes by which ``scope`` knows the person, or another who shares the mailbox."""
        return pseudonym(self.scope_key(scope), person_id.bytes, mailbox_member)

    def _scope_key(self, scope: str) -> bytes:
        return hmac.digest(self._key, scope.encode(), "sha256")


def pseudonym(scope_key: bytes, person_id: bytes, mailbox_member: int) -> bytes:
    """See :class:`Pseudonyms`; for those who make many under one key."""
    message = person_id + bytes([mailbox_member]) if mailbox_member else person_id
    return hmac.digest(scope_key, message, "sha256")


def new_session_token() -> str:
    """An unguessable token for a session's cookie."""
    return base64url.encode(os.urandom(SESSION_TOKEN_BYTES))


def session_token_hash(token: str) -> bytes:
    """How a session's token is stored; a plain hash is enough for 32 random bytes."""
    return hashlib.sha256(token.encode()).digest()
