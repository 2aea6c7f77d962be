"""Whether and how a page is shown inside the page of a partner.

A request below ``/embed/`` says in its address for which origin it is, in which language and with which looks. Where
that origin belongs to a partner, the answer may be framed by that origin alone; else by nobody.

Inside a frame there is no session and no cookie, so a form cannot be tied to a cookie, either: it carries
:func:`seal`, which is good for one origin, one survey and some hours.

Views that answer both on the portal and in frames ask :func:`frame`; those below ``/embed/`` stand under
:func:`framed`. Their templates extend ``layout()``, put ``{{ form_guard() }}`` of ``parts/frame.html`` into forms, and
pass ``**frame.query`` to ``url_for`` for addresses that stay inside.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Response, current_app, g, make_response, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from viche_chassis.errors import AccessDenied, Code, DomainError
from viche_gateway import access
from viche_gateway.branding.current import here, places
from viche_gateway.embed import theme
from viche_gateway.embed.origins import Origins
from viche_gateway.embed.theme import Theme
from viche_gateway.languages import current_language

PREFIX = "/embed/"
SEAL_FIELD = "frame"
SEAL_AGE_S = 6 * 3600
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MOST_ORIGIN = 300
View = TypeVar("View", bound=Callable[..., Any])


class ForeignOrigin(AccessDenied):
    """A page at another address sent this."""

    reason = "FOREIGN_ORIGIN"


class SealBroken(DomainError):
    """The form was made for another frame, or too long ago."""

    code = Code.INVALID_ARGUMENT
    reason = "FORM_EXPIRED"


@dataclass(frozen=True, slots=True)
class Frame:
    """The place inside a partner's page that a request is for.

    Args:
        origin: of the partner's page, as browsers write it.
        language: that the page asks for, BCP 47; maybe none of the portal's, but one of a survey's.
    """

    partner_id: str
    origin: str
    theme: Theme
    language: str

    @property
    def query(self) -> dict[str, str]:
        """What keeps an address inside the frame."""
        return {"origin": self.origin, "lang": self.language, **self.theme.query}


def frame() -> Frame | None:
    """The frame of this request; None on the portal, where the origin is nobody's, and while nobody can say."""
    if "frame" not in g:
        try:
            g.frame = _find()
        except DomainError:
            g.frame = None
    return g.frame


def framed_by() -> str:
    """The origin that may show the answer to this request inside its page; empty for none."""
    found = frame() if request.path.startswith(PREFIX) else None
    return found.origin if found else ""


def framed(view: View) -> View:
    """A view below ``/embed/``: inside a partner's page, without session or cookie.

    Caches keep it where :func:`viche_gateway.access.public`, below this one, says so.

    What is sent from elsewhere, or with a seal that is not good, is refused before the view sees it.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        if frame() is None:
            return refused()
        if request.method == "POST":
            check_origin()
            _check_seal()
        response = make_response(view(*args, **kwargs))
        if not response.cache_control.public:
            response.cache_control.no_store = True
        return response

    return access.classified(access.Kind.FRAME, answer)  # pyright: ignore[reportReturnType]


def refused() -> Response:
    """A page that may not be framed: the way to the portal, and how an origin becomes a partner's.

    Raises:
        DomainError: identity has not answered since this process started, so nobody can say whose an origin is.
    """
    _partner_of(_asked_origin())
    portal = url_for("portal.home").rstrip("/") + quote(request.path.removeprefix(PREFIX.rstrip("/")))
    page = render_template("embed/refused.html", origin=_asked_origin(), address=portal)
    response = make_response(page, 403)
    response.cache_control.no_store = True
    return response


def check_origin() -> None:
    """Refuses what a page at another address has sent.

    Browsers say with each POST which origin it comes from (Fetch, "Append a request Origin header"); the frame's is
    ours, and only what is no browser says nothing.

    Raises:
        ForeignOrigin: it comes from elsewhere.
    """
    said = request.headers.get("Origin")
    if said is not None and said not in (request.host_url.rstrip("/"), here().url, places().main.url):
        raise ForeignOrigin()


def seal() -> str:
    """What a form of this frame carries: good for this origin, for what the address is about, and for some hours.

    Raises:
        LookupError: this is no frame.
    """
    found = frame()
    if found is None:
        raise LookupError("only a form inside a frame is sealed")
    return _serializer().dumps([found.origin, _subject()])


def layout() -> str:
    """The template that a page extends: that of frames inside one, else that of the portal."""
    return "layouts/frame.html" if framed_by() else "base.html"


def _check_seal() -> None:
    found = frame()
    try:
        sealed = _serializer().loads(request.form.get(SEAL_FIELD, ""), max_age=SEAL_AGE_S)
    except BadData as error:
        raise SealBroken() from error
    if found is None or sealed != [found.origin, _subject()]:
        raise SealBroken()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.extensions["viche.secrets"].forms, salt="viche.embed.frame.v1")


def _subject() -> str:
    """What the address is about: "surveys/12" of "/embed/surveys/12/pages/2"."""
    return "/".join(request.path.removeprefix(PREFIX).split("/")[:2])


def _find() -> Frame | None:
    if not request.path.startswith(PREFIX):
        return None
    origin = _asked_origin()
    partner_id = _partner_of(origin)
    if not partner_id:
        return None
    language = request.args.get("lang", "")
    return Frame(
        partner_id=partner_id,
        origin=origin,
        theme=theme.read(request.args),
        language=language if _LANGUAGE.fullmatch(language) else current_language(),
    )


def _partner_of(origin: str) -> str:
    origins: Origins = current_app.extensions["viche.origins"]
    return origins.partner_of(origin) if origin else ""


def _asked_origin() -> str:
    origin = request.args.get("origin", "")
    return origin if len(origin) <= _MOST_ORIGIN else ""
