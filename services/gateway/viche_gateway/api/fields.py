"""Fields of what programs send. Their faults are reasons of the catalogue, with values: "TOO_LONG;limit=150"."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from viche_chassis.errors import FieldViolation, invalid

REASONS = {
    "required": "REQUIRED",
    "null": "WRONG_TYPE",
    "invalid": "WRONG_TYPE",
    "invalid_utf8": "NOT_TEXT",
    "too_large": "WRONG_TYPE",
}


class Sent(Schema):
    """Base of what is sent: a field that is not known is refused."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    error_messages = {"unknown": "UNKNOWN_FIELD", "type": "NOT_AN_OBJECT"}  # noqa: RUF012 (marshmallow's contract)


class Text(fields.String):
    """Text that can be stored and sent on: no NUL, no half of a surrogate pair (RFC 8259, 8.2)."""

    default_error_messages = REASONS

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return check_text(super()._deserialize(value, attr, data, **kwargs))


class Uuid(Text):
    """A UUID in its canonical form."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_uuid(text):
            raise ValidationError("NOT_A_UUID")
        return text.lower()


class Flag(fields.Boolean):
    """True or false, nothing that only looks like it."""

    default_error_messages = REASONS

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("WRONG_TYPE")
        return value


class Whole(fields.Integer):
    """A whole number; in a query it is text."""

    default_error_messages = REASONS

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        within = validate.Range(least, most, error=f"OUT_OF_RANGE;least={least};most={most}")
        super().__init__(validate=within, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) <= 19:
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise ValidationError("WRONG_TYPE")


def check_text(text: str) -> str:
    """The text, if it can be stored and sent on. Raises ValidationError."""
    if "\x00" in text:
        raise ValidationError("NUL_BYTE")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValidationError("NOT_TEXT")
    return text


def text(*, most: int, least: int = 0, **kwargs: Any) -> Text:
    """A text of ``least`` to ``most`` characters."""
    checks: list[validate.Validator] = [validate.Length(max=most, error=f"TOO_LONG;limit={most}")]
    if least:
        checks.append(validate.Length(min=least, error="REQUIRED" if least == 1 else f"TOO_SHORT;limit={least}"))
    return Text(validate=checks, **kwargs)


def choice(*values: str, **kwargs: Any) -> Text:
    """One of ``values``."""
    return Text(validate=validate.OneOf(values, error=f"UNKNOWN_VALUE;choices={', '.join(values)}"), **kwargs)


def is_uuid(value: str) -> bool:
    """Whether ``value`` is a UUID in its canonical form (RFC 9562, 4)."""
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def violations(error: ValidationError, place: str = "") -> Iterator[FieldViolation]:
    """What marshmallow found, in the words of the catalogue.

    Args:
        place: goes in front of the names of the fields.
    """
    for name, said in _flat(error.normalized_messages()):
        reason, *pairs = str(said).split(";")
        values = dict(pair.split("=", 1) for pair in pairs)
        yield invalid(place + name, reason, **values)


def _flat(messages: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, said in messages.items():
        path = above if name == "_schema" else f"{above}.{name}" if above else str(name)
        if isinstance(said, Mapping):
            yield from _flat(said, path)
        else:
            yield path, said[0]
