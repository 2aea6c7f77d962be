"""Calls to identity: signing in, sessions, people, authorities, scope tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import identity_pb2 as pb
from viche.identity.v1 import identity_pb2_grpc as rpc

from viche_chassis.batching import ThreadBatcher
from viche_gateway.clients.calls import call, checked, raise_for
from viche_gateway.clients.passkeys import Passkeys
from viche_gateway.clients.privacy import Privacy
from viche_gateway.clients.providers import Providers
from viche_gateway.clients.roles import Roles


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link to be sent; ``network`` is the address block that asks, ``site`` the authority at whose host it asks."""

    request_id: str
    email: str
    language: str
    return_path: str
    network: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class MeChange:
    """What a person changes of what they said of themselves; empty fields stay."""

    request_id: str
    name: str = ""
    residence_code: str = ""
    language: str = ""


class Identity:
    """The identity service over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.roles = Roles(channel)
        self.passkeys = Passkeys(channel)
        self.providers = Providers(channel)
        self.privacy = Privacy(channel)
        self._sign_in = rpc.SignInServiceStub(channel)
        self._sessions = rpc.SessionsServiceStub(channel)
        self._people = rpc.PeopleServiceStub(channel)
        self._authorities = rpc.AuthoritiesServiceStub(channel)
        self._scope_tokens = rpc.ScopeTokensServiceStub(channel)
        self._batcher: ThreadBatcher[pb.ScopeTokenItem, pb.ScopeTokenResult] = ThreadBatcher(
            self._create_scope_tokens, name="scope tokens"
        )

    def request_link(self, link: SignInLink) -> None:
        """Has a sign-in link sent; says nothing of whether the address is known."""
        request = pb.RequestSignInLinkRequest(
            request_id=link.request_id,
            email=link.email,
            language=link.language,
            return_path=link.return_path,
            network=link.network,
            site=link.site,
        )
        call(self._sign_in.RequestSignInLink, request)

    def consume_link(
        self, token: str, device: str, replaced: str = "", browser: str = ""
    ) -> pb.ConsumeSignInLinkResponse:
        """Uses a sign-in link up and opens a session.

        Args:
            device: browser and system in a few words.
            replaced: token of the session that the new one stands for, if it is the same person's.
            browser: what only this browser knows; in the one that asked for it a link joins a provider, too.
        """
        request = pb.ConsumeSignInLinkRequest(
            token=token, device=device, replaced_session_token=replaced, browser=browser
        )
        return call(self._sign_in.ConsumeSignInLink, request)

    def get_session(self, token: str) -> pb.GetSessionResponse:
        """The person behind a session, with an access token."""
        return call(self._sessions.GetSession, pb.GetSessionRequest(session_token=token))

    def end_session(self, token: str) -> None:
        """Signs out."""
        call(self._sessions.EndSession, pb.EndSessionRequest(session_token=token))

    def my_sessions(self, access_token: str) -> Sequence[pb.MySession]:
        """Where the person is signed in, the latest used first."""
        return call(self._sessions.ListMySessions, pb.ListMySessionsRequest(), access_token).sessions

    def end_my_session(self, access_token: str, session_id: str) -> None:
        """Ends one session of the person's."""
        call(self._sessions.EndMySession, pb.EndMySessionRequest(session_id=session_id), access_token)

    def end_other_sessions(self, access_token: str) -> None:
        """Ends all sessions of the person's but this one."""
        call(self._sessions.EndOtherSessions, pb.EndOtherSessionsRequest(), access_token)

    def update_me(self, access_token: str, change: MeChange) -> pb.Person:
        """Changes what the person says of themselves."""
        request = pb.UpdateMeRequest(
            request_id=change.request_id,
            name=change.name,
            residence_code=change.residence_code,
            language=change.language,
        )
        return call(self._people.UpdateMe, request, access_token).person

    def authorities(self) -> Sequence[pb.Authority]:
        """All authorities, parents before children."""
        return call(self._authorities.ListAuthorities, pb.ListAuthoritiesRequest()).authorities

    def territories(self) -> Sequence[pb.Territory]:
        """All territories, parents before children."""
        return call(self._authorities.ListTerritories, pb.ListTerritoriesRequest()).territories

    def scope_token(self, access_token: str, audience: str, scope: str, *, with_name: bool = False) -> str:
        """A proof that the person may act in ``scope`` towards ``audience``; waiting calls travel together.

        Args:
            with_name: whether the person was told that their name is published with what they do.
        """
        item = pb.ScopeTokenItem(access_token=access_token, audience=audience, scope=scope, with_name=with_name)
        result = self._batcher.call(item)
        raise_for(result.status)
        return result.scope_token

    def _create_scope_tokens(self, items: Sequence[pb.ScopeTokenItem]) -> Sequence[pb.ScopeTokenResult]:
        request = pb.BatchCreateScopeTokensRequest(items=items)
        return checked(call(self._scope_tokens.BatchCreateScopeTokens, request).results, len(items))
