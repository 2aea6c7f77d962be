"""Calls to social about accounts on platforms that are connected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import grpc
from viche.social.v1 import channels_pb2 as pb
from viche.social.v1 import channels_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_PLATFORM_TIMEOUT_S = 25.0
"""Where a platform is asked meanwhile."""


@dataclass(frozen=True, slots=True)
class NewChannel:
    """An account to connect; secrets never come back."""

    authority_id: str
    connector: str
    language: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])


class SocialChannels:
    """Connected accounts and the connectors behind them, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.ChannelsServiceStub(channel)

    def connectors(self, access_token: str) -> Sequence[pb.ConnectorInfo]:
        """What this instance can be connected with, by name."""
        return call(self._stub.ListConnectors, pb.ListConnectorsRequest(), access_token).connectors

    def listed(
        self, access_token: str, authority_ids: Sequence[str] = (), *, with_disconnected: bool = False
    ) -> Sequence[pb.Channel]:
        """Accounts of these authorities, or of all of the officer's; those that need somebody first."""
        request = pb.ListChannelsRequest(authority_ids=authority_ids, with_disconnected=with_disconnected)
        return call(self._stub.ListChannels, request, access_token).channels

    def get(self, access_token: str, channel_id: str) -> pb.Channel:
        """One account."""
        return call(self._stub.GetChannel, pb.GetChannelRequest(channel_id=channel_id), access_token).channel

    def connect(self, access_token: str, request_id: str, new: NewChannel) -> pb.Channel:
        """Connects an account; the platform says which it is."""
        request = pb.ConnectChannelRequest(
            request_id=request_id, authority_id=new.authority_id, connector=new.connector, language=new.language,
            values=new.values, secrets=new.secrets,
        )  # fmt: skip
        return call(self._stub.ConnectChannel, request, access_token, _PLATFORM_TIMEOUT_S).channel

    def renew(self, access_token: str, request_id: str, channel_id: str, secrets: Mapping[str, str]) -> pb.Channel:
        """Puts new secrets in place of old ones."""
        request = pb.RenewChannelRequest(request_id=request_id, channel_id=channel_id, secrets=secrets)
        return call(self._stub.RenewChannel, request, access_token, _PLATFORM_TIMEOUT_S).channel

    def begin(self, access_token: str, request_id: str, new: NewChannel) -> str:
        """The address at the platform where a person lets us use a new account."""
        request = pb.BeginConsentRequest(
            request_id=request_id, authority_id=new.authority_id, connector=new.connector, language=new.language,
            values=new.values,
        )  # fmt: skip
        return call(self._stub.BeginConsent, request, access_token).url

    def begin_anew(self, access_token: str, request_id: str, channel_id: str) -> str:
        """The same for an account that is connected already."""
        request = pb.BeginConsentRequest(request_id=request_id, channel_id=channel_id)
        return call(self._stub.BeginConsent, request, access_token).url

    def finish(self, access_token: str, request_id: str, state: str, code: str) -> pb.Channel:
        """The account that a person has come back with."""
        request = pb.FinishConsentRequest(request_id=request_id, state=state, code=code)
        return call(self._stub.FinishConsent, request, access_token, _PLATFORM_TIMEOUT_S).channel

    def pause(self, access_token: str, request_id: str, channel_id: str, *, is_paused: bool) -> pb.Channel:
        """Stops sending and reading, or resumes it."""
        request = pb.PauseChannelRequest(request_id=request_id, channel_id=channel_id, is_paused=is_paused)
        return call(self._stub.PauseChannel, request, access_token).channel

    def refresh(self, access_token: str, request_id: str, channel_id: str) -> pb.Channel:
        """Asks the platform now how the account is."""
        request = pb.RefreshChannelRequest(request_id=request_id, channel_id=channel_id)
        return call(self._stub.RefreshChannel, request, access_token, _PLATFORM_TIMEOUT_S).channel

    def disconnect(self, access_token: str, request_id: str, channel_id: str) -> pb.Channel:
        """Ends the connection and destroys its secrets."""
        request = pb.DisconnectChannelRequest(request_id=request_id, channel_id=channel_id)
        return call(self._stub.DisconnectChannel, request, access_token).channel
