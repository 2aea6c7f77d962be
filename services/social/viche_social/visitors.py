"""Who comes to public events: sealed in its row, found by keyed hashes, and led back by the link in a mail."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from viche_chassis.mailboxes import canonical_mailbox
from viche_chassis.sealing import KeyedIndex, LinkTokens, Seal

_REGISTRATION, _MAIL = "registrations.sealed", "event_mails.sealed"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes; whoever came to the door has no address."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to come; with ``person`` (a pseudonym) the address is known to be theirs."""

    visitor: Visitor
    seats: int
    language: str
    person: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says to its reader alone.

    Args:
        reason: why a registration was removed.
        position: on the waiting list when the mail was written.
        held_until: in ISO 8601, of a pending registration; empty for others.
    """

    visitor: Visitor
    seats: int = 1
    reason: str = field(default="", repr=False)
    position: int = 0
    held_until: str = ""

    def until(self) -> datetime | None:
        """Until when the link must be used; None where nothing must be confirmed."""
        return datetime.fromisoformat(self.held_until) if self.held_until else None


class Visitors:
    """Seals and finds visitors.

    Args:
        master_key: of this service, 32 bytes.
    """

    def __init__(self, master_key: bytes) -> None:
        self._seal = Seal(master_key, "social/visitors/v1")
        self._mailboxes = KeyedIndex(master_key, "social/visitors-mailboxes/v1")
        self._links = LinkTokens(master_key, "social/registrations/v1")
        self._requests = KeyedIndex(master_key, "social/visitors-requests/v1")

    def close(self, visitor: Visitor, registration_id: UUID) -> bytes:
        """A visitor, sealed for the row of a registration."""
        return self._seal.close(json.dumps(asdict(visitor), ensure_ascii=False), _REGISTRATION, registration_id)

    def open(self, sealed: bytes | None, registration_id: UUID) -> Visitor:
        """The visitor of a registration; nobody where they were deleted.

        Raises:
            Unreadable: it was not sealed for this row with this key.
        """
        return Visitor(**json.loads(self._seal.open(sealed, _REGISTRATION, registration_id))) if sealed else Visitor()

    def close_mail(self, said: Said, mail_id: UUID) -> bytes:
        """What a mail says, sealed for its row."""
        return self._seal.close(json.dumps(asdict(said), ensure_ascii=False), _MAIL, mail_id)

    def open_mail(self, sealed: bytes, mail_id: UUID) -> Said:
        """What a mail says.

        Raises:
            Unreadable: it was not sealed for this row with this key.
        """
        read = json.loads(self._seal.open(sealed, _MAIL, mail_id))
        return Said(**{**read, "visitor": Visitor(**read["visitor"])})

    def mailbox(self, event_id: UUID, email: str) -> bytes:
        """Finds the registration of a mailbox for one event; means nothing for another.

        Raises:
            InvalidFields: it is no address.
        """
        return self._mailboxes.of(canonical_mailbox(email), within=event_id.bytes)

    def request_key(self, text: str) -> str:
        """Stands for what somebody wrote in what is remembered of requests: nobody guesses it back without the key."""
        return self._requests.of(text).hex() if text else ""

    def token(self, registration_id: UUID) -> str:
        """The secret in the links of mails about a registration."""
        return self._links.make(registration_id)

    def read_token(self, token: str) -> UUID | None:
        """Whose secret it is; None when it is not one of ours."""
        return self._links.read(token)
