"""What a service's master key is for: sealed personal data, indexes of it, tokens that need no row.

Every use has a key of its own, derived by HKDF (RFC 5869), so that none says anything about another. Purposes are
written "service/use/version" and are part of what is stored: a change of one makes old rows and links unreadable.
"""

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from viche_chassis import base64url

KEY_BYTES = 32
MAC_BYTES = 32
UUID_BYTES = 16
NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits, random, good for 2^32 rows
SEAL_VERSION = b"\x01"


class Unreadable(Exception):
    """Sealed data was changed, moved to another place, or sealed with another key."""


def derive_key(master_key: bytes, purpose: str) -> bytes:
    """The key for one purpose, 32 bytes."""
    info = f"viche/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master_key)


class Seal:
    """Encrypts personal data with AES-256-GCM, bound to its place: a value moved to another row does not open."""

    def __init__(self, master_key: bytes, purpose: str) -> None:
        self._cipher = AESGCM(derive_key(master_key, purpose))

    def close(self, text: str, column: str, row: UUID) -> bytes:
        """``text`` sealed for one row of a "table.column"; never the same bytes twice."""
        nonce = os.urandom(NONCE_BYTES)
        return SEAL_VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), _place(column, row))

    def open(self, sealed: bytes, column: str, row: UUID) -> str:
        """What was sealed.

        Raises:
            Unreadable: it was not sealed for this place with this key.
        """
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != SEAL_VERSION:
            raise Unreadable(column)
        try:
            return self._cipher.decrypt(nonce, body, _place(column, row)).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(column) from error


class KeyedIndex:
    """Finds rows by personal data without storing it: HMAC-SHA256, which nobody can guess back without the key."""

    def __init__(self, master_key: bytes, purpose: str) -> None:
        self._key = derive_key(master_key, purpose)

    def of(self, text: str, *, within: bytes = b"") -> bytes:
        """The index of ``text``, 32 bytes.

        Args:
            within: indexes in different ones cannot be compared: each has a key of its own.
        """
        key = hmac.digest(self._key, within, "sha256") if within else self._key
        return hmac.digest(key, text.encode(), "sha256")


class SignedTokens:
    """Tokens that hold what they are for, with its HMAC-SHA256: none is stored, and only the key's holder makes one."""

    def __init__(self, master_key: bytes, purpose: str) -> None:
        self._key = derive_key(master_key, purpose)

    def make(self, body: bytes) -> str:
        """The token of ``body``, which whoever holds the token can read; fit for an address."""
        return base64url.encode(body + self._mac(body))

    def read(self, token: str) -> bytes | None:
        """The body whose token this is; None when it is not one of ours."""
        try:
            raw = base64url.decode(token)
        except ValueError:
            return None
        body, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        return body if hmac.compare_digest(mac, self._mac(body)) else None

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


class LinkTokens:
    """Tokens of links that are rows: the row's id, signed."""

    def __init__(self, master_key: bytes, purpose: str) -> None:
        self._tokens = SignedTokens(master_key, purpose)

    def make(self, id: UUID) -> str:
        """The token of a link."""
        return self._tokens.make(id.bytes)

    def read(self, token: str) -> UUID | None:
        """The link whose token this is; None when it is not one of ours."""
        body = self._tokens.read(token)
        return UUID(bytes=body) if body is not None and len(body) == UUID_BYTES else None


def _place(column: str, row: UUID) -> bytes:
    return column.encode() + b"\x00" + row.bytes
