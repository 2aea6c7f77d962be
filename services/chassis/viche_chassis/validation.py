"""The rules option of fields, read once per message type and checked before a servicer sees the message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from viche.options.v1 import options_pb2

from viche_chassis.errors import FieldViolation, InvalidFields, invalid

DEFAULT_MAX_BYTES = 10_000
DEFAULT_MAX_ITEMS = 1_000
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""The one form that RFC 9562 writes; ``UUID()`` reads others too (braces, urn:uuid:, hyphens anywhere)."""


def validate(message: Message) -> None:
    """Holds a request against the rules of its fields, and every text in it, however deep, against PostgreSQL's.

    Items of a batch (AIP-231) are checked one by one by their servicer (:func:`violations`), so that a bad one fails
    alone. Rules of fields of messages within messages are the servicer's too: it knows what they are called in a form.

    Raises:
        InvalidFields: naming every field that breaks its rules.
    """
    found = violations(message)
    if found:
        raise InvalidFields(*found)


def violations(message: Message) -> list[FieldViolation]:
    """Every field of ``message`` that breaks its rules, and every text below it that no database takes."""
    found = [each.violation(getattr(message, each.name)) for each in _checked_fields(message.DESCRIPTOR)]
    holders = _holders(message.DESCRIPTOR)
    # nearly no message has such a byte anywhere, which its encoded form tells sooner than a walk through its fields
    may_have_nul = bool(holders) and b"\x00" in message.SerializeToString()
    below = (invalid(place, "NUL_BYTE") for place in _nul_bytes(message, holders)) if may_have_nul else ()
    return [*(each for each in found if each is not None), *below]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A field and its rules, as plain values: reading them from the descriptor each time costs more than the check.

    Attributes:
        limit: most items of a repeated field, most bytes of a text.
    """

    name: str
    is_repeated: bool
    is_required: bool
    is_uuid: bool
    limit: int

    def violation(self, value: object) -> FieldViolation | None:
        """The rule that a value of the field breaks."""
        if not value:
            return invalid(self.name, "REQUIRED") if self.is_required else None
        if self.is_repeated:
            is_too_long = len(value) > self.limit  # pyright: ignore[reportArgumentType]
            return invalid(self.name, "TOO_MANY", limit=self.limit) if is_too_long else None
        return self._of_text(value) if isinstance(value, (str, bytes)) else None

    def _of_text(self, value: str | bytes) -> FieldViolation | None:
        if len(value.encode() if isinstance(value, str) else value) > self.limit:
            return invalid(self.name, "TOO_LONG", limit=self.limit)
        if isinstance(value, bytes):
            return None
        if self.is_uuid and not _UUID.fullmatch(value):
            return invalid(self.name, "NOT_A_UUID")
        return invalid(self.name, "NUL_BYTE") if "\x00" in value else None


@cache
def _checked_fields(descriptor: Descriptor) -> tuple[_Checked, ...]:
    kinds = {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES}
    return tuple(
        _checked(field, field.GetOptions().Extensions[options_pb2.rules])
        for field in descriptor.fields
        if field.is_repeated or field.type in kinds or field.GetOptions().HasExtension(options_pb2.rules)
    )


def _checked(field: FieldDescriptor, rules: options_pb2.Rules) -> _Checked:
    limit = rules.max_items or DEFAULT_MAX_ITEMS if field.is_repeated else rules.max_bytes or DEFAULT_MAX_BYTES
    return _Checked(field.name, field.is_repeated, rules.required, rules.uuid, limit)


def _nul_bytes(message: Message, fields: tuple[FieldDescriptor, ...]) -> Iterator[str]:
    """Places of texts with a NUL byte, which PostgreSQL's types for text cannot hold."""
    for field in fields:
        value = getattr(message, field.name)
        if _is_map(field):
            # a key may hold one as well, so it is no part of the place
            if any(_has_nul(each) for pair in value.items() for each in pair):
                yield field.name
        elif field.type == FieldDescriptor.TYPE_STRING:
            if any(map(_has_nul, value if field.is_repeated else (value,))):
                yield field.name
        elif field.is_repeated:
            for index, item in enumerate(value):
                yield from (f"{field.name}[{index}].{place}" for place in _nul_bytes(item, _texts(item.DESCRIPTOR)))
        elif message.HasField(field.name):
            yield from (f"{field.name}.{place}" for place in _nul_bytes(value, _texts(value.DESCRIPTOR)))


def _has_nul(value: object) -> bool:
    """Whether a text, or a text of a message, has one."""
    if isinstance(value, Message):
        return any(True for _ in _nul_bytes(value, _texts(value.DESCRIPTOR)))
    return isinstance(value, str) and "\x00" in value


@cache
def _texts(descriptor: Descriptor) -> tuple[FieldDescriptor, ...]:
    """Fields of a message that are texts or hold messages."""
    kinds = {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_MESSAGE}
    return tuple(field for field in descriptor.fields if field.type in kinds)


@cache
def _holders(descriptor: Descriptor) -> tuple[FieldDescriptor, ...]:
    """Those fields that hold more than one text, but for the items of a batch."""
    is_batch = descriptor.name.startswith("Batch")
    return tuple(
        field
        for field in _texts(descriptor)
        if field.is_repeated or field.type == FieldDescriptor.TYPE_MESSAGE
        if not (is_batch and field.name in {"items", "people"})
    )


def _is_map(field: FieldDescriptor) -> bool:
    return bool(field.message_type) and field.message_type.GetOptions().map_entry
