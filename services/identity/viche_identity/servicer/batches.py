"""Many persons at once, as the demo and the bench bring them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from viche.identity.v1 import identity_pb2

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_chassis.validation import violations
from viche_identity.domain import people as rules
from viche_identity.records import Records
from viche_identity.servicer.messages import within
from viche_identity.store import people


def read_mailboxes(records: Records, emails: Sequence[str]) -> list[bytes]:
    """The mailbox of each address.

    Raises:
        InvalidFields: naming every one that is no address.
    """
    found: list[FieldViolation] = []
    mailboxes: list[bytes] = []
    for place, email in enumerate(emails):
        try:
            mailboxes.append(records.mailbox(email))
        except InvalidFields:
            found.append(invalid(f"emails[{place}]", "BAD_EMAIL"))
    if found:
        raise InvalidFields(*found)
    return mailboxes


class PeopleBatch:
    """Reads persons from messages, and says what changes for those who are there already.

    Args:
        known: codes of territories.
    """

    def __init__(self, records: Records, languages: Sequence[str], known: Collection[str]) -> None:
        self._records = records
        self._languages = languages
        self._known = known

    def read(self, messages: Sequence[identity_pb2.Person]) -> list[people.NewPerson]:
        """The persons.

        Raises:
            InvalidFields: naming every field of every person that cannot be taken.
        """
        found: list[FieldViolation] = []
        new: list[people.NewPerson] = []
        for place, message in enumerate(messages):
            try:
                new.append(self._read(message))
            except InvalidFields as error:
                found += within(f"people[{place}]", error.violations)
        if found:
            raise InvalidFields(*found)
        return new

    def changes(
        self, messages: Sequence[identity_pb2.Person], ids: Sequence[UUID], created: Collection[UUID]
    ) -> tuple[list[people.PersonChange], dict[UUID, bytes]]:
        """What changes for those not created now, and their new sealed names; the last word on a person holds."""
        changes: dict[UUID, people.PersonChange] = {}
        names: dict[UUID, bytes] = {}
        for message, person_id in zip(messages, ids, strict=True):
            if person_id not in created:
                level = rules.Assurance(message.assurance).word if message.assurance else ""
                changes[person_id] = people.PersonChange(person_id, level, message.residence_code, message.language)
            if person_id not in created and message.name:
                names[person_id] = self._records.close_name(rules.clean_name(message.name), person_id)
        return list(changes.values()), names

    def _read(self, message: identity_pb2.Person) -> people.NewPerson:
        name = rules.clean_name(message.name)
        found = [
            *violations(message),
            *rules.name_violations(name),
            *rules.residence_violations(message.residence_code, self._known),
            *rules.language_violations(message.language, self._languages),
        ]
        if message.assurance not in identity_pb2.Assurance.values():
            found.append(invalid("assurance", "UNKNOWN_VALUE"))
        if found:
            raise InvalidFields(*found)
        return self._records.new_person(
            message.email,
            name=name,
            residence_code=message.residence_code,
            language=message.language or self._languages[0],
            level=rules.Assurance(message.assurance or rules.Assurance.EMAIL),
        )
