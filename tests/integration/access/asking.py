"""The least that each RPC may be asked with, so that its refusal is about who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from viche.options.v1 import options_pb2

TEXTS = {"language": "en", "email": "ann@example.org", "emails": "ann@example.org", "network": "192.0.2.1"}


def request(method: MethodDescriptor, known: Mapping[str, Any]) -> Message:
    """A request in which every field has its value of ``known``, or else, where it must have one, any that will do."""
    return _message(method.input_type, known)


def _message(descriptor: Descriptor, known: Mapping[str, Any]) -> Message:
    made: Any = GetMessageClass(descriptor)
    needed = [each for each in descriptor.fields if _rules(each).required and each.name not in known]
    values = {each.name: known[each.name] for each in descriptor.fields if each.name in known}
    return made(**values, **{each.name: _any(each, known) for each in needed})


def _rules(field: FieldDescriptor) -> options_pb2.Rules:
    return field.GetOptions().Extensions[options_pb2.rules]


def _any(field: FieldDescriptor, known: Mapping[str, Any]) -> Any:
    one = _one(field, known)
    return [one] if field.is_repeated else one


def _one(field: FieldDescriptor, known: Mapping[str, Any]) -> Any:
    if field.message_type is not None:
        return _message(field.message_type, known)
    if field.enum_type is not None:
        return field.enum_type.values[1].number
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"x" * 32
    if field.type == FieldDescriptor.TYPE_STRING:
        return str(uuid4()) if _rules(field).uuid else TEXTS.get(field.name, "something")
    return 1
