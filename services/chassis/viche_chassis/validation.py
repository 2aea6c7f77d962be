"""The rules option of fields, read once per message type and checked before a servicer sees the message."""

import re
from collections.abc import Iterator
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
    """Holds a request against the rules of its fields, without going into repeated messages.

    Items of a batch are checked one by one by their servicer (:func:`violations`), so that a bad one fails alone.

    Raises:
        InvalidFields: naming every field that breaks its rules.
    """
    found = violations(message)
    if found:
        raise InvalidFields(*found)


def violations(message: Message) -> list[FieldViolation]:
    """Every field of ``message`` that breaks its rules."""
    found: list[FieldViolation] = []
    for field, rules in _checked_fields(message.DESCRIPTOR):
        found.extend(_check(field, rules, getattr(message, field.name)))
    return found


@cache
def _checked_fields(
    descriptor: Descriptor,
) -> tuple[tuple[FieldDescriptor, options_pb2.Rules], ...]:
    kinds = {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES}
    return tuple(
        (field, field.GetOptions().Extensions[options_pb2.rules])
        for field in descriptor.fields
        if field.is_repeated or field.type in kinds or field.GetOptions().HasExtension(options_pb2.rules)
    )


def _check(field: FieldDescriptor, rules: options_pb2.Rules, value: object) -> Iterator[FieldViolation]:
    if rules.required and not value:
        yield invalid(field.name, "REQUIRED")
    elif field.is_repeated:
        limit = rules.max_items or DEFAULT_MAX_ITEMS
        if len(value) > limit:  # pyright: ignore[reportArgumentType]
            yield invalid(field.name, "TOO_MANY", limit=limit)
    elif isinstance(value, (str, bytes)) and value:
        yield from _check_text(field.name, rules, value)


def _check_text(name: str, rules: options_pb2.Rules, value: str | bytes) -> Iterator[FieldViolation]:
    limit = rules.max_bytes or DEFAULT_MAX_BYTES
    if len(value.encode() if isinstance(value, str) else value) > limit:
        yield invalid(name, "TOO_LONG", limit=limit)
    elif isinstance(value, str) and rules.uuid and not _UUID.fullmatch(value):
        yield invalid(name, "NOT_A_UUID")
    elif isinstance(value, str) and "\x00" in value:
        yield invalid(name, "NUL_BYTE")
