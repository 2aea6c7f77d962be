"""A real S3 server for tests: Versity's gateway over a folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.programs import needed
from viche_cli.infra import ports, process

ACCESS_KEY = "viche"
READY_WITHIN_S = 60.0


class S3Server:
    """A server over a folder; start it, stop it, start it again on the same port with the same objects."""

    def __init__(self, folder: Path) -> None:
        """Skips the test where the server cannot be had; with CI=true that is a failure."""
        self.port = ports.free_port()
        self.secret_key = secrets.token_urlsafe(24) + "/+"
        self.log = folder / "server.log"
        self._binary = needed("versitygw")
        self._folders = [folder / name for name in ("buckets", "versions")]
        for each in self._folders:
            each.mkdir(parents=True)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, bucket: str, *, secret_key: str = "") -> str:
        """What VICHE_S3_URL says for this bucket."""
        secret = (secret_key or self.secret_key).replace("/", "%2F").replace("+", "%2B")
        return f"s3+http://{ACCESS_KEY}:{secret}@{ports.LOOPBACK}:{self.port}/{bucket}"

    def start(self) -> None:
        """Starts it and waits until it takes connections."""
        buckets, versions = map(str, self._folders)
        options = ("--versioning-dir", versions, buckets)
        self._process = process.spawn(
            [self._binary, "--port", f"{ports.LOOPBACK}:{self.port}", "--quiet", "--keep-alive", "posix", *options],
            # it writes some times in the local zone, which S3 does not allow
            env={**os.environ, "TZ": "UTC", "ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": self.secret_key},
            log=self.log,
        )
        assert process.wait_until(lambda: ports.answers(self.port), READY_WITHIN_S), self.log.read_text()

    def stop(self) -> None:
        """Ends it; nothing happens when it does not run."""
        if self._process is not None:
            process.stop(self._process)


@contextlib.contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """A running server over a new folder, ended on the way out."""
    server = S3Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
