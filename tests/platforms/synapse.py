"""A real home server of Matrix: Synapse (AGPL: a tool of the tests, and no part of what is shipped)."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.programs import cannot
from tools.gotools import ROOT, cache, draft_of
from viche_cli.infra import ports, process

LOCK = Path(__file__).with_name("synapse.lock")
READY_WITHIN_S = 60.0
INSTALL_WITHIN_S = 180

# what a config holds besides the generated keys; no limits of rate, but for the tests that ask for one
CONFIG = """
server_name: localhost
listeners:
  - {{port: {port}, bind_addresses: ["127.0.0.1"], type: http, tls: false, resources: [{{names: [client]}}]}}
database: {{name: sqlite3, args: {{database: "{folder}/homeserver.db"}}}}
log_config: "{folder}/log.yaml"
media_store_path: "{folder}/media"
registration_shared_secret: "{secret}"
macaroon_secret_key: "{secret}"
form_secret: "{secret}"
signing_key_path: "{folder}/signing.key"
report_stats: false
trusted_key_servers: []
enable_registration: true
enable_registration_without_verification: true
rc_registration: {{per_second: 1000, burst_count: 1000}}
rc_login: {{address: {{per_second: 1000, burst_count: 1000}}, account: {{per_second: 1000, burst_count: 1000}}}}
rc_room_creation: {{per_second: 1000, burst_count: 1000}}
rc_joins: {{local: {{per_second: 1000, burst_count: 1000}}}}
rc_message: {{per_second: 0.01, burst_count: {burst}}}
"""
LOG = """
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: WARNING, handlers: [console]}
"""


class Member:
    """Somebody with an account, who speaks to the server as an app does."""

    def __init__(self, server: SynapseServer, name: str) -> None:
        self.password = secrets.token_urlsafe(12)
        self._server = server
        answer = server.ask(
            "POST", "register", {"username": name, "password": self.password, "auth": {"type": "m.login.dummy"}}
        )
        self.id: str = answer["user_id"]
        self.token: str = answer["access_token"]
        self._sent = 0

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One request of the client API."""
        return self._server.ask(method, path, body, self.token)

    def send(self, room: str, content: object, type_: str = "m.room.message") -> str:
        """Sends an event; gives its id."""
        self._sent += 1
        path = f"rooms/{quote(room)}/send/{type_}/{self._sent}"
        return self.ask("PUT", path, content)["event_id"]

    def event(self, room: str, id_: str) -> dict[str, Any]:
        """One event as this person sees it."""
        return self.ask("GET", f"rooms/{quote(room)}/event/{quote(id_)}")

    def timeline(self, room: str) -> list[dict[str, Any]]:
        """Messages and polls in the room, oldest first."""
        found = self.ask("GET", f"rooms/{quote(room)}/messages?dir=b&limit=100")["chunk"]
        types = ("m.room.message", "org.matrix.msc3381.poll.start")
        return [each for each in reversed(found) if each["type"] in types and each["content"]]


class SynapseServer:
    """A running server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(timeout=20, trust_env=False)

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> dict[str, Any]:
        """One request of the client API; it must work."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {"json": body} if body is not None else {}
        answer = self._client.request(method, f"{self.url}/_matrix/client/v3/{path}", headers=headers, **sent)
        assert answer.is_success, answer.text
        return answer.json()

    def download(self, address: str, token: str) -> bytes:
        """The file at an address of the server."""
        path = f"{self.url}/_matrix/client/v1/media/download/{address.removeprefix('mxc://')}"
        answer = self._client.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.is_success, answer.text
        return answer.content

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def is_ready(self) -> bool:
        """Whether it answers."""
        with contextlib.suppress(httpx.HTTPError):
            return self._client.get(f"{self.url}/_matrix/client/versions").is_success
        return False


@contextlib.contextmanager
def synapse_server(folder: Path, burst: int = 100_000) -> Iterator[SynapseServer]:
    """A new server; `burst` messages of one account are taken, then one in 100 seconds."""
    python = _environment() / "bin" / "python"
    port, config = ports.free_port(), folder / "homeserver.yaml"
    config.write_text(CONFIG.format(folder=folder, port=port, secret=secrets.token_hex(16), burst=burst))
    (folder / "log.yaml").write_text(LOG)
    program = [python, "-m", "synapse.app.homeserver", "-c", config]
    subprocess.run([*program, "--generate-keys"], check=True, capture_output=True, cwd=folder)
    child = process.spawn(program, log=folder / "synapse.log")
    server = SynapseServer(f"http://{ports.LOOPBACK}:{port}")
    try:
        ready = process.wait_until(lambda: server.is_ready() or child.poll() is not None, READY_WITHIN_S)
        assert ready, "Synapse does not start"
        assert child.poll() is None, (folder / "synapse.log").read_text()
        yield server
    finally:
        server.close()
        process.stop(child)


def _environment() -> Path:
    """The environment with what the lock says, made once and kept from run to run."""
    made = cache() / f"synapse-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}-py{sys.version_info.minor}"
    if made.exists():
        return made
    uv = shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")
    with draft_of(made) as draft:
        _run([uv, "venv", "-q", "--relocatable", "--python", sys.executable, str(draft)])
        install = [uv, "pip", "install", "-q", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        _run([*install, "--python", str(draft / "bin" / "python"), "-r", str(LOCK)])
    return made


def _run(argv: list[str]) -> None:
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, check=False, timeout=INSTALL_WITHIN_S, env=os.environ, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        cannot(f"Synapse cannot be installed: {error}")
    if done.returncode != 0:
        cannot(f"Synapse cannot be installed: {done.stderr.strip()[-600:]}")
