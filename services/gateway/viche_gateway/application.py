"""Flask as the gateway uses it: what cannot change while a process runs is not asked again on each request."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from viche_gateway.rendering import Templates


class SignedCookies(SecureCookieSessionInterface):
    """The signed cookie of forms. What signs it is made once, since the keys of a process stay the same."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What reads and writes the cookie, for the one application that this belongs to."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer


class Application(Flask):
    """A Flask application whose views and hooks are plain functions."""

    jinja_environment = Templates

    def __init__(self, name: str) -> None:
        super().__init__(name, static_folder=None)
        self.session_interface = SignedCookies()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """``func`` as it is: the gateway runs in threads, and a test holds that nothing here is a coroutine."""
        return func
