"""What the service's master key is for: contacts of those who have not confirmed, indexes, confirmation links."""

import json
from collections.abc import Sequence
from uuid import UUID

from viche_chassis.sealing import KeyedIndex, LinkTokens, Seal
from viche_petitions.identity import Contact

CONTACT = "pending_contacts.contact"


class Sealing:
    """Seals, indexes and tokens under one master key of 32 bytes.

    Attributes:
        links: tokens of confirmation links, by the signature's id.
        sponsor_links: tokens of links that invite sponsors, by the petition's id.
    """

    def __init__(self, master_key: bytes) -> None:
        self.links = LinkTokens(master_key, "petitions/confirmation-links/v1")
        self.sponsor_links = LinkTokens(master_key, "petitions/sponsor-links/v1")
        self._seal = Seal(master_key, "petitions/contacts/v1")
        self._mailboxes = KeyedIndex(master_key, "petitions/mailboxes/v1")
        self._requests = KeyedIndex(master_key, "petitions/requests/v1")
        self._shown = KeyedIndex(master_key, "petitions/shown/v1")

    def mailbox_index(self, petition_id: UUID, mailbox: str) -> bytes:
        """Finds a mailbox among those who signed one petition, and in no other."""
        return self._mailboxes.of(mailbox, within=petition_id.bytes)

    def request_key(self, value: str) -> bytes:
        """What is remembered of a personal part of a request."""
        return self._requests.of(value)

    def shown_key(self, value: str, signature_id: UUID) -> str:
        """Stands for what a person is shown before they confirm one signature; 64 hexadecimal digits."""
        return self._shown.of(value, within=signature_id.bytes).hex()

    def close_values(self, values: Sequence[str], column: str, row: UUID) -> bytes:
        """Personal data sealed for one row of a "table.column"."""
        return self._seal.close(json.dumps(list(values)), column, row)

    def open_values(self, sealed: bytes, column: str, row: UUID) -> list[str]:
        """The values that were sealed.

        Raises:
            Unreadable: they were not sealed for this place with this key.
        """
        return json.loads(self._seal.open(sealed, column, row))

    def close(self, contact: Contact, signature_id: UUID) -> bytes:
        """A contact sealed for one signature."""
        text = json.dumps([contact.email, contact.name, contact.residence_code, contact.language, contact.network])
        return self._seal.close(text, CONTACT, signature_id)

    def open(self, sealed: bytes, signature_id: UUID) -> Contact:
        """The contact that was sealed.

        Raises:
            Unreadable: it was not sealed for this signature with this key.
        """
        return Contact(*json.loads(self._seal.open(sealed, CONTACT, signature_id)))
