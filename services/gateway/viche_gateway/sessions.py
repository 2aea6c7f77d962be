"""Who is signed in: the cookie, and what identity says of it, remembered for at most a minute."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, current_app, g, request
from viche.identity.v1 import identity_pb2

from viche_chassis.errors import Code, DomainError

COOKIE = "viche_session"
_REMEMBERED_S = 60.0
_MOST_SESSIONS = 20_000


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person, for calls on their behalf.

    Roles work until ``roles_until`` (seconds since the epoch); then the person must confirm to be there.
    """

    token: str
    person: identity_pb2.Person
    access_token: str
    known_until: float
    roles_until: float = math.inf


class SessionCache:
    """Sessions that identity has vouched for, each until its access token ends or a minute has passed."""

    def __init__(
        self,
        get_session: Callable[[str], identity_pb2.GetSessionResponse],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._get_session = get_session
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def get(self, token: str) -> Session | None:
        """The session behind ``token``; None when it has ended."""
        known = self._sessions.get(token)
        if known is not None and known.known_until > self._clock():
            return known
        try:
            session = self._ask(token)
        except DomainError as error:
            if error.code in (Code.UNAUTHENTICATED, Code.NOT_FOUND, Code.INVALID_ARGUMENT):
                self.forget(token)
                return None
            raise
        with self._lock:
            self._sessions[token] = session
            self._sessions.move_to_end(token)
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return session

    def forget(self, token: str) -> None:
        """Asks identity anew the next time: after a change of the person, or at the end of the session."""
        with self._lock:
            self._sessions.pop(token, None)

    def _ask(self, token: str) -> Session:
        answer = self._get_session(token)
        ends_at = answer.access_token_expires_at.ToDatetime(tzinfo=UTC).timestamp()
        # a token about to end would fail on its way: five seconds are left for the call
        known_until = min(self._clock() + _REMEMBERED_S, ends_at - 5)
        roles_until = answer.roles_until.seconds if answer.HasField("roles_until") else math.inf
        return Session(token, answer.person, answer.access_token, known_until, roles_until)


def current_session() -> Session | None:
    """The session of this request; None for people who are not signed in."""
    if "session" not in g:
        token = request.cookies.get(COOKIE, "")
        g.session = current_app.extensions["viche.sessions"].get(token) if 0 < len(token) <= 200 else None
    return g.session


def signed_in() -> Session:
    """The session of this request, on pages that only signed-in people reach."""
    session = current_session()
    if session is None:
        raise LookupError("this page is for signed-in people; its route must say so")
    return session


def holds(*roles: str) -> bool:
    """Whether the signed-in person has one of these roles somewhere."""
    return any(grant.role in roles for grant in signed_in().person.grants)


def forget_current() -> None:
    """Makes the next look at this session a fresh one."""
    if token := request.cookies.get(COOKIE):
        current_app.extensions["viche.sessions"].forget(token)
    g.pop("session", None)


def set_cookie(response: Response, token: str, expires_at: datetime) -> None:
    """Gives the browser the session."""
    secure = current_app.extensions["viche.settings"].is_https
    response.set_cookie(COOKIE, token, expires=expires_at, httponly=True, samesite="Lax", secure=secure, path="/")


def clear_cookie(response: Response) -> None:
    """Takes the session from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")
