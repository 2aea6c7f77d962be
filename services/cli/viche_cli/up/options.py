"""What the operator asks of `viche up`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from viche_chassis.config import ConfigError
from viche_chassis.objects import SCHEMES, parse_s3_url
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import ports
from viche_cli.services import GATEWAY, SERVICES, Endpoints, objects_environment

ANY_HOST = ("0.0.0.0", "::", "")  # noqa: S104 (compared, not listened on)
# schemes of engines that others provide
PROVIDED = {
    "VICHE_POSTGRES_URL": ("postgresql", "postgres"),
    "VICHE_NATS_URL": ("nats", "tls"),
    "VICHE_SMTP_URL": ("smtp", "smtps"),
    "VICHE_S3_URL": SCHEMES,
}
# of the extra `services`, one package that surveys and one that social computes with
COMPUTED_WITH = ("duckdb", "sklearn")


@dataclass(frozen=True, slots=True)
class Options:
    """The command line and the environment of `viche up`."""

    home: Home
    host: str
    port: int
    with_demo: bool
    environment: Mapping[str, str]

    @property
    def public_url(self) -> str:
        """The portal's address as people type it."""
        given = self.environment.get("VICHE_PUBLIC_URL", "").rstrip("/")
        host = ports.LOOPBACK if self.host in ANY_HOST else self.host
        return given or f"http://{_bracketed(host)}:{self.port}"

    def provided(self, variable: str) -> str:
        """The URL of an engine that others run; empty when we run it."""
        return self.environment.get(variable, "").strip()


def check(options: Options) -> None:
    """Raises Fault for what can be known before anything starts; keeps the port of the portal for the portal."""
    if not all(map(find_spec, COMPUTED_WITH)):
        raise Fault(
            "This installation lacks what surveys and social compute with: run `make install` in a checkout or `pip "
            "install viche-cli[services]`, or run each service from its own image."
        )
    for variable, schemes in PROVIDED.items():
        url = options.provided(variable)
        if url and urlsplit(url).scheme not in schemes:
            raise Fault(f"{variable} does not begin with {schemes[0]}:// : correct it, or unset it to use our own.")
    _check_s3_url(options.provided("VICHE_S3_URL"))
    if options.port < 1024 and os.geteuid() != 0 and not ports.is_free(options.port, options.host):
        raise Fault(
            f"Port {options.port} cannot be opened: ports below 1024 need root, and it may be in use; start with "
            "another --port."
        )
    if not ports.is_free(options.port, options.host):
        raise Fault(
            f"Port {options.port} on {options.host or 'this machine'} cannot be opened: something listens there, or "
            "the address is not this machine's. Stop what listens there, or start with another --port."
        )
    ports.claim(options.port)  # so that nothing of ours gets it; whoever chose it for us may have claimed it before


def choose_endpoints(options: Options, *, nats_url: str, postgres_url: str) -> Endpoints:
    """Where everything will answer: the given port for the portal, the next for mail, free ones behind them."""
    provided_smtp = options.provided("VICHE_SMTP_URL")
    files = objects_environment(options.home, options.environment)
    beside = options.port + 1
    mail_port = beside if beside < 65_536 and ports.claim(beside) else ports.free_port()
    return Endpoints(
        http_listen=f"{_bracketed(options.host)}:{options.port}",
        public_url=options.public_url,
        grpc={name: f"{ports.LOOPBACK}:{ports.free_port()}" for name in SERVICES},
        metrics={name: f"{ports.LOOPBACK}:{ports.free_port()}" for name in (*SERVICES, GATEWAY)},
        databases={},
        nats_url=nats_url,
        smtp_url=provided_smtp or f"smtp://{ports.LOOPBACK}:{ports.free_port()}?tls=none",
        mail_url="" if provided_smtp else f"http://{ports.LOOPBACK}:{mail_port}",
        postgres_url=postgres_url,
        s3_url=files.get("VICHE_S3_URL", ""),
        objects_dir=files.get("VICHE_OBJECTS_DIR", ""),
    )


def _check_s3_url(url: str) -> None:
    try:
        if url:
            parse_s3_url(url)
    except ConfigError as error:
        raise Fault(f"{error} Correct it, or unset it to keep files in a folder.") from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
