"""What an officer is doing in the call that is being served, for the trail of the service (ADR 0013).

The interceptor begins an act, a servicer may say what it is about, and :func:`viche_chassis.db.transaction` writes it
down in every transaction that changes something: the entry is committed with the change, or neither is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from viche.options.v1 import options_pb2

from viche_chassis import base64url
from viche_chassis.access import Caller
from viche_chassis.ids import new_id

READS = ("Get", "List", "Resolve", "Simulate", "Check", "Preview", "Read")
_NO_OBJECTS = ("request_id", "authority_id", "after_id")


@dataclass(slots=True)
class Act:
    """Who does what; ``person`` is the pseudonym of the scope "authors", None for the command line."""

    id: UUID
    service: str
    person: bytes | None
    roles: tuple[str, ...]
    action: str
    object: str
    authority_id: str
    request_id: str
    is_over: bool = False


_current: ContextVar[Act | None] = ContextVar("viche_act", default=None)


def is_act(access: options_pb2.Access | None, method: str) -> bool:
    """Whether calling ``method`` ("/package.Service/Method") leaves an entry: an officer changes something."""
    name = method.rpartition("/")[2]
    return access is not None and access.level == options_pb2.LEVEL_OFFICER and not name.startswith(READS)


@contextmanager
def acting(access: options_pb2.Access | None, method: str, request: Message, caller: Caller) -> Iterator[None]:
    """Serves a call as an act, where it is one."""
    act = _act(access, method, request, caller) if access is not None and is_act(access, method) else None
    token = _current.set(act)
    try:
        yield
    finally:
        if act is not None:
            act.is_over = True  # tasks that outlive the call leave no entry in its name
        _current.reset(token)


def current_act() -> Act | None:
    """What an officer is doing just now; None when the call is no act."""
    act = _current.get()
    return None if act is None or act.is_over else act


def about(*, object: str = "", authority_id: object = "") -> None:
    """Says what the act is about, where that is not in the request; nothing happens when the call is no act.

    Args:
        object: for instance "petition:UUID".
        authority_id: the authority that the object belongs to.
    """
    act = current_act()
    if act is not None:
        act.object = object or act.object
        act.authority_id = str(authority_id) or act.authority_id


def _act(access: options_pb2.Access, method: str, request: Message, caller: Caller) -> Act:
    person = caller.person
    held = {grant.role for grant in person.grants} if person else set[str]()
    return Act(
        id=new_id(),
        service=caller.service,
        person=base64url.decode(person.author) if person else None,
        roles=tuple(sorted(held.intersection(access.roles))),
        action=method.rpartition("/")[2],
        object=_object(request),
        authority_id=_text(request, "authority_id"),
        request_id=_text(request, "request_id"),
    )


def _object(request: Message) -> str:
    """The first thing that the request names by its id."""
    for field in request.DESCRIPTOR.fields:
        if field.name.endswith("_id") and field.name not in _NO_OBJECTS and (value := _text(request, field.name)):
            return f"{field.name.removesuffix('_id')}:{value}"
    return ""


def _text(request: Message, name: str) -> str:
    value: Any = getattr(request, name, "")
    return value if isinstance(value, str) else ""
