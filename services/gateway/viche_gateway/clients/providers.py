"""Calls to identity about providers: signing in through them, and a person's connections with them."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import providers_pb2 as pb
from viche.identity.v1 import providers_pb2_grpc as rpc

from viche_gateway.clients.calls import call

KEPT_S = 60.0


@dataclass(frozen=True, slots=True)
class Start:
    """A visit to begin; ``browser`` is what only this browser knows, ``network`` the address block that asks."""

    provider: str
    browser: str
    language: str
    return_path: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class CameBack:
    """What a browser has brought back, its device in a few words, and the session that a new one would replace."""

    provider: str
    browser: str
    state: str
    code: str
    issuer: str
    error: str
    device: str
    replaced: str


@dataclass(frozen=True, slots=True)
class AddressLink:
    """A link to be sent to an address that a person wants to have."""

    request_id: str
    email: str
    language: str
    browser: str
    return_path: str
    network: str


class Providers:
    """Providers over identity's channel; their list is remembered for a minute, since every sign-in page shows it.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, channel: grpc.Channel, clock: Callable[[], float] = time.monotonic) -> None:
        self._stub = rpc.ProvidersServiceStub(channel)
        self._clock = clock
        self._lock = threading.Lock()
        self._listed: tuple[float, Sequence[pb.Provider]] | None = None

    def listed(self) -> Sequence[pb.Provider]:
        """The providers of this instance, in their order."""
        known = self._listed
        if known is None or self._clock() - known[0] > KEPT_S:
            found = call(self._stub.ListProviders, pb.ListProvidersRequest()).providers
            with self._lock:
                known = self._listed = self._clock(), found
        return known[1]

    def begin(self, start: Start) -> str:
        """Where somebody goes to sign in."""
        request = pb.BeginProviderSignInRequest(
            provider=start.provider,
            browser=start.browser,
            language=start.language,
            return_path=start.return_path,
            network=start.network,
        )
        return call(self._stub.BeginProviderSignIn, request).url

    def begin_mine(self, access_token: str, start: Start, *, confirms: bool) -> str:
        """Where who is signed in goes, to connect the provider or to confirm that they are there."""
        purpose = pb.VISIT_PURPOSE_CONFIRM if confirms else pb.VISIT_PURPOSE_CONNECT
        request = pb.BeginMyProviderVisitRequest(
            purpose=purpose,
            provider=start.provider,
            browser=start.browser,
            language=start.language,
            return_path=start.return_path,
        )
        return call(self._stub.BeginMyProviderVisit, request, access_token).url

    def finish(self, came: CameBack) -> pb.FinishProviderVisitResponse:
        """Opens a session, or has a link sent."""
        request = pb.FinishProviderVisitRequest(
            provider=came.provider,
            browser=came.browser,
            state=came.state,
            code=came.code,
            issuer=came.issuer,
            error=came.error,
            device=came.device,
            replaced_session_token=came.replaced,
        )
        return call(self._stub.FinishProviderVisit, request)

    def go_on_without_address(self, pending_token: str, browser: str, device: str) -> pb.ContinueWithoutAddressResponse:
        """Opens a session for a new person without an address."""
        request = pb.ContinueWithoutAddressRequest(pending_token=pending_token, browser=browser, device=device)
        return call(self._stub.ContinueWithoutAddress, request)

    def mine(self, access_token: str) -> pb.ListMyConnectionsResponse:
        """Providers that the person is connected with, and whether there is no other way in."""
        return call(self._stub.ListMyConnections, pb.ListMyConnectionsRequest(), access_token)

    def disconnect(self, access_token: str, connection_id: str) -> None:
        """Ends a connection of the person's."""
        request = pb.DeleteMyConnectionRequest(connection_id=connection_id)
        call(self._stub.DeleteMyConnection, request, access_token)

    def request_address_link(self, access_token: str, link: AddressLink) -> None:
        """Has a link sent that gives an address to the person."""
        request = pb.RequestMyAddressLinkRequest(
            request_id=link.request_id,
            email=link.email,
            language=link.language,
            browser=link.browser,
            return_path=link.return_path,
            network=link.network,
        )
        call(self._stub.RequestMyAddressLink, request, access_token)
