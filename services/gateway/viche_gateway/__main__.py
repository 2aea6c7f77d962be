"""The gateway's process: one worker under granian, blocking threads for the requests."""

import ctypes
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def main() -> None:
    """Serves until SIGTERM."""
    from viche_chassis.config import ConfigError, load
    from viche_chassis.objects import locate
    from viche_gateway.config import Settings
    from viche_gateway.health import begin
    from viche_gateway.serving import serve

    try:
        settings = load(Settings, os.environ)
        locate(settings)
    except ConfigError as error:
        sys.exit(str(error))
    begin(settings.drain_file)
    serve("viche_gateway.__main__:build", settings.http_listen)


def build() -> "Flask":
    """The application, made inside the worker process: threads and channels do not survive a fork."""
    from viche_chassis.config import load
    from viche_chassis.telemetry import set_up
    from viche_chassis.tokens import ServiceIdentity, load_signer
    from viche_gateway import clients
    from viche_gateway.app import create_app
    from viche_gateway.caching import PageCache
    from viche_gateway.config import Settings, read_secrets
    from viche_gateway.console import survey_exports
    from viche_gateway.draining import Drained
    from viche_gateway.health import Health
    from viche_gateway.portal import documents
    from viche_gateway.publicdata import routes

    _end_with_parent()
    settings = load(Settings, os.environ)
    set_up("gateway", log_level=settings.log_level, metrics_listen=settings.metrics_listen)
    me = ServiceIdentity(load_signer(settings.service_key, "gateway"))
    streams = (routes.is_streamed, documents.is_streamed, survey_exports.is_streamed)
    around = partial(PageCache, is_streamed=lambda path: any(is_streamed(path) for is_streamed in streams))
    app = create_app(settings, clients.connect(settings, me), read_secrets(settings.secret_key), around)
    app.wsgi_app = Health(Drained(app.wsgi_app), settings.drain_file)  # pyright: ignore[reportAttributeAccessIssue]
    return app


def _end_with_parent() -> None:
    """A worker whose parent was killed would keep the port; Linux can end it (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


if __name__ == "__main__":
    main()
