"""Which place of the portal a mail leads to: the host of the petition's authority where it has one, or of one above."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.errors import Code, Unavailable
from viche_chassis.status import from_rpc_error

FRESH_S = 60.0
SITE = "site"
"""Under this name the facts of a mail have the slug of the authority whose host it leads to."""

SITE_NAMES = "site_names"
"""And under this its names by language."""


class Sites:
    """Authorities as identity knows them; asked for only where some have hosts of their own.

    Args:
        slugs: of the authorities with a host.
    """

    def __init__(
        self, identity: grpc.aio.Channel, slugs: Collection[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stub = identity_pb2_grpc.AuthoritiesServiceStub(identity)
        self._slugs = frozenset(slugs)
        self._clock = clock
        self._known: Mapping[str, identity_pb2.Authority] = {}
        self._fresh_until = float("-inf")

    async def of_authority(self, authority_id: str) -> Mapping[str, Any]:
        """Facts about where a mail about a petition to an authority leads; none for the portal.

        Raises:
            Unavailable: identity does not answer and has not answered before.
        """
        if not self._slugs or not authority_id:
            return {}
        known = await self._authorities()
        found = next((each for each in known.values() if each.id == authority_id), None)
        while found is not None and found.slug not in self._slugs:
            found = known.get(found.parent_slug)
        return _facts(found)

    async def of_slug(self, slug: str) -> Mapping[str, Any]:
        """Facts about the host of an authority itself; none for the portal.

        Raises:
            Unavailable: identity does not answer and has not answered before.
        """
        if slug not in self._slugs:
            return {}
        return _facts((await self._authorities()).get(slug))

    async def names(self, authority_id: str) -> Mapping[str, str]:
        """The name of an authority by language; none where there is no such authority.

        Raises:
            Unavailable: identity does not answer and has not answered before.
        """
        known = await self._authorities()
        return next((dict(each.name.texts) for each in known.values() if each.id == authority_id), {})

    async def _authorities(self) -> Mapping[str, identity_pb2.Authority]:
        if self._clock() >= self._fresh_until:
            try:
                response = await self._stub.ListAuthorities(identity_pb2.ListAuthoritiesRequest())
            except grpc.RpcError as error:
                if self._known:
                    return self._known  # what is known goes on holding while identity is down
                known = from_rpc_error(error)
                raise (Unavailable() if known.code == Code.UNAVAILABLE else known) from error
            self._known = {each.slug: each for each in response.authorities}
            self._fresh_until = self._clock() + FRESH_S
        return self._known


def _facts(authority: identity_pb2.Authority | None) -> Mapping[str, Any]:
    return {SITE: authority.slug, SITE_NAMES: dict(authority.name.texts)} if authority else {}
