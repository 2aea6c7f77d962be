"""A whole instance out of images: prepared, migrated, filled with the demo and served, engines outside."""

import secrets
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tools.images.builders import Failed
from tools.images.containers import Containers
from tools.images.engines import Engines
from tools.images.looks import ACCOUNT
from tools.images.plan import Plan
from viche_cli.home import Home
from viche_cli.infra import ports, process
from viche_cli.services import SERVICES, Endpoints, Spec, direct_sessions, specs

READY_WITHIN_S = 90.0


class Instance:
    """The containers of one instance, on this machine's loopback."""

    def __init__(self, containers: Containers, plan: Plan, engines: Engines, folder: Path) -> None:
        """`folder` holds the keys; it must be one that every account may enter."""
        self._containers = containers
        self._plan = plan
        self._engines = engines
        self._home = Home(folder)
        self._running: list[str] = []
        self._prefix = f"viche-trial-{secrets.token_hex(3)}"
        self._endpoints = self._choose_endpoints()

    @property
    def url(self) -> str:
        """Where the portal answers."""
        return self._endpoints.public_url

    def prepare(self) -> str:
        """Makes keys, roles, databases and bucket, and migrates, by the image of the command line. Raises Failed."""
        self._home.keys.mkdir(parents=True, mode=0o700)
        shutil.chown(self._home.keys, ACCOUNT, ACCOUNT)
        keys = str(self._home.keys)
        self._viche("keys", "--folder", keys, volumes=[f"{keys}:{keys}"])
        databases = {f"VICHE_{name.upper()}_DATABASE_URL": url for name, url in self._endpoints.databases.items()}
        engines = {"VICHE_POSTGRES_URL": self._engines.postgres_url, "VICHE_S3_URL": self._engines.s3_url}
        self._viche("prepare", "all", environment={**databases, **engines})
        return self._viche("migrate", environment=databases)

    def load_demo(self) -> str:
        """Starts the services and loads the demo, with identity opening sessions meanwhile. Raises Failed."""
        wanted = specs(self._home, self._endpoints, self._outside)
        self._start(direct_sessions(spec) if spec.name == "identity" else spec for spec in wanted)
        self._wait([self._endpoints.grpc[name] for name in SERVICES] + [self._endpoints.http_listen])
        keys = self._home.keys / "services"
        addresses = {f"VICHE_{name.upper()}_ADDRESS": address for name, address in self._endpoints.grpc.items()}
        environment = addresses | {"VICHE_SERVICE_KEY": str(keys / "cli.pem"), "VICHE_S3_URL": self._engines.s3_url}
        said = self._viche("demo", "--yes", environment=environment, volumes=self._volumes)
        self._stop("identity")
        self._start(spec for spec in wanted if spec.name == "identity")
        self._wait([self._endpoints.grpc["identity"]])
        return said

    def is_ready(self) -> bool:
        """Whether the gateway takes requests."""
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def logs(self) -> str:
        """What all containers said last."""
        return "\n".join(f"--- {name}\n{self._containers.log(name)}" for name in self._running)

    def stop(self) -> None:
        """Ends everything."""
        for name in reversed(self._running):
            self._containers.remove(name)

    @property
    def _outside(self) -> dict[str, str]:
        return {"VICHE_S3_URL": self._engines.s3_url, "VICHE_REGION_NAME": "Dibrova"}

    @property
    def _volumes(self) -> list[str]:
        return [f"{self._home.keys}:{self._home.keys}:ro"]

    def _viche(self, *words: str, environment: dict[str, str] | None = None, volumes: Iterable[str] = ()) -> str:
        image = self._plan.image("cli")
        return self._containers.once(image, words, environment=environment, volumes=[*volumes])

    def _start(self, wanted: Iterable[Spec]) -> None:
        for spec in wanted:
            name = f"{self._prefix}-{spec.name}"
            # those of the image hold
            given = {key: value for key, value in spec.environment.items() if key.startswith("VICHE_") and value}
            self._running.append(name)
            self._containers.start(name, self._plan.image(spec.name), environment=given, volumes=self._volumes)

    def _stop(self, service: str) -> None:
        self._containers.remove(f"{self._prefix}-{service}")
        self._running.remove(f"{self._prefix}-{service}")

    def _wait(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            if not process.wait_until(lambda at=address: ports.answers(int(at.rpartition(":")[2])), READY_WITHIN_S):
                raise Failed(f"Nothing answers at {address}.\n{self.logs()}")

    def _choose_endpoints(self) -> Endpoints:
        http = ports.free_port()
        server = urlsplit(self._engines.postgres_url)
        at = f"{server.hostname}:{server.port}"
        return replace(
            Endpoints(
                http_listen=f"{ports.LOOPBACK}:{http}",
                public_url=f"http://{ports.LOOPBACK}:{http}",
                grpc={name: f"{ports.LOOPBACK}:{ports.free_port()}" for name in SERVICES},
                metrics={},
                databases={
                    name: f"postgresql://viche_{name}:{secrets.token_hex(12)}@{at}/viche_{name}" for name in SERVICES
                },
                nats_url=self._engines.nats_url,
                smtp_url=self._engines.smtp_url,
            ),
            mail_url=self._engines.mail_url,
            s3_url=self._engines.s3_url,
        )
