"""Identity's double: people by session name; a sign-in link's token is the session's name, too."""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal, stamp
from viche_gateway.testing.roles import FakeRoles


class FakeIdentity(
    identity_rpc.SignInServiceServicer,
    identity_rpc.SessionsServiceServicer,
    identity_rpc.PeopleServiceServicer,
    FakeRoles,
    identity_rpc.ScopeTokensServiceServicer,
):
    """Who is signed in, and the region; ``links`` are the sign-in mails that were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, identity.Person] = {}
        self.links: list[identity.RequestSignInLinkRequest] = []
        self.territories: list[identity.Territory] = []

    def add_person(self, session: str, *covers: str, role: str = "officer", **fields: Any) -> identity.Person:
        """A person whose session token is ``session``; with ``covers``, who holds ``role`` on these authorities."""
        person = identity.Person(id=str(new_id()), email=f"{session}@example.org", language="en", **fields)
        if covers:
            person.grants.add(role=role, authority_id=covers[0], covers_authority_ids=covers)
        self.people[session] = person
        return person

    async def RequestSignInLink(self, request: Any, context: Any) -> Any:
        if "@" not in request.email:
            raise InvalidFields(invalid("email", "BAD_EMAIL"))
        self.links.append(request)
        return identity.RequestSignInLinkResponse()

    async def ConsumeSignInLink(self, request: Any, context: Any) -> Any:
        if request.token not in self.people:
            raise refusal(Code.FAILED_PRECONDITION, "LINK_EXPIRED")
        return identity.ConsumeSignInLinkResponse(
            session_token=request.token, return_path="/me", expires_at=stamp(datetime.now(UTC) + timedelta(days=30))
        )

    async def GetSession(self, request: Any, context: Any) -> Any:
        if request.session_token not in self.people:
            raise refusal(Code.UNAUTHENTICATED, "SESSION_ENDED")
        return identity.GetSessionResponse(
            person=self.people[request.session_token],
            access_token=request.session_token,
            access_token_expires_at=stamp(datetime.now(UTC) + timedelta(minutes=5)),
        )

    async def EndSession(self, request: Any, context: Any) -> Any:
        self.people.pop(request.session_token, None)
        return identity.EndSessionResponse()

    async def UpdateMe(self, request: Any, context: Any) -> Any:
        person = self.people[access_token()]
        for field in ("name", "residence_code", "language"):
            if value := getattr(request, field):
                setattr(person, field, value)
        return identity.UpdateMeResponse(person=person)

    async def ListAuthorities(self, request: Any, context: Any) -> Any:
        return identity.ListAuthoritiesResponse(authorities=self.authorities)

    async def ListTerritories(self, request: Any, context: Any) -> Any:
        return identity.ListTerritoriesResponse(territories=self.territories)

    async def BatchCreateScopeTokens(self, request: Any, context: Any) -> Any:
        results = [identity.ScopeTokenResult(scope_token=f"{item.access_token} {item.scope}") for item in request.items]
        return identity.BatchCreateScopeTokensResponse(results=results)
