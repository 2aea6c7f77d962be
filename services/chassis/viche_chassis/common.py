"""Parts that every gRPC service is composed of, so that each ``__main__`` only names its own."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import grpc

from viche_chassis import telemetry
from viche_chassis.access import Gatekeeper
from viche_chassis.clients import aio_channel
from viche_chassis.config import ConfigError, load
from viche_chassis.keys import IdentityKeys
from viche_chassis.settings import ServiceSettings
from viche_chassis.tokens import (
    ServiceIdentity,
    Verifier,
    load_signer,
    read_service_keys,
)
from viche_chassis.tracing import instrument_sql

__all__ = ["ServiceSettings", "calling", "gatekeeper", "read_key", "run", "service_identity", "services_verifier"]

S = TypeVar("S", bound=ServiceSettings)


def read_key(path: Path) -> bytes:
    """The 32 bytes of a key file.

    Raises:
        ConfigError: the file is missing or is not 64 hexadecimal digits.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise ConfigError([f"the key file {path.name} cannot be read: {type(error).__name__}"]) from error
    if len(key) != 32:
        raise ConfigError([f"the key file {path.name} must hold 64 hexadecimal digits"])
    return key


def service_identity(settings: ServiceSettings, name: str) -> ServiceIdentity:
    """The identity with which the service calls others."""
    return ServiceIdentity(load_signer(settings.service_key, name))


def services_verifier(settings: ServiceSettings) -> Verifier:
    """Checks the tokens of calling services."""
    return Verifier(read_service_keys(settings.service_keys))


@asynccontextmanager
async def calling(address: str, callee: str, identity: ServiceIdentity) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to another service, closed at the end."""
    channel = aio_channel(address, callee, identity)
    try:
        yield channel
    finally:
        await channel.close()


def gatekeeper(settings: ServiceSettings, name: str, keys: IdentityKeys | None) -> Gatekeeper:
    """Checks callers of the service ``name``; people's tokens with the keys of identity."""
    return Gatekeeper(name, services_verifier(settings), keys.verifier if keys else None)


def run(name: str, settings_type: type[S], main: Callable[[S], Coroutine[Any, Any, None]]) -> None:
    """The body of a service's ``__main__``: settings, telemetry, its tables, then ``main`` until it ends.

    Faulty settings end the process with status 2 and one sentence each on stderr.
    """
    try:
        settings = load(settings_type, os.environ)
        telemetry.set_up(name, log_level=settings.log_level, metrics_listen=settings.metrics_listen)
        instrument_sql()
        # until serve() takes care: the first process of a container hears no signal that it has no handler for
        signal.signal(signal.SIGTERM, _end)
        asyncio.run(_main(name, settings, main))
    except ConfigError as error:
        for fault in error.faults:
            print(f"viche {name}: {fault}", file=sys.stderr)
        sys.exit(2)
    except Exception:
        logging.getLogger("viche.app").exception("the service ends")
        sys.exit(1)


async def _main(name: str, settings: S, main: Callable[[S], Coroutine[Any, Any, None]]) -> None:
    # the gateway reads keys by this module, and has no driver of a database
    from viche_chassis.schema import await_schema

    await await_schema(settings.database_url, f"viche_{name}")
    await main(settings)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit()
