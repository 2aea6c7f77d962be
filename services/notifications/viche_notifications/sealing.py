"""What the service's master key is for: sealed contacts, address indexes, unsubscribe links."""

import json
from dataclasses import asdict, dataclass, field
from uuid import UUID

from viche_chassis.errors import LinkUnknown
from viche_chassis.mailboxes import canonical_mailbox
from viche_chassis.sealing import KeyedIndex, Seal, SignedTokens

CONTACT = "message_contacts.sealed"
_INDEX_BYTES = 16  # cut short, as every unsubscribe link carries one


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
