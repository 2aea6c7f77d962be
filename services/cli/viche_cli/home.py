"""The folder of one instance: what lies where, and that only one `viche up` uses it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viche_cli.faults import Fault

SYSTEM_HOME = Path("/var/lib/viche")


def default_home() -> Path:
    """Where `viche up` keeps its data when nobody says otherwise: the XDG data folder, for root the system's."""
    if os.geteuid() == 0:
        return SYSTEM_HOME
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "viche"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below the folder of an instance."""

    path: Path

    @property
    def keys(self) -> Path:
        """Keys and passwords, readable by the owner alone."""
        return self.path / "keys"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data folder."""
        return self.path / "postgres"

    @property
    def nats(self) -> Path:
        """NATS' configuration and streams."""
        return self.path / "nats"

    @property
    def objects(self) -> Path:
        """Files of petitions and people, unless they are in a bucket."""
        return self.path / "objects"

    @property
    def mail(self) -> Path:
        """What the mail catcher caught."""
        return self.path / "mail"

    @property
    def logs(self) -> Path:
        """One log for each child."""
        return self.path / "logs"

    @property
    def instance_file(self) -> Path:
        """Where the instance answers while it runs; holds passwords."""
        return self.path / "instance.json"

    @property
    def state_file(self) -> Path:
        """What was decided at the first start."""
        return self.path / "state.json"

    @property
    def unfinished_restore(self) -> Path:
        """There while a restore fills the folder."""
        return self.path / "restore.unfinished"

    @property
    def erasures(self) -> Path:
        """Who was erased: there from a restore until the next start has erased them again."""
        return self.path / "erasures.jsonl"

    def make(self) -> None:
        """Makes the folder and the one for keys. Raises Fault when that is not allowed."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.keys.mkdir(exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            (self.path / ".writable").touch()
            (self.path / ".writable").unlink()
        except OSError as error:
            raise Fault(
                f"{self.path} cannot be used as data folder ({error.strerror}): give yourself the right to write "
                "there, or start with another --home."
            ) from error

    def secret(self, name: str) -> str:
        """A password or key of 64 hex digits that is made when first asked for, and kept."""
        path = self.keys / name
        if not path.exists():
            write_private(path, secrets.token_hex(32) + "\n")
        return path.read_text(encoding="utf-8").strip()

    def lock(self) -> int:
        """Takes the folder for this process; the lock ends with the process or when the descriptor is closed.

        Raises Fault when another `viche up` has it.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise Fault(
                f"{self.path} is in use by another running viche (process {holder}): stop that one, or start with "
                "another --home."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        return descriptor

    def is_locked(self) -> bool:
        """Whether a `viche up` runs over this folder."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def state(self) -> dict[str, Any]:
        """What was decided at the first start; empty before."""
        try:
            return json.loads(self.state_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise Fault(f"{self.state_file} is damaged ({error}): mend it, or start with another --home.") from error

    def save_state(self, state: dict[str, Any]) -> None:
        """Replaces the state whole."""
        write_private(self.state_file, json.dumps(state, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner reads; the file is there whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
