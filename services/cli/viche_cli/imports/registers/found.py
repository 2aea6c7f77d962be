"""What was found in a register's file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from viche_chassis.errors import FieldViolation
from viche_social.domain.given import GivenAccount, GivenBody, faults_of_account, faults_of_body

SENTENCES = {
    "REQUIRED": "{field} is missing",
    "BAD_HANDLE": "'{value}' is no name of an account: there are spaces in it",
    "BAD_ADDRESS": "'{value}' is no web address",
    "BAD_SHORT_NAME": "'{value}' is longer than 64 characters",
    "UNKNOWN_VALUE": "'{value}' is no short name of a platform",
}


class NotARegister(Exception):
    """The file holds something else; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A line that could not be taken; ``place`` is where it stands in the file."""

    place: str
    reason: str
    message: str


@dataclass(slots=True)
class Found:
    """What a file says; None where it says nothing of bodies, or of accounts.

    Attributes:
        register: name of the register.
        places: where each of the accounts stands.
        refused: lines that could not be read.
        unknown: accounts of bodies that nobody knows.
        left_out: accounts that another register speaks for.
    """

    path: Path
    format: str
    register: str
    bodies: list[GivenBody] | None = None
    accounts: list[GivenAccount] | None = None
    places: list[str] = field(default_factory=list[str])
    refused: list[Finding] = field(default_factory=list[Finding])
    unknown: list[Finding] = field(default_factory=list[Finding])
    left_out: int = 0

    def add_body(self, place: str, body: GivenBody) -> None:
        """Takes a body, or names its place among what was refused."""
        faults = faults_of_body(body)
        self.refused += _findings(place, faults, lambda name: getattr(body, name))
        if not faults and self.bodies is not None:
            self.bodies.append(body)

    def add_account(self, place: str, account: GivenAccount) -> None:
        """Takes an account, or names its place among what was refused."""
        faults = faults_of_account(account)
        self.refused += _findings(place, faults, lambda name: getattr(account, name))
        if not faults and self.accounts is not None:
            self.accounts.append(account)
            self.places.append(place)

    def say_unknown(self, positions: Iterable[int]) -> None:
        """Names accounts, by their positions, of bodies that nobody knows."""
        accounts = self.accounts or []
        for position in positions:
            account = accounts[position]
            message = f"nobody knows the body '{account.body_key}' of {account.platform} '{account.handle}'"
            self.unknown.append(Finding(self.places[position], "UNKNOWN_BODY", message))


def _findings(place: str, faults: Iterable[FieldViolation], value_of: Callable[[str], str]) -> Iterator[Finding]:
    for fault in faults:
        sentence = SENTENCES.get(fault.reason, "{field} cannot be taken")
        yield Finding(place, fault.reason, sentence.format(field=fault.field, value=value_of(fault.field)))
