"""Requests by their id: the same one gets the same answer, and what is remembered of it names nobody."""

from typing import TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from viche.options.v1 import options_pb2

from viche_chassis import outbox
from viche_chassis.access import current_caller
from viche_chassis.db import Connection
from viche_chassis.sealing import KeyedIndex

M = TypeVar("M", bound=Message)


class Requests:
    """Remembers requests; answers given to :meth:`remember` are stored as they are and must not be personal."""

    def __init__(self, index: KeyedIndex) -> None:
        self._index = index

    async def remembered(self, conn: Connection, request: Message, answer: type[M]) -> M | None:
        """The answer that the request being served got before; None when it is new.

        Raises:
            RequestMismatch: its id was used with another body.
        """
        blinded = self._blinded(request)
        return await outbox.remembered(conn, _caller(), _id_of(request), blinded, answer)

    async def remember(self, conn: Connection, request: Message, response: Message) -> None:
        """Keeps the answer of the request being served."""
        await outbox.remember(conn, _caller(), _id_of(request), self._blinded(request), response)

    def _blinded(self, request: M) -> M:
        """The request with its sensitive texts blinded: a plain hash of an address can be guessed back."""
        copy = type(request)()
        copy.CopyFrom(request)
        for field, value in request.ListFields():
            if _is_sensitive(field) and isinstance(value, str):
                setattr(copy, field.name, self._index.of(value).hex())
        return copy


def _is_sensitive(field: FieldDescriptor) -> bool:
    return bool(field.GetOptions().Extensions[options_pb2.sensitive])


def _id_of(request: Message) -> str:
    return request.request_id  # pyright: ignore[reportAttributeAccessIssue] (writes have one)


def _caller() -> str:
    caller = current_caller()
    return f"{caller.service}/{caller.person.id}" if caller.person else caller.service
