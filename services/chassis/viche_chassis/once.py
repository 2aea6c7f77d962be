"""Writes of persons: each in a transaction, and one that is repeated gets the answer that it got before."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from google.protobuf.message import Message

from viche_chassis import outbox
from viche_chassis.access import PersonClaims, current_caller
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import TokenRefused

M = TypeVar("M", bound=Message)


def caller_of(person: PersonClaims | None) -> str:
    """Request ids of one person mean nothing for another; None is the command line, which is trusted without one."""
    if person is None:
        return current_caller().service
    if not person.author:
        raise TokenRefused()
    return f"{current_caller().service}:{person.author}"


async def once(
    pool: Pool,
    person: PersonClaims | None,
    request: Any,
    answer: type[M],
    act: Callable[[Connection], Awaitable[M]],
    wake: Callable[[], None] | None = None,
) -> M:
    """The answer of ``act``, or that of the same request before.

    Args:
        wake: called after the commit of an act, where somebody waits for what it leaves; not when it is repeated.

    Raises:
        RequestMismatch: the request's id was used with another body.
    """
    key = (caller_of(person), request.request_id, request)
    async with transaction(pool) as conn:
        before = await outbox.remembered(conn, *key, answer)
        if before is not None:
            return before
        response = await act(conn)
        await outbox.remember(conn, *key, response)
    if wake is not None:
        wake()
    return response
