"""Three NATS servers that keep streams together, for tests."""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

from viche_cli.infra import ports, process
from viche_cli.infra.nats import USER, server_binary

READY_WITHIN_S = 60.0
CONFIG = """\
server_name: {name}
listen: "{host}:{port}"
authorization {{ user: "{user}", password: "{password}" }}
cluster {{ name: viche, listen: "{host}:{cluster_port}", routes: [{routes}] }}
jetstream {{ store_dir: {store}, max_memory_store: 16MB, sync_interval: always }}
"""


class NatsCluster:
    """Servers by name; each can be killed and started again over its own streams."""

    def __init__(self, folder: Path, names: tuple[str, ...] = ("one", "two", "three")) -> None:
        """Makes folders and configurations; nothing runs yet."""
        self._folder = folder
        self._password = secrets.token_urlsafe(24)
        self._ports = {name: ports.free_port() for name in names}
        self._cluster_ports = {name: ports.free_port() for name in names}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All servers."""
        return tuple(self._ports)

    def url(self, *names: str) -> str:
        """What VICHE_NATS_URL says for these servers, for all when none is named."""
        user = f"{USER}:{self._password}"
        return ",".join(f"nats://{user}@{ports.LOOPBACK}:{self._ports[name]}" for name in names or self.names)

    def start(self, *names: str) -> None:
        """Starts these, or all, and waits until they take connections."""
        for name in names or self.names:
            self._running[name] = process.spawn(
                [server_binary(), "--config", self._configure(name)], log=self._folder / f"{name}.log"
            )
        chosen = [self._ports[name] for name in names or self.names]
        assert process.wait_until(lambda: all(map(ports.answers, chosen)), READY_WITHIN_S)

    def kill(self, name: str) -> None:
        """Ends a server as a power cut does."""
        server = self._running.pop(name)
        server.kill()
        server.wait()

    def stop(self) -> None:
        """Ends those that run."""
        for name in [*self._running]:
            self.kill(name)

    def _configure(self, name: str) -> Path:
        path = self._folder / f"{name}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        routes = ", ".join(f'"nats://{ports.LOOPBACK}:{port}"' for port in self._cluster_ports.values())
        path.write_text(
            CONFIG.format(
                name=name, host=ports.LOOPBACK, port=self._ports[name], user=USER, password=self._password,
                cluster_port=self._cluster_ports[name], routes=routes, store=json.dumps(str(self._folder / name)),
            )
        )  # fmt: skip
        return path


@contextlib.contextmanager
def nats_cluster(folder: Path) -> Iterator[NatsCluster]:
    """Three running servers, ended on the way out."""
    cluster = NatsCluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
