"""Connectors that run as a service of their own, at an address that the operator names."""

import asyncio

import grpc

from viche_chassis.connectors.calls import Call, NotAsked, Outcome
from viche_chassis.connectors.remote import Refused, Remote, outcome_of_failure
from viche_chassis.tasks import cancel_all
from viche_chassis.tokens import ServiceIdentity
from viche_sdk.connectors.types import ConnectorSpec

LOOK_EVERY_S = 30.0
LOOK_AGAIN_S = 2.0
DESCRIBE_S = 5.0
CONNECT_S = 3.0


class Pod:
    """A plugin at an address; asked again and again what it brings, so that one that comes late is found."""

    def __init__(self, address: str, plugin: str, identity: ServiceIdentity) -> None:
        self._address = address
        self._plugin = plugin
        self._identity = identity
        self._connected: Remote | None = None
        self._looking: asyncio.Task[None] | None = None
        self.specs: tuple[ConnectorSpec, ...] = ()
        self.trouble = f"it has not answered yet at {address}"
        self.restarts = 0

    @property
    def _remote(self) -> Remote:
        """Made where the loop runs that uses it."""
        if self._connected is None:
            self._connected = Remote(self._address, self._plugin, self._identity)
        return self._connected

    async def start(self) -> None:
        """Asks for the first time."""
        await self._look()
        self._looking = asyncio.create_task(self._keep_looking())

    async def perform(self, call: Call) -> Outcome:
        """Makes a call."""
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._remote.channel.channel_ready()
        except TimeoutError:
            return Outcome(NotAsked(f"it does not answer at {self._address}"))
        try:
            return await self._remote.perform(call)
        except grpc.aio.AioRpcError as error:
            return outcome_of_failure(call, error)

    async def close(self) -> None:
        """Ends the connection."""
        await cancel_all([self._looking] if self._looking else [])
        if self._connected:
            await self._connected.close()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_S if self.trouble else LOOK_EVERY_S)
            await self._look()

    async def _look(self) -> None:
        try:
            self.specs = await self._remote.describe(DESCRIBE_S)
            self.trouble = ""
        except Refused as refused:
            self.specs, self.trouble = (), str(refused)
        except grpc.aio.AioRpcError as error:
            self.trouble = f"it does not answer at {self._address}: {error.code().name}"
