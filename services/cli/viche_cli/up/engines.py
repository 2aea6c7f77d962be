"""The engines below the services: ours, or those that the environment names."""

from __future__ import annotations

import os
import signal
import sys

from viche_cli.home import Home
from viche_cli.infra.nats import NatsServer
from viche_cli.infra.postgres import PostgresServer
from viche_cli.infra.process import spawn
from viche_cli.services import MAILBOX, SERVICES, Endpoints
from viche_cli.up.options import Options
from viche_cli.up.supervisor import Child, Supervisor

POSTGRES, NATS = "postgresql", "nats"
READY_WITHIN_S = 60.0


def start_postgres(options: Options, supervisor: Supervisor) -> str:
    """Starts PostgreSQL unless one is provided; gives the URL of a role that may create databases. Raises Fault."""
    provided = options.provided("VICHE_POSTGRES_URL")
    if provided:
        return provided
    home = options.home
    server = PostgresServer(home.postgres, password=home.secret("postgres.password"), log=home.logs / "postgresql.log")
    server.prepare()
    supervisor.add(_engine(POSTGRES, server, signal.SIGINT))
    server.wait_ready(READY_WITHIN_S)
    return server.url


def start_nats(options: Options, supervisor: Supervisor) -> tuple[str, dict[str, str]]:
    """Starts NATS unless one is provided; gives its URL, and that of each service's own user. Raises Fault."""
    provided = options.provided("VICHE_NATS_URL")
    if provided:
        return provided, {}
    home = options.home
    passwords = {name: home.secret(f"nats-{name}.password") for name in SERVICES}
    server = NatsServer(
        home.nats, password=home.secret("nats.password"), services=passwords, log=home.logs / "nats.log"
    )
    supervisor.add(_engine(NATS, server, signal.SIGTERM))
    server.wait_ready()
    return server.url, server.service_urls


def start_mailbox(home: Home, endpoints: Endpoints, supervisor: Supervisor) -> None:
    """Starts the mail catcher, unless mail goes to a real server."""
    if not endpoints.mail_url:
        return
    log = home.logs / f"{MAILBOX}.log"
    smtp = endpoints.smtp_url.removeprefix("smtp://").partition("?")[0]
    web = endpoints.mail_url.removeprefix("http://")
    argv = [sys.executable, "-m", "viche_cli.mailbox", "--smtp", smtp, "--web", web, "--folder", str(home.mail)]
    argv += ["--portal", endpoints.public_url]
    supervisor.add(Child(MAILBOX, lambda: spawn(argv, env=os.environ, log=log), log))


def _engine(name: str, server: PostgresServer | NatsServer, stop_signal: signal.Signals) -> Child:
    assert server.log is not None
    return Child(name, server.launch, server.log, stop_signal)
