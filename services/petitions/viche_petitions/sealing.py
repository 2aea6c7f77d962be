"""Keys and what is made with them: mailbox indexes, sealed contacts, tokens of confirmation links.

Every key comes from the service's master key by HKDF (RFC 5869), one for each purpose. The purposes are part of what
is stored: a change of one makes old rows unreadable.
"""

import base64
import binascii
import hmac
import json
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from viche_petitions.identity import Contact

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits, random, good for 2^32 rows
SEAL_VERSION = b"\x01"


class Unreadable(Exception):
    """Sealed data was changed, moved to another row, or sealed with another key."""


class Sealing:
    """Seals, indexes and tokens under one master key of 32 bytes."""

    def __init__(self, master_key: bytes) -> None:
        self._cipher = AESGCM(_derive(master_key, "contacts/v1"))
        self._index_key = _derive(master_key, "mailboxes/v1")
        self._link_key = _derive(master_key, "confirmation-links/v1")

    def mailbox_index(self, petition_id: UUID, mailbox: str) -> bytes:
        """Finds a mailbox among those who signed one petition, and in no other."""
        petition_key = hmac.digest(self._index_key, petition_id.bytes, "sha256")
        return hmac.digest(petition_key, mailbox.encode(), "sha256")

    def rate_key(self, rule: str, value: str) -> bytes:
        """What a rate rule counts by, without saying what it is."""
        return hmac.digest(self._index_key, f"{rule}\x00{value}".encode(), "sha256")

    def close(self, contact: Contact, signature_id: UUID) -> bytes:
        """A contact sealed with AES-256-GCM for one signature: moved to another it does not open."""
        nonce = os.urandom(NONCE_BYTES)
        text = json.dumps([contact.email, contact.name, contact.residence_code, contact.language])
        return SEAL_VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), signature_id.bytes)

    def open(self, sealed: bytes, signature_id: UUID) -> Contact:
        """The contact that was sealed.

        Raises:
            Unreadable: it was not sealed for this signature with this key.
        """
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != SEAL_VERSION:
                raise Unreadable("unknown version")
            return Contact(*json.loads(self._cipher.decrypt(nonce, body, signature_id.bytes)))
        except (InvalidTag, ValueError, TypeError) as error:
            raise Unreadable("sealed otherwise") from error

    def token(self, signature_id: UUID) -> str:
        """The token of the link that confirms a signature: its id with an HMAC, so that no token is stored."""
        raw = signature_id.bytes + hmac.digest(self._link_key, signature_id.bytes, "sha256")
        return base64.urlsafe_b64encode(raw).decode()

    def read_token(self, token: str) -> UUID | None:
        """The signature that a token is for; None when the token is not one of ours."""
        try:
            raw = base64.urlsafe_b64decode(token)
        except (ValueError, binascii.Error):
            return None
        expected = hmac.digest(self._link_key, raw[:16], "sha256")
        return UUID(bytes=raw[:16]) if hmac.compare_digest(raw[16:], expected) else None


def _derive(master_key: bytes, purpose: str) -> bytes:
    info = f"viche/petitions/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master_key)
