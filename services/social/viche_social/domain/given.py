"""What registers say of bodies and accounts, before it is known whom they mean."""

from dataclasses import dataclass

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_social.domain import platforms
from viche_social.domain.register import BodyKind, Purpose

MOST_CHARACTERS = 64
"""Of what a body is counted with, and of what it works on."""


@dataclass(frozen=True, slots=True)
class GivenBody:
    """A body as a register has it; see RegisterBody of the contract."""

    key: str
    kind: BodyKind
    authority_kind: str
    title: str
    field: str = ""
    parent_key: str = ""


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """An account as a register has it; see RegisterAccount of the contract."""

    body_key: str
    body_register: str
    platform: str
    handle: str
    url: str = ""
    external_id: str = ""
    purpose: Purpose = Purpose.OFFICE


def faults_of_body(body: GivenBody) -> list[FieldViolation]:
    """What keeps it from being one."""
    faults = [invalid(name, "REQUIRED") for name in ("key", "title") if not getattr(body, name)]
    if not body.authority_kind and body.kind is not BodyKind.COMPANY:
        faults.append(invalid("authority_kind", "REQUIRED"))
    for name in ("authority_kind", "field"):
        value: str = getattr(body, name)
        if len(value) > MOST_CHARACTERS or not value.isprintable():
            faults.append(invalid(name, "BAD_SHORT_NAME"))
    return faults


def faults_of_account(account: GivenAccount) -> list[FieldViolation]:
    """What keeps it from being one."""
    faults: list[FieldViolation] = []
    for attempt in (
        lambda: platforms.platform_of(account.platform),
        lambda: platforms.handle_of(account.handle),
        lambda: platforms.check_address(account.url),
    ):
        try:
            attempt()
        except InvalidFields as error:
            faults += error.violations
    return faults
