"""Keys and what is made with them: pseudonyms, mailbox indexes, sealed personal data, link tokens.

Every key comes from identity's master key by HKDF (RFC 5869), one for each purpose.
The purposes are part of what is stored: a change of one makes old rows unreadable.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits, random, good for 2^32 rows
SEAL_VERSION = b"\x01"
SESSION_TOKEN_BYTES = 32
SCOPE_KEYS_KEPT = 1024


class Unreadable(Exception):
    """Sealed data was changed, moved to another row, or sealed with another key."""


def derive_key(master_key: bytes, purpose: str) -> bytes:
    """The key for one purpose."""
    info = f"viche/identity/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master_key)


class Pseudonyms:
    """Persons under names that are good for one scope alone: HMAC-SHA256 under the scope's key."""

    def __init__(self, master_key: bytes) -> None:
        self._key = derive_key(master_key, "pseudonyms/v1")
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


class BlindIndex:
    """Finds rows by personal data without storing it: HMAC-SHA256 under a key of its own."""

    def __init__(self, master_key: bytes, purpose: str) -> None:
        self._key = derive_key(master_key, purpose)

    def of(self, text: str) -> bytes:
        """The index of ``text``, 32 bytes."""
        return hmac.digest(self._key, text.encode(), "sha256")


class Seal:
    """Encrypts personal data with AES-256-GCM, bound to its place: a value moved to another row does not open."""

    def __init__(self, master_key: bytes) -> None:
        self._cipher = AESGCM(derive_key(master_key, "personal-data/v1"))

    def close(self, text: str, column: str, row: UUID) -> bytes:
        """``text`` sealed for one row of a "table.column"."""
        nonce = os.urandom(NONCE_BYTES)
        return SEAL_VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), _place(column, row))

    def open(self, sealed: bytes, column: str, row: UUID) -> str:
        """What was sealed.

        Raises:
            Unreadable: it was not sealed for this place with this key.
        """
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != SEAL_VERSION:
                raise Unreadable(column)
            return self._cipher.decrypt(nonce, body, _place(column, row)).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(column) from error


class LinkTokens:
    """Tokens of sign-in links: the link's id and its HMAC, so that no token is stored anywhere."""

    def __init__(self, master_key: bytes) -> None:
        self._key = derive_key(master_key, "sign-in-links/v1")

    def make(self, link_id: UUID) -> str:
        """The token of a link."""
        return _base64url(link_id.bytes + hmac.digest(self._key, link_id.bytes, "sha256"))

    def read(self, token: str) -> UUID | None:
        """The link whose token this is; None when it is not one of ours."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii") + b"==")
        except ValueError:
            return None
        expected = hmac.digest(self._key, raw[:16], "sha256")
        return UUID(bytes=raw[:16]) if hmac.compare_digest(raw[16:], expected) else None


def new_session_token() -> str:
    """An unguessable token for a session's cookie."""
    return _base64url(os.urandom(SESSION_TOKEN_BYTES))


def session_token_hash(token: str) -> bytes:
    """How a session's token is stored; a plain hash is enough for 32 random bytes."""
    return hashlib.sha256(token.encode()).digest()


def pseudonym_text(value: bytes) -> str:
    """A pseudonym as tokens carry it."""
    return _base64url(value)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _place(column: str, row: UUID) -> bytes:
    return column.encode() + b"\x00" + row.bytes
