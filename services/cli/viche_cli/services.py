"""The processes of the suite and the environment that each is started with: one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from viche_cli.home import Home

LOOPBACK = "127.0.0.1"
# those with a database, a gRPC address and a data key of their own
SERVICES = ("identity", "petitions", "surveys", "social", "notifications")
GATEWAY = "gateway"
MAILBOX = "mailbox"
# those with a key that proves who calls
CALLERS = (GATEWAY, *SERVICES, "cli")
# those with a secret of 64 hex digits
KEYED = (*SERVICES, GATEWAY)
# those that keep files
OBJECT_USERS = (GATEWAY, "petitions", "surveys", "social")
DEMO_REGION = "Dibrova"
# settings of `viche up` that no service may see, or only those that need them
WITHHELD = ("VICHE_POSTGRES_URL", "VICHE_DATABASE_URL", "VICHE_SERVICE_KEY", "VICHE_DATA_KEY", "VICHE_S3_URL")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where everything of one instance answers. Holds passwords: never shown, written only to HOME/instance.json."""

    http_listen: str
    public_url: str
    grpc: Mapping[str, str]
    metrics: Mapping[str, str]
    databases: Mapping[str, str]
    nats_url: str
    smtp_url: str
    # address of the mail catcher's pages; empty when mail goes to a real server
    mail_url: str = ""
    postgres_url: str = field(default="", repr=False)
    # where files are kept: a bucket, or else a folder
    s3_url: str = field(default="", repr=False)
    objects_dir: str = ""
    # of each service, where it enters NATS as a user of its own
    nats_urls: Mapping[str, str] = field(default_factory=dict, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Spec:
    """One process: its name, the module that Python runs, and what it adds to the environment."""

    name: str
    module: str
    environment: Mapping[str, str]


def specs(home: Home, endpoints: Endpoints, outside: Mapping[str, str]) -> list[Spec]:
    """The services and the gateway in the order in which they start; they stop the other way round.

    `outside` is the environment of `viche up`; what the operator sets there wins over our defaults.
    """
    return [
        *(Spec(name, f"viche_{name}", _service(name, home, endpoints, outside)) for name in SERVICES),
        Spec(GATEWAY, "viche_gateway", _gateway(home, endpoints, outside)),
    ]


def direct_sessions(spec: Spec) -> Spec:
    """identity, for the minutes of the demo's loading: opens sessions for the demo's people without a mail."""
    return Spec(spec.name, spec.module, {**spec.environment, "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS": "true"})


def base_environment(outside: Mapping[str, str]) -> dict[str, str]:
    """What every child inherits."""
    inherited = {name: value for name, value in outside.items() if name not in WITHHELD}
    # many threads with an arena of memory each would hold more than they use (mallopt(3))
    return {"MALLOC_ARENA_MAX": "2", **inherited, "PYTHONUNBUFFERED": "1"}


def _common(name: str, home: Home, endpoints: Endpoints, outside: Mapping[str, str]) -> dict[str, str]:
    keys = home.keys / "services"
    return base_environment(outside) | {
        "VICHE_SERVICE_KEY": str(keys / f"{name}.pem"),
        "VICHE_SERVICE_KEYS": str(keys / "public"),
        # one address from outside would be taken by the first of them
        "VICHE_METRICS_LISTEN": endpoints.metrics.get(name, ""),
        "VICHE_PUBLIC_URL": endpoints.public_url,
        "VICHE_REGION_NAME": outside.get("VICHE_REGION_NAME") or _region_name(home),
        **{f"VICHE_{service.upper()}_ADDRESS": address for service, address in endpoints.grpc.items()},
        **(objects_environment(home, outside) if name in OBJECT_USERS else {}),
    }


def objects_environment(home: Home, outside: Mapping[str, str]) -> dict[str, str]:
    """Where files are kept: in the bucket that the operator names, else in a folder."""
    if url := outside.get("VICHE_S3_URL", "").strip():
        return {"VICHE_S3_URL": url}
    return {"VICHE_OBJECTS_DIR": outside.get("VICHE_OBJECTS_DIR") or str(home.objects)}


def _region_name(home: Home) -> str:
    """The demo's region, where it was loaded or is about to be."""
    return DEMO_REGION if _has_demo(home) else "Viche"


def _has_demo(home: Home) -> bool:
    return home.state().get("demo") in ("due", "loaded")


def _service(name: str, home: Home, endpoints: Endpoints, outside: Mapping[str, str]) -> dict[str, str]:
    environment = _common(name, home, endpoints, outside) | {
        "VICHE_LISTEN": endpoints.grpc[name],
        "VICHE_DATABASE_URL": endpoints.databases[name],
        "VICHE_NATS_URL": endpoints.nats_urls.get(name, endpoints.nats_url),
        "VICHE_DATA_KEY": str(home.keys / f"{name}.key"),
    }
    if name == "identity":
        environment["VICHE_IDENTITY_SIGNING_KEYS"] = str(home.keys / "signing")
    if name == "social" and endpoints.mail_url and _has_demo(home):
        # the demo's network is on this machine
        environment.setdefault("VICHE_CONNECTOR_NETWORKS", "127.0.0.0/8")
    if name == "notifications":
        environment["VICHE_SMTP_URL"] = endpoints.smtp_url
        environment.setdefault("VICHE_MAIL_FROM", "viche@example.org")
    return environment


def _gateway(home: Home, endpoints: Endpoints, outside: Mapping[str, str]) -> dict[str, str]:
    return _common(GATEWAY, home, endpoints, outside) | {
        "VICHE_HTTP_LISTEN": endpoints.http_listen,
        "VICHE_SECRET_KEY": str(home.keys / f"{GATEWAY}.key"),
    }
