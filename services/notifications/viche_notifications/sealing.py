"""What the service's master key is for: sealed contacts, address indexes, unsubscribe links.

Each use has a key of its own, derived by HKDF (RFC 5869), so that none says anything about another.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from viche_chassis.mailboxes import canonical_mailbox
from viche_notifications.domain import LinkUnknown

_NONCE_BYTES = 12
_INDEX_BYTES = 16
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a message is for: address, name (may be empty) and the token of the link in it (may be empty)."""

    email: str = field(repr=False)
    name: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What an unsubscribe link is for: a subject ("petition:UUID") and an address, known by its index alone."""

    subject: str
    address_index: bytes


class SealBroken(Exception):
    """A sealed contact was made with another key, for another message, or was damaged."""


class Contacts:
    """Encrypts contacts (AES-256-GCM, bound to their message) and indexes addresses (HMAC-SHA256, cut short).

    Args:
        master: 32 bytes.
    """

    def __init__(self, master: bytes) -> None:
        self._cipher = AESGCM(_derive(master, "contacts"))
        self._index_key = _derive(master, "addresses")

    def seal(self, message_id: UUID, contact: Contact) -> bytes:
        """The contact, readable with the same key and for the same message alone."""
        nonce = os.urandom(_NONCE_BYTES)
        plain = json.dumps(asdict(contact), ensure_ascii=False).encode()
        return nonce + self._cipher.encrypt(nonce, plain, message_id.bytes)

    def open(self, message_id: UUID, sealed: bytes) -> Contact:
        """The contact of a message.

        Raises:
            SealBroken: it is not this message's, or the key is another.
        """
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], message_id.bytes)
        except InvalidTag as error:
            raise SealBroken from error
        return Contact(**json.loads(plain))

    def index(self, email: str) -> bytes:
        """The same 16 bytes for every spelling of a mailbox.

        Raises:
            InvalidFields: it is no address.
        """
        return hmac.digest(self._index_key, canonical_mailbox(email).encode(), hashlib.sha256)[:_INDEX_BYTES]


class UnsubscribeLinks:
    """Makes and reads the tokens of unsubscribe links: they hold subject and address index, signed, and need no row.

    Args:
        master: 32 bytes.
    """

    def __init__(self, master: bytes) -> None:
        self._key = _derive(master, "unsubscribe")

    def token(self, subscription: Subscription) -> str:
        """The token, fit for an address."""
        body = subscription.address_index + subscription.subject.encode()
        return base64.urlsafe_b64encode(self._mac(body) + body).rstrip(b"=").decode()

    def read(self, token: str) -> Subscription:
        """What the token is for.

        Raises:
            LinkUnknown: it is not one of ours.
        """
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise LinkUnknown() from error
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise LinkUnknown()
        return Subscription(body[_INDEX_BYTES:].decode(), body[:_INDEX_BYTES])

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_MAC_BYTES]


def _derive(master: bytes, purpose: str) -> bytes:
    info = f"viche.notifications.{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)
