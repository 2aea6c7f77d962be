"""What the service's master key is for: sealed contacts, address indexes, unsubscribe links, return addresses."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from uuid import UUID

from viche_chassis.errors import InvalidFields, LinkUnknown
from viche_chassis.mailboxes import canonical_mailbox, sending_address
from viche_chassis.sealing import KeyedIndex, Seal, SignedTokens, derive_key

CONTACT = "message_contacts.sealed"
_INDEX_BYTES = 16  # cut short, as every unsubscribe link carries one
_RETURN_MAC_BYTES = 10
_UUID_BYTES = 16
RETURN_TOKEN_LENGTH = 42  # the base32 of an id and its MAC
LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a message is for: address, name (may be empty) and the token of the link in it (may be empty).

    With them whatever else is for the receiver's eyes alone, under the names that the template has for it.
    """

    email: str = field(repr=False)
    name: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    private: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What an unsubscribe link is for: a subject ("petition:UUID") and an address, known by its index alone."""

    subject: str
    address_index: bytes


class Contacts:
    """Seals contacts for their messages, and indexes addresses.

    Args:
        master_key: 32 bytes.
    """

    def __init__(self, master_key: bytes) -> None:
        self._seal = Seal(master_key, "notifications/contacts/v1")
        self._addresses = KeyedIndex(master_key, "notifications/addresses/v1")

    def seal(self, message_id: UUID, contact: Contact) -> bytes:
        """The contact, readable with the same key and for the same message alone."""
        return self._seal.close(json.dumps(asdict(contact), ensure_ascii=False), CONTACT, message_id)

    def open(self, message_id: UUID, sealed: bytes) -> Contact:
        """The contact of a message.

        Raises:
            Unreadable: it is not this message's, or the key is another.
        """
        return Contact(**json.loads(self._seal.open(sealed, CONTACT, message_id)))

    def index(self, email: str) -> bytes:
        """The same 16 bytes for every spelling of a mailbox.

        Raises:
            InvalidFields: it is no address.
        """
        return self._addresses.of(canonical_mailbox(email))[:_INDEX_BYTES]


class UnsubscribeLinks:
    """Makes and reads the tokens of unsubscribe links: they hold subject and address index, signed, and need no row.

    Args:
        master_key: 32 bytes.
    """

    def __init__(self, master_key: bytes) -> None:
        self._tokens = SignedTokens(master_key, "notifications/unsubscribe/v1")

    def token(self, subscription: Subscription) -> str:
        """The token, fit for an address."""
        return self._tokens.make(subscription.address_index + subscription.subject.encode())

    def read(self, token: str) -> Subscription:
        """What the token is for.

        Raises:
            LinkUnknown: it is not one of ours.
        """
        body = self._tokens.read(token)
        if body is None:
            raise LinkUnknown()
        return Subscription(body[_INDEX_BYTES:].decode(), body[:_INDEX_BYTES])


class ReturnAddresses:
    """The addresses that mails are sent back to: one for each message, which only the key's holder can make.

    So whoever sends a report about a mail has had the mail. Letters and digits alone, in one case, since mail servers
    on the way may change case.

    Args:
        master_key: 32 bytes.
        mailbox: "bounces@example.org" becomes "bounces+TOKEN@example.org"; empty for the sender's address instead.

    Raises:
        ValueError: ``mailbox`` is no address, or leaves no room for the token.
    """

    def __init__(self, master_key: bytes, mailbox: str) -> None:
        self._key = derive_key(master_key, "notifications/returns/v1")
        self._local, _, self._domain = _usable(mailbox).rpartition("@") if mailbox else ("", "", "")

    def of(self, message_id: UUID, sender: str) -> str:
        """Where the message is sent back to; ``sender`` where nobody reads what comes back."""
        if not self._domain:
            return sender
        return f"{self._local}+{self.token(message_id)}@{self._domain}"

    def token(self, message_id: UUID) -> str:
        """What says whose message came back."""
        return base64.b32encode(message_id.bytes + self._mac(message_id.bytes)).decode().rstrip("=").lower()

    def read(self, token: str) -> UUID | None:
        """The message whose token this is; None when it is not one of ours."""
        if len(token) != RETURN_TOKEN_LENGTH:
            return None
        try:
            raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except ValueError:
            return None
        body, mac = raw[:_UUID_BYTES], raw[_UUID_BYTES:]
        return UUID(bytes=body) if hmac.compare_digest(mac, self._mac(body)) else None

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_RETURN_MAC_BYTES]


def _usable(mailbox: str) -> str:
    try:
        address = sending_address(mailbox)
    except InvalidFields as error:
        raise ValueError("it must be an address") from error
    most = LONGEST_LOCAL_PART - RETURN_TOKEN_LENGTH - 1
    if len(address.rpartition("@")[0]) > most or not address.isascii():
        raise ValueError(f"it must have at most {most} letters before the @, all of them ASCII")
    return address
