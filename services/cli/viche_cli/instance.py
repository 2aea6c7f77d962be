"""A running instance, as other commands find it: by its folder, or by the environment."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viche_cli.faults import Fault
from viche_cli.home import Home, default_home, write_private
from viche_cli.services import SERVICES, Endpoints

if TYPE_CHECKING:
    import grpc

    from viche_cli.remote import RemoteInstance


@dataclass(frozen=True, slots=True)
class Instance:
    """Where an instance answers, and the key with which the command line speaks to it."""

    addresses: dict[str, str]
    key: Path
    # what `viche up` wrote; empty when the instance was named by the environment
    details: dict[str, Any]

    def channel(self, service: str) -> grpc.Channel:
        """A channel to a service, "petitions" for instance, calling as the service "cli". Close it after use."""
        return open_channel(self.addresses[service], service, self.key, "cli")

    def channel_as(self, caller: str, service: str) -> grpc.Channel:
        """A channel that calls as another service whose key lies beside ours; for the demo and the bench."""
        return open_channel(self.addresses[service], service, self.key.with_name(f"{caller}.pem"), caller)


def open_channel(address: str, service: str, key: Path, caller: str) -> grpc.Channel:
    """A channel that proves with the key that the caller is who it says; the file may have any name."""
    from viche_chassis.clients import sync_channel
    from viche_chassis.tokens import ServiceIdentity, load_signer

    return sync_channel(address, service, ServiceIdentity(load_signer(key, caller)))


def reach(home: Path | None = None) -> Instance | RemoteInstance:
    """The instance that an operator's command is for: over `home`, or else at VICHE_URL with VICHE_TOKEN, or else as
    `connect` finds it.

    Raises Fault when nothing runs there.
    """
    url = os.environ.get("VICHE_URL", "").rstrip("/")
    if home is not None or not url:
        return connect(home)
    token = os.environ.get("VICHE_TOKEN", "")
    if not token:
        raise Fault(
            "VICHE_TOKEN is not set: it is the session token of an operator of the instance at VICHE_URL "
            "(POST /api/v1/sessions gives one)."
        )
    from viche_cli.remote import RemoteInstance

    return RemoteInstance(url, token)


def connect(home: Path | None = None) -> Instance:
    """The instance over `home`; without it the one that VICHE_*_ADDRESS and VICHE_SERVICE_KEY name, else the default's.

    Raises Fault when nothing runs there.
    """
    if home is None and is_named_by_environment():
        return _from_environment()
    folder = Home((home or default_home()).absolute())
    details = read(folder)
    return Instance(dict(details["grpc"]), folder.keys / "services" / "cli.pem", details)


def is_named_by_environment() -> bool:
    """Whether VICHE_*_ADDRESS name all services of an instance."""
    return all(os.environ.get(_variable(name)) for name in SERVICES)


def read(home: Home) -> dict[str, Any]:
    """What `viche up` wrote when it was ready: process id, addresses, URLs. Raises Fault when nothing runs."""
    try:
        if home.is_locked():
            return json.loads(home.instance_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Fault(f"The instance over {home.path} is still starting: wait until it is ready.") from None
    except (OSError, ValueError) as error:
        raise Fault(f"{home.instance_file} cannot be read ({error}): run as the account that runs viche.") from error
    raise Fault(
        f"No viche runs over {home.path}: start it with `viche up --home {home.path}`, or name another folder with "
        "--home."
    )


def announce(home: Home, endpoints: Endpoints, pids: dict[str, int]) -> None:
    """Writes where the instance answers, for its owner alone."""
    document = {"pid": os.getpid(), "pids": pids, **endpoints.as_dict()}
    write_private(home.instance_file, json.dumps(document, indent=2) + "\n")


def withdraw(home: Home) -> None:
    """Says that nothing answers any more."""
    home.instance_file.unlink(missing_ok=True)


def _from_environment() -> Instance:
    key = os.environ.get("VICHE_SERVICE_KEY")
    if not key:
        raise Fault(
            "VICHE_SERVICE_KEY is not set: it is the path of the command line's private key; "
            "without VICHE_*_ADDRESS the instance is found by --home."
        )
    return Instance({name: os.environ[_variable(name)] for name in SERVICES}, Path(key), {})


def _variable(service: str) -> str:
    return f"VICHE_{service.upper()}_ADDRESS"
