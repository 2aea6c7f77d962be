"""Every route says who may see it and who may keep a copy; a test refuses routes that do not.

The decorators stand directly above the view function, below ``@blueprint.get(…)``.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import Response, abort, make_response, redirect, request, url_for

from viche_gateway.sessions import current_session

MOST_PAGE_AGE_S = 60
"""For which pages may be kept at most: each bears what everybody has to know just now."""

View = TypeVar("View", bound=Callable[..., Any])


class Kind(StrEnum):
    """Classes of routes."""

    PUBLIC = "public"  # the same for everybody: no session, no CSRF token, may be cached
    FORM = "form"  # for everybody, never cached
    FRAME = "frame"  # for everybody, inside the page of a partner: neither session nor cookie
    PERSON = "person"  # for signed-in people
    OFFICER = "officer"  # for people with a role
    OPERATOR = "operator"  # for people who operate an authority
    API = "api"  # for programs
    HOOK = "hook"  # for platforms, whose signature decides


def public(*, max_age_s: int) -> Callable[[View], View]:
    """A page that is the same for everybody; caches may keep it for ``max_age_s`` seconds, a page for a minute."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Response:
            response = make_response(view(*args, **kwargs))
            if response.status_code == 200:
                response.cache_control.public = True
                is_page = response.mimetype == "text/html"
                response.cache_control.max_age = min(max_age_s, MOST_PAGE_AGE_S) if is_page else max_age_s
                response.add_etag()
                response.make_conditional(request)
            return response

        return classified(Kind.PUBLIC, answer)  # pyright: ignore[reportReturnType]

    return decorate


def form(view: View) -> View:
    """A page for everybody that may hold a form, a session or a CSRF token."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        return _private(make_response(view(*args, **kwargs)))

    return classified(Kind.FORM, answer)  # pyright: ignore[reportReturnType]


def person(view: View) -> View:
    """A page for signed-in people; others are sent to the sign-in page and come back."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        if current_session() is None:
            return _to("portal.sign_in")
        return _private(make_response(view(*args, **kwargs)))

    return classified(Kind.PERSON, answer)  # pyright: ignore[reportReturnType]


def officer(view: View) -> View:
    """A page of the console: for people who hold a role somewhere; which authority is checked by the page.

    Those who signed in long ago confirm that it is them and come back.
    """
    return _console(view, Kind.OFFICER)


def operator(view: View) -> View:
    """A page of the console that is for those who operate an authority; other officers are refused."""
    return _console(view, Kind.OPERATOR)


def _console(view: View, kind: Kind) -> View:
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        session = current_session()
        if session is None:
            return _to("portal.sign_in")
        if not any(kind is Kind.OFFICER or grant.role == kind for grant in session.person.grants):
            abort(403)
        if session.roles_until <= time.time():
            return _to("portal.show_again")
        return _private(make_response(view(*args, **kwargs)))

    return classified(kind, answer)  # pyright: ignore[reportReturnType]


def classified(kind: Kind, view: View) -> View:
    """``view`` with its class written on it, where the route test reads it."""
    view.kind = kind  # pyright: ignore[reportFunctionMemberAccess]
    return view


def _to(endpoint: str) -> Response:
    """The way to a page on which people show who they are, and back to what was asked for."""
    return_path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return _private(make_response(redirect(url_for(endpoint, next=return_path), 303)))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
