"""ProvidersService: signing in through providers, and a person's connections with them."""

from typing import Any
from uuid import UUID

from viche.identity.v1 import identity_pb2, providers_pb2, providers_pb2_grpc

from viche_chassis.access import current_person
from viche_chassis.db import Pool
from viche_chassis.errors import InvalidFields, invalid
from viche_identity import connections
from viche_identity.addresses import Addresses
from viche_identity.connections import Browser
from viche_identity.domain.providers import Provider, Purpose
from viche_identity.providers.client import Back
from viche_identity.providers.visit import Begin, Return
from viche_identity.store.providers import Listed
from viche_identity.visits import Visits

_PURPOSES = {
    providers_pb2.VISIT_PURPOSE_CONNECT: Purpose.CONNECT,
    providers_pb2.VISIT_PURPOSE_CONFIRM: Purpose.CONFIRM,
}


class ProvidersServicer(providers_pb2_grpc.ProvidersServiceServicer):
    """Takes visits in and out; :class:`Visits` does them."""

    def __init__(self, pool: Pool, visits: Visits, addresses: Addresses) -> None:
        self._pool = pool
        self._visits = visits
        self._addresses = addresses

    async def ListProviders(
        self, request: providers_pb2.ListProvidersRequest, context: Any
    ) -> providers_pb2.ListProvidersResponse:
        return providers_pb2.ListProvidersResponse(providers=[_provider_message(each) for each in self._visits.listed])

    async def BeginProviderSignIn(
        self, request: providers_pb2.BeginProviderSignInRequest, context: Any
    ) -> providers_pb2.BeginProviderSignInResponse:
        begin = Begin(request.provider, request.browser, request.language, request.return_path, request.network)
        return providers_pb2.BeginProviderSignInResponse(url=await self._visits.begin(begin))

    async def BeginMyProviderVisit(
        self, request: providers_pb2.BeginMyProviderVisitRequest, context: Any
    ) -> providers_pb2.BeginMyProviderVisitResponse:
        purpose = _PURPOSES.get(request.purpose)
        if purpose is None:
            raise InvalidFields(invalid("purpose", "REQUIRED"))
        begin = Begin(request.provider, request.browser, request.language, request.return_path)
        url = await self._visits.begin_for(current_person(), purpose, begin)
        return providers_pb2.BeginMyProviderVisitResponse(url=url)

    async def FinishProviderVisit(
        self, request: providers_pb2.FinishProviderVisitRequest, context: Any
    ) -> providers_pb2.FinishProviderVisitResponse:
        came = Return(
            provider=request.provider,
            state=request.state,
            browser=request.browser,
            back=Back(request.code, request.issuer),
            error=request.error,
            into=Browser(request.device, request.replaced_session_token),
        )
        finished = await self._visits.finish(came)
        response = providers_pb2.FinishProviderVisitResponse(
            return_path=finished.return_path, email=finished.email, pending_token=finished.pending_token
        )
        if finished.opened is not None:
            response.session_token = finished.opened.token
            response.expires_at.FromDatetime(finished.opened.expires_at)
        return response

    async def ContinueWithoutAddress(
        self, request: providers_pb2.ContinueWithoutAddressRequest, context: Any
    ) -> providers_pb2.ContinueWithoutAddressResponse:
        opened, return_path = await self._visits.continue_without_address(
            request.pending_token, request.browser, request.device
        )
        response = providers_pb2.ContinueWithoutAddressResponse(session_token=opened.token, return_path=return_path)
        response.expires_at.FromDatetime(opened.expires_at)
        return response

    async def ListMyConnections(
        self, request: providers_pb2.ListMyConnectionsRequest, context: Any
    ) -> providers_pb2.ListMyConnectionsResponse:
        held = await connections.held_by(self._pool, current_person())
        return providers_pb2.ListMyConnectionsResponse(
            connections=[_connection_message(each) for each in held.connections], is_only_way=held.is_only_way
        )

    async def DeleteMyConnection(
        self, request: providers_pb2.DeleteMyConnectionRequest, context: Any
    ) -> providers_pb2.DeleteMyConnectionResponse:
        await connections.disconnect(self._pool, current_person(), UUID(request.connection_id))
        return providers_pb2.DeleteMyConnectionResponse()

    async def RequestMyAddressLink(
        self, request: providers_pb2.RequestMyAddressLinkRequest, context: Any
    ) -> providers_pb2.RequestMyAddressLinkResponse:
        return await self._addresses.ask(current_person(), request)


def _provider_message(provider: Provider) -> providers_pb2.Provider:
    return providers_pb2.Provider(
        id=provider.name,
        title=identity_pb2.LocalizedText(texts=dict(provider.title)),
        can_confirm=provider.can_confirm,
    )


def _connection_message(listed: Listed) -> providers_pb2.Connection:
    message = providers_pb2.Connection(id=str(listed.id), provider=listed.provider)
    message.connected_at.FromDatetime(listed.connected_at)
    message.last_used_at.FromDatetime(listed.last_used_at)
    return message
