"""Languages in paths: the default language has no prefix, the others live under /uk, /bg, …

The prefix is moved from the path into SCRIPT_NAME before Flask sees the request.
So one set of routes serves every language, and ``url_for`` keeps the reader's language by itself.
Pages inside other pages (``/embed/…``) are asked for by tags that know no default: there ``lang`` in the query stands
for the prefix.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from babel.support import NullTranslations
from flask import current_app, g, request
from flask_babel import Babel, Domain, get_locale, get_translations

from viche_gateway.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGE = "viche.language"
_EMBEDS = "embed"
NAMES = {"en": "English", "uk": "Українська", "bg": "Български", "ru": "Русский"}


class LanguagePrefix:
    """WSGI middleware that takes the language off the path."""

    def __init__(self, wsgi_app: "WSGIApplication", languages: tuple[str, ...]) -> None:
        self._wsgi_app = wsgi_app
        self._default = languages[0]
        self._others = frozenset(languages[1:])

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        first, slash, rest = path[1:].partition("/")
        if first in self._others:
            environ[LANGUAGE] = first
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ["PATH_INFO"] = f"/{rest}" if slash else "/"
        elif first == self._default:
            return _moved(f"/{rest}", environ, start_response)
        elif first == _EMBEDS and (wanted := _asked(environ)) in self._others:
            environ[LANGUAGE] = wanted
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{wanted}"
        return self._wsgi_app(environ, start_response)


def _asked(environ: "WSGIEnvironment") -> str:
    """The language that a tag asks for, without a region: "uk" of "uk-UA"."""
    return parse_qs(environ.get("QUERY_STRING", "")).get("lang", [""])[0].partition("-")[0].lower()


def _moved(path: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    query = environ.get("QUERY_STRING", "")
    location = "/" + quote(path.encode("latin-1")).lstrip("/") + (f"?{query}" if query else "")
    start_response("308 Permanent Redirect", [("Location", location), ("Content-Length", "0")])
    return [b""]


class Catalogues(Domain):
    """The texts of all languages. A request's are found once, since it is answered in one language."""

    def get_translations(self) -> NullTranslations:
        """The texts in the language of this request."""
        if "texts" not in g:
            g.texts = super().get_translations()
        return g.texts


class Languages(Babel):
    """Flask-Babel with our catalogues."""

    @cached_property
    def domain_instance(self) -> Domain:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The texts of this application."""
        return Catalogues(domain=self.domain)


def select_language() -> str:
    """The language of this request: that of its path; for the API, which says little, that of Accept-Language."""
    settings = current_app.extensions["viche.settings"]
    if LANGUAGE not in request.environ and is_api(request.path):
        return request.accept_languages.best_match(settings.languages, settings.default_language)
    return request.environ.get(LANGUAGE, settings.default_language)


def is_api(path: str) -> bool:
    """Whether an address belongs to the versioned API."""
    return path.startswith("/api/v")


def current_language() -> str:
    """BCP 47 code of the language that this request is answered in."""
    known = g.get("language")
    if known is None:
        known = g.language = str(get_locale() or current_app.extensions["viche.settings"].default_language)
    return known


def current_texts() -> NullTranslations:
    """The texts in the language of this request."""
    return g.get("texts") or get_translations()


def localized_path(language: str, path: str, default: str) -> str:
    """``path`` (without a prefix) in ``language``."""
    return path if language == default else f"/{language}{path}"


def alternates() -> list[tuple[str, str, str]]:
    """Code, name and path of this page in every language."""
    settings: Settings = current_app.extensions["viche.settings"]
    query = request.query_string.decode("ascii", "ignore")
    path = quote(request.path) + (f"?{query}" if query and request.method == "GET" else "")
    return [
        (code, NAMES.get(code, code), localized_path(code, path, settings.default_language))
        for code in settings.languages
    ]
