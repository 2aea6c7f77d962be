"""The Flask application: the only place where its parts meet."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from viche_gateway import (
    api,
    assets,
    console,
    counting,
    embed,
    errors,
    formats,
    hooks,
    human,
    limits,
    maintenance,
    notices,
    portal,
    publicdata,
    relay,
    rendering,
    security,
    telemetry,
    vocabulary,
)
from viche_gateway.application import Application
from viche_gateway.branding import serving as branding
from viche_gateway.clients import Clients
from viche_gateway.config import Secrets, Settings
from viche_gateway.languages import LanguagePrefix, Languages, select_language
from viche_gateway.proxies import BehindProxies, parse
from viche_gateway.regions import Regions
from viche_gateway.routing import NumberConverter
from viche_gateway.sessions import SessionCache

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_BODY_BYTES = 256 * 1024
csrf = CSRFProtect()
Around = Callable[["WSGIApplication"], "WSGIApplication"]


def alone(wsgi_app: "WSGIApplication") -> "WSGIApplication":
    """The application with nothing around it."""
    return wsgi_app


def create_app(settings: Settings, clients: Clients, secrets: Secrets, around: Around = alone) -> Flask:
    """The portal, the console and the API over ``clients``.

    Args:
        around: WSGI middleware that sees each request with its real sender, host and scheme.
    """
    app = Application(__name__)
    _configure(app, settings, secrets)
    app.extensions["viche.settings"] = settings
    app.extensions["viche.clients"] = clients
    app.extensions["viche.secrets"] = secrets
    app.extensions["viche.sessions"] = SessionCache(clients.identity.get_session)
    app.extensions["viche.regions"] = Regions(clients.identity)
    Languages(
        app,
        default_locale=settings.default_language,
        default_timezone=settings.timezone,
        locale_selector=select_language,
    )
    branding.register(app)
    csrf.init_app(app)
    for part in (
        rendering, assets, formats, counting, vocabulary, security, errors, limits, notices, maintenance, human, portal,
        console, api, publicdata, relay, hooks, embed,
    ):  # fmt: skip
        part.register(app)
    telemetry.instrument(app)
    _wrap(app, settings, around)
    return app


def _configure(app: Flask, settings: Settings, secrets: Secrets) -> None:
    app.config.update(
        SECRET_KEY=secrets.forms,
        SESSION_COOKIE_NAME="viche_form",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=100,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = NumberConverter
    environment: Any = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(  # pyright: ignore[reportAttributeAccessIssue]
        [
            PackageLoader("viche_gateway"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )


def _wrap(app: Flask, settings: Settings, around: Around) -> None:
    inside = around(LanguagePrefix(app.wsgi_app, settings.languages))
    app.wsgi_app = BehindProxies(inside, parse(settings.trusted_proxies))  # pyright: ignore[reportAttributeAccessIssue]
