"""The register: bodies, what they were and when, and their accounts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class BodyKind(StrEnum):
    """What a body is."""

    AUTHORITY = "authority"
    HOLDER = "holder"  # a person who holds an office, as such
    COMPANY = "company"  # that authorities are compared with; it is in no share


class Purpose(StrEnum):
    """What an account is for."""

    OFFICE = "office"
    CAMPAIGN = "campaign"  # of a person; it is in no share


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first one until the one before `until_on`, which is None while it goes on."""

    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a body is for a time.

    Attributes:
        authority_kind: whom it is counted with, a short name such as "municipality"; empty for companies.
        field: what it works on, a short name; empty: not known. None in a change: as it was.
        parent_id: that it belongs to.
    """

    authority_kind: str = ""
    field: str | None = ""
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """Who has accounts, as of a day.

    Attributes:
        register: that it comes from; empty for an authority of this instance, whose id is identity's.
        key: how that register names it.
    """

    id: UUID
    kind: BodyKind
    title: str
    standing: Standing
    span: Span
    register: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One body's presence on one platform.

    Attributes:
        handle: its name there as the platform writes it, without "@" before it.
        external_id: the platform's own id of it; empty: not known.
        register: that it comes from; empty where an officer entered it.
    """

    id: UUID
    body_id: UUID
    platform: str
    handle: str
    span: Span
    url: str = ""
    external_id: str = ""
    purpose: Purpose = Purpose.OFFICE
    register: str = ""
