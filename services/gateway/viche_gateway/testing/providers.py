"""Providers in identity's double: whoever comes back with the code NAME is the person of the session NAME."""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.identity.v1 import identity_pb2
from viche.identity.v1 import providers_pb2 as pb
from viche.identity.v1 import providers_pb2_grpc as rpc

from viche_chassis.errors import Code
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal, stamp

AT = "https://id.example/authorize"


class FakeProviders(rpc.ProvidersServiceServicer):
    """``listed`` are the providers, ``begun`` and ``came`` what was asked, ``held`` connections by session.

    Those in ``unconfirmed`` must show their mailbox first; ``refuses`` is the reason that all visits end with;
    who is ``stale`` confirms first. ``asked`` counts how often connections were asked for.
    """

    def __init__(self, stale: set[str]) -> None:
        self.listed: list[pb.Provider] = []
        self.begun: list[Any] = []
        self.came: list[pb.FinishProviderVisitRequest] = []
        self.held: dict[str, list[pb.Connection]] = {}
        self.unconfirmed: set[str] = set()
        self.addresses: list[pb.RequestMyAddressLinkRequest] = []
        self.refuses = ""
        self.asked = 0
        self._stale = stale

    def add(self, provider: str, title: str, *, can_confirm: bool = True) -> None:
        """A provider that is offered."""
        texts = identity_pb2.LocalizedText(texts={"en": title})
        self.listed.append(pb.Provider(id=provider, title=texts, can_confirm=can_confirm))

    def connect(self, session: str, provider: str) -> pb.Connection:
        """A connection of somebody's."""
        now = stamp(datetime.now(UTC))
        connection = pb.Connection(id=str(new_id()), provider=provider, connected_at=now, last_used_at=now)
        self.held.setdefault(session, []).append(connection)
        return connection

    async def ListProviders(self, request: Any, context: Any) -> Any:
        return pb.ListProvidersResponse(providers=self.listed)

    async def BeginProviderSignIn(self, request: Any, context: Any) -> Any:
        return pb.BeginProviderSignInResponse(url=self._begin(request))

    async def BeginMyProviderVisit(self, request: Any, context: Any) -> Any:
        if access_token() in self._stale and request.purpose == pb.VISIT_PURPOSE_CONNECT:
            raise refusal(Code.FAILED_PRECONDITION, "CONFIRM_FIRST")
        return pb.BeginMyProviderVisitResponse(url=self._begin(request))

    async def FinishProviderVisit(self, request: Any, context: Any) -> Any:
        self.came.append(request)
        begun = next((each for each in self.begun if each.browser == request.browser), None)
        if begun is None:
            raise refusal(Code.FAILED_PRECONDITION, "ATTEMPT_OVER")
        if self.refuses:
            raise refusal(Code.FAILED_PRECONDITION, self.refuses)
        if request.code in self.unconfirmed:
            email = f"{request.code}@example.org"
            return pb.FinishProviderVisitResponse(
                return_path=begun.return_path, email=email, pending_token=request.code
            )
        self._stale.discard(request.code)
        return pb.FinishProviderVisitResponse(
            session_token=request.code, expires_at=_next_month(), return_path=begun.return_path
        )

    async def ContinueWithoutAddress(self, request: Any, context: Any) -> Any:
        return pb.ContinueWithoutAddressResponse(
            session_token=request.pending_token, expires_at=_next_month(), return_path="/me"
        )

    async def ListMyConnections(self, request: Any, context: Any) -> Any:
        self.asked += 1
        return pb.ListMyConnectionsResponse(connections=self.held.get(access_token(), []))

    async def DeleteMyConnection(self, request: Any, context: Any) -> Any:
        if self.refuses:
            raise refusal(Code.FAILED_PRECONDITION, self.refuses)
        held = self.held.get(access_token(), [])
        self.held[access_token()] = [each for each in held if each.id != request.connection_id]
        return pb.DeleteMyConnectionResponse()

    async def RequestMyAddressLink(self, request: Any, context: Any) -> Any:
        if access_token() in self._stale:
            raise refusal(Code.FAILED_PRECONDITION, "CONFIRM_FIRST")
        self.addresses.append(request)
        return pb.RequestMyAddressLinkResponse()

    def _begin(self, request: Any) -> str:
        if request.provider not in {each.id for each in self.listed}:
            raise refusal(Code.NOT_FOUND, "PROVIDER_UNKNOWN")
        self.begun.append(request)
        return f"{AT}?state=s"


def _next_month() -> Any:
    return stamp(datetime.now(UTC) + timedelta(days=30))
