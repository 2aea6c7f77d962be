"""Persons between the domain and the tables: sealed on the way in, opened on the way out."""

from collections.abc import Sequence
from uuid import UUID

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_chassis.mailboxes import canonical_mailbox
from viche_chassis.sealing import KeyedIndex, Seal
from viche_identity.domain.people import Assurance, Person, assurance
from viche_identity.store import people

PERSONAL_DATA = "identity/personal-data/v1"  # what the key is for that seals them
EMAIL = "person_details.email"
NAME = "person_details.name"
LINK_EMAIL = "sign_in_link_details.email"
PASSKEY_NAME = "passkeys.name"
PENDING_NAME = "pending_connections.name"


class Records:
    """Seals and opens what is personal.

    Args:
        mailboxes: the index by which a canonical address is found.
    """

    def __init__(self, seal: Seal, mailboxes: KeyedIndex) -> None:
        self._seal = seal
        self._mailboxes = mailboxes

    def mailbox(self, email: str) -> bytes:
        """The index of an address.

        Raises:
            InvalidFields: it is no address.
        """
        return self._mailboxes.of(canonical_mailbox(email))

    def new_person(
        self,
        email: str,
        *,
        language: str,
        name: str = "",
        residence_code: str = "",
        level: Assurance = Assurance.EMAIL,
    ) -> people.NewPerson:
        """A person to be, with an id of its own.

        Raises:
            InvalidFields: ``email`` is no address.
        """
        person_id = new_id()
        return people.NewPerson(
            id=person_id,
            mailbox=self.mailbox(email),
            email=self.close_email(email, person_id),
            name=self.close_name(name, person_id),
            assurance=level.word,
            residence_code=residence_code,
            language=language,
        )

    def new_person_without_mailbox(self, *, language: str, name: str = "") -> people.NewPerson:
        """A person to be of whom no address is known; nobody claims a mailbox for them."""
        person_id = new_id()
        return people.NewPerson(
            id=person_id,
            mailbox=b"",
            email=self.close_email("", person_id),
            name=self.close_name(name, person_id),
            assurance=Assurance.EMAIL.word,
            residence_code="",
            language=language,
        )

    def close_email(self, email: str, person_id: UUID) -> bytes:
        """An address sealed for its person."""
        return self._seal.close(email.strip(), EMAIL, person_id)

    def close_name(self, name: str, person_id: UUID) -> bytes:
        """A name sealed for its person."""
        return self._seal.close(name, NAME, person_id)

    def open_person(self, row: people.PersonRow) -> Person:
        """The person of a row."""
        return Person(
            id=row.id,
            email=self.open_email(row.email, row.id),
            name=self.open_name(row.name, row.id),
            residence_code=row.residence_code,
            residence_path=tuple(row.residence_path),
            assurance=assurance(row.assurance),
            language=row.language,
        )

    def open_email(self, sealed: bytes, person_id: UUID) -> str:
        """The address of a person."""
        return self._seal.open(sealed, EMAIL, person_id)

    def open_name(self, sealed: bytes, person_id: UUID) -> str:
        """The name of a person."""
        return self._seal.open(sealed, NAME, person_id)

    def close_passkey_name(self, name: str, passkey_id: UUID) -> bytes:
        """What a person calls a passkey, sealed."""
        return self._seal.close(name, PASSKEY_NAME, passkey_id)

    def open_passkey_name(self, sealed: bytes, passkey_id: UUID) -> str:
        """What a person calls a passkey."""
        return self._seal.open(sealed, PASSKEY_NAME, passkey_id)

    def close_pending_name(self, name: str, link_id: UUID) -> bytes:
        """What a provider calls somebody whose link is waited for, sealed."""
        return self._seal.close(name, PENDING_NAME, link_id)

    def open_pending_name(self, sealed: bytes, link_id: UUID) -> str:
        """What a provider calls somebody whose link is waited for."""
        return self._seal.open(sealed, PENDING_NAME, link_id)

    def close_link_email(self, email: str, link_id: UUID) -> bytes:
        """Where a link goes, sealed."""
        return self._seal.close(email.strip(), LINK_EMAIL, link_id)

    def open_link_email(self, sealed: bytes, link_id: UUID) -> str:
        """Where a link goes."""
        return self._seal.open(sealed, LINK_EMAIL, link_id)


async def ensure(conn: Connection, new: Sequence[people.NewPerson]) -> tuple[list[UUID], set[UUID]]:
    """Makes sure that the mailboxes of ``new`` have persons.

    Returns:
        the persons' ids in the order of ``new``, and which of them were created now.
    """
    created = await people.claim_mailboxes(conn, new)
    added = [each for each in new if each.id in created]
    if added:
        await people.add(conn, added)
        await people.add_details(conn, added)
    held = await people.find_by_mailboxes(conn, [each.mailbox for each in new])
    return [held[each.mailbox] for each in new], created
