"""Identity's public keys at the other services: fetched, kept fresh, used offline."""

import asyncio
import logging

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.tokens import Verifier, read_key_set

log = logging.getLogger("viche.keys")

REFRESH_S = 300.0
RETRY_S = 1.0
SOONEST_S = 5.0


class IdentityKeys:
    """Keeps a :class:`Verifier` supplied with the keys that identity publishes.

    :meth:`run` is a background task. Until the first fetch succeeds, tokens cannot be judged; later, identity may be
    down.
    """

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._keys = identity_pb2_grpc.KeysServiceStub(channel)
        self._wanted = asyncio.Event()
        self.verifier = Verifier(None, on_unknown_key=self._wanted.set)

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            self._wanted.clear()
            if not await self._fetch():
                await asyncio.sleep(RETRY_S)
                continue
            await asyncio.sleep(SOONEST_S)
            try:
                async with asyncio.timeout(REFRESH_S):
                    await self._wanted.wait()
            except TimeoutError:
                pass

    async def _fetch(self) -> bool:
        """Whether identity answered."""
        try:
            response = await self._keys.ListPublicKeys(identity_pb2.ListPublicKeysRequest(), timeout=5)
        except grpc.RpcError as error:
            log.warning("identity's keys cannot be fetched", extra={"code": str(error.code())})  # pyright: ignore
            return False
        self.verifier.put_keys(read_key_set(response.jwks_json))
        return True
