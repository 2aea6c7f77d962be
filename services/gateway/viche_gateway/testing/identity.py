"""Identity's double: people by session name; a sign-in link's token is the session's name, too."""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.status import to_status
from viche_gateway.testing.channel import access_token, refusal, stamp
from viche_gateway.testing.roles import FakeRoles


class FakeIdentity(
    identity_rpc.SignInServiceServicer,
    identity_rpc.SessionsServiceServicer,
    identity_rpc.PeopleServiceServicer,
    FakeRoles,
    identity_rpc.ScopeTokensServiceServicer,
):
    """Who is signed in, and the region; ``links`` are the sign-in mails that were asked for.

    ``browsers`` are those in which one was used.

    Those whose session is ``stale`` signed in so long ago that their roles do not work.
    """

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, identity.Person] = {}
        self.stale: set[str] = set()
        self.links: list[identity.RequestSignInLinkRequest] = []
        self.browsers: list[str] = []
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
        self.browsers.append(request.browser)
        self.stale.discard(request.token)
        return identity.ConsumeSignInLinkResponse(
            session_token=request.token, return_path="/me", expires_at=stamp(datetime.now(UTC) + timedelta(days=30))
        )

    async def GetSession(self, request: Any, context: Any) -> Any:
        if request.session_token not in self.people:
            raise refusal(Code.UNAUTHENTICATED, "SESSION_ENDED")
        person = self.people[request.session_token]
        response = identity.GetSessionResponse(
            person=person,
            access_token=request.session_token,
            access_token_expires_at=stamp(datetime.now(UTC) + timedelta(minutes=5)),
        )
        if person.grants:
            left = timedelta(hours=-1 if request.session_token in self.stale else 12)
            response.roles_until.CopyFrom(stamp(datetime.now(UTC) + left))
        return response

    async def ListMySessions(self, request: Any, context: Any) -> Any:
        me, now = access_token(), stamp(datetime.now(UTC))
        names = [name for name, person in self.people.items() if person.email == self.people[me].email]
        return identity.ListMySessionsResponse(
            sessions=[
                identity.MySession(
                    id=name,
                    device="Firefox, Linux",
                    created_at=now,
                    last_used_at=now,
                    is_current=name == me,
                    signed_in_by="email",
                )
                for name in names
            ]
        )

    async def EndMySession(self, request: Any, context: Any) -> Any:
        self.people.pop(request.session_id, None)
        return identity.EndMySessionResponse()

    async def EndOtherSessions(self, request: Any, context: Any) -> Any:
        me = self.people[access_token()]
        for name in [name for name, person in self.people.items() if person.email == me.email and person is not me]:
            del self.people[name]
        return identity.EndOtherSessionsResponse()

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
        return identity.BatchCreateScopeTokensResponse(results=map(self._scope_token, request.items))

    def _scope_token(self, item: identity.ScopeTokenItem) -> identity.ScopeTokenResult:
        if item.with_name and not self.people[item.access_token].name:
            return identity.ScopeTokenResult(status=to_status(refusal(Code.FAILED_PRECONDITION, "NAME_NEEDED")))
        named = " named" if item.with_name else ""
        return identity.ScopeTokenResult(scope_token=f"{item.access_token} {item.scope}{named}")
