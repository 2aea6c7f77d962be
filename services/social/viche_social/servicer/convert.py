"""The register between messages and values."""

from datetime import date

from viche.social.v1 import register_pb2 as pb

from viche_chassis.errors import InvalidFields, invalid
from viche_social import importing
from viche_social.domain.given import GivenAccount, GivenBody
from viche_social.domain.register import Account, Body, BodyKind, Purpose

_DAY_LENGTH = len("2026-03-01")  # other forms of ISO 8601 are not read
KINDS = {
    BodyKind.AUTHORITY: pb.BODY_KIND_AUTHORITY,
    BodyKind.HOLDER: pb.BODY_KIND_HOLDER,
    BodyKind.COMPANY: pb.BODY_KIND_COMPANY,
}
PURPOSES = {Purpose.OFFICE: pb.PURPOSE_OFFICE, Purpose.CAMPAIGN: pb.PURPOSE_CAMPAIGN}
_KIND_OF: dict[int, BodyKind] = {value: kind for kind, value in KINDS.items()}
_PURPOSE_OF: dict[int, Purpose] = {value: purpose for purpose, value in PURPOSES.items()}


def read_day(field: str, text: str) -> date | None:
    """The day in a field; None for an empty one.

    Raises:
        InvalidFields: it is no day.
    """
    if not text:
        return None
    try:
        if len(text) == _DAY_LENGTH:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidFields(invalid(field, "BAD_DATE"))


def written_day(day: date | None) -> str:
    """As YYYY-MM-DD; empty for None."""
    return day.isoformat() if day else ""


def read_kind(value: int) -> BodyKind | None:
    """None for an unspecified one."""
    return _KIND_OF.get(value)


def read_purpose(value: int) -> Purpose:
    """The office where it is unspecified."""
    return _PURPOSE_OF.get(value, Purpose.OFFICE)


def read_register(request: pb.ImportRegisterRequest, on: date | None) -> importing.Register:
    """A register as it is sent; of an early day where none is named."""
    return importing.Register(
        request.register,
        on or date.min,
        [
            GivenBody(
                each.key, read_kind(each.kind) or BodyKind.AUTHORITY, each.authority_kind.strip(), each.title.strip(),
                each.field.strip(), each.parent_key,
            )
            for each in request.bodies
        ] if request.has_bodies else None,
        [
            GivenAccount(
                each.body_key, each.body_register, each.platform, each.handle, each.url, each.external_id,
                read_purpose(each.purpose),
            )
            for each in request.accounts
        ] if request.has_accounts else None,
    )  # fmt: skip


def body_message(body: Body) -> pb.Body:
    """As callers get it."""
    return pb.Body(
        id=str(body.id),
        kind=KINDS[body.kind],
        authority_kind=body.standing.authority_kind,
        title=body.title,
        field=body.standing.field or "",
        parent_id=str(body.standing.parent_id or ""),
        is_own=not body.register,
        register=body.register,
        key=body.key,
        from_day=written_day(body.span.from_on),
        until_day=written_day(body.span.until_on),
    )


def account_message(account: Account) -> pb.Account:
    """As callers get it."""
    return pb.Account(
        id=str(account.id),
        body_id=str(account.body_id),
        platform=account.platform,
        handle=account.handle,
        url=account.url,
        external_id=account.external_id,
        purpose=PURPOSES[account.purpose],
        register=account.register,
        from_day=written_day(account.span.from_on),
        until_day=written_day(account.span.until_on),
    )
