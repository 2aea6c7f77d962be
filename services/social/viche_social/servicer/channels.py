"""ChannelsService."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, TypeVar
from uuid import UUID

from viche.social.v1 import channels_pb2 as pb
from viche.social.v1 import channels_pb2_grpc

from viche_chassis.access import current_caller, current_person
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.once import once
from viche_social import connecting, consenting
from viche_social.calling import Calls
from viche_social.connecting import Connecting
from viche_social.consenting import MakesHttp
from viche_social.domain.errors import ConsentNotFound, ConsentRefused
from viche_social.hooks import Hooks
from viche_social.identity import Region
from viche_social.posting import writer
from viche_social.register import check_covered
from viche_social.secrets import Secrets
from viche_social.servicer.channel_messages import channel_message, connector_message
from viche_social.servicer.posts import asked_authorities
from viche_social.store import channels, consents
from viche_social.store.channels import Channel
from viche_social.store.consents import Consent

Context = Any
R = TypeVar("R", pb.ConnectChannelResponse, pb.FinishConsentResponse, pb.RenewChannelResponse,
            pb.PauseChannelResponse, pb.DisconnectChannelResponse)  # fmt: skip


class ChannelsServicer(channels_pb2_grpc.ChannelsServiceServicer):
    """Channels and the connectors behind them.

    Args:
        pool: of the database.
        region: the authorities.
        calls: of connectors.
        connecting: connects accounts.
        secrets: seals what is kept of a round of consent.
        http: makes the HTTP that consents go through.
        country: where this instance is; may be empty.
        public_url: of this instance: platforms send people back there.
        hooks: makes the addresses that platforms may call.
    """

    def __init__(
        self,
        pool: Pool,
        region: Region,
        calls: Calls,
        connecting: Connecting,
        secrets: Secrets,
        http: MakesHttp,
        country: str,
        public_url: str,
        hooks: Hooks,
    ) -> None:
        self._pool = pool
        self._region = region
        self._calls = calls
        self._connecting = connecting
        self._secrets = secrets
        self._http = http
        self._country = country
        self._public_url = public_url
        self._hooks = hooks

    async def ListConnectors(self, request: pb.ListConnectorsRequest, context: Context) -> pb.ListConnectorsResponse:
        reports = self._calls.reports()
        return pb.ListConnectorsResponse(
            connectors=[
                connector_message(spec, self._calls.not_set_up(name), reports.get(name), self._country)
                for name, spec in self._calls.specs.items()
            ]
        )

    async def ConnectChannel(self, request: pb.ConnectChannelRequest, context: Context) -> pb.ConnectChannelResponse:
        authority_id = UUID(request.authority_id)
        check_covered(authority_id)
        await self._region.get(authority_id)
        channel, sealed = await self._connecting.introduce(
            authority_id, request.connector, request.values, request.secrets, request.language
        )
        return await self._once(
            request, pb.ConnectChannelResponse, lambda conn: self._connecting.keep(conn, channel, sealed)
        )

    async def BeginConsent(self, request: pb.BeginConsentRequest, context: Context) -> pb.BeginConsentResponse:
        wanted = await self._wanted(request)
        spec = self._connecting.usable(wanted.connector)
        values, application = wanted.own_values, self._calls.application(wanted.connector)
        begun = consenting.begin(spec, values, application, self._public_url)
        sealed = self._secrets.close_verifier(begun.verifier, consenting.round_id(begun.state))
        kept = Consent(
            wanted.person, wanted.authority_id, wanted.channel_id, spec.name, values, wanted.language, sealed
        )

        is_first = False

        async def act(conn: Connection) -> pb.BeginConsentResponse:
            nonlocal is_first
            is_first = True
            await consents.insert(conn, consenting.state_hash(begun.state), kept)
            return pb.BeginConsentResponse()

        await once(self._pool, current_caller().person, request, pb.BeginConsentResponse, act)
        if not is_first:  # the state of the round before is kept nowhere
            async with transaction(self._pool) as conn:
                await consents.insert(conn, consenting.state_hash(begun.state), kept)
        return pb.BeginConsentResponse(url=begun.url)

    async def FinishConsent(self, request: pb.FinishConsentRequest, context: Context) -> pb.FinishConsentResponse:
        async with transaction(self._pool) as conn:
            kept = await consents.take(conn, consenting.state_hash(request.state), _person())
        if kept is None:
            raise ConsentNotFound()
        if not request.code:
            raise ConsentRefused(detail="")
        tokens = await self._exchange(kept, request)
        if kept.channel_id is not None:
            return await self._renewed(kept.channel_id, tokens, request, pb.FinishConsentResponse)
        channel, sealed = await self._connecting.introduce(
            kept.authority_id, kept.connector, kept.own_values, tokens, kept.language
        )
        return await self._once(
            request, pb.FinishConsentResponse, lambda conn: self._connecting.keep(conn, channel, sealed)
        )

    async def RenewChannel(self, request: pb.RenewChannelRequest, context: Context) -> pb.RenewChannelResponse:
        return await self._renewed(UUID(request.channel_id), request.secrets, request, pb.RenewChannelResponse)

    async def GetChannel(self, request: pb.GetChannelRequest, context: Context) -> pb.GetChannelResponse:
        async with reading(self._pool) as conn:
            return pb.GetChannelResponse(
                channel=self._message(await connecting.covered(conn, UUID(request.channel_id)))
            )

    async def ListChannels(self, request: pb.ListChannelsRequest, context: Context) -> pb.ListChannelsResponse:
        authorities = asked_authorities(request.authority_ids)
        if current_caller().person is None and not request.authority_ids:
            authorities = list(await self._region.authorities())
        async with reading(self._pool) as conn:
            found = await channels.of(conn, authorities, with_disconnected=request.with_disconnected)
        return pb.ListChannelsResponse(channels=map(self._message, found))

    async def PauseChannel(self, request: pb.PauseChannelRequest, context: Context) -> pb.PauseChannelResponse:
        id = UUID(request.channel_id)
        return await self._once(
            request, pb.PauseChannelResponse, lambda conn: connecting.pause(conn, id, is_paused=request.is_paused)
        )

    async def RefreshChannel(self, request: pb.RefreshChannelRequest, context: Context) -> pb.RefreshChannelResponse:
        async with reading(self._pool) as conn:
            channel = await connecting.covered(conn, UUID(request.channel_id))
        return pb.RefreshChannelResponse(channel=self._message(await self._connecting.refresh(channel.id)))

    async def DisconnectChannel(
        self, request: pb.DisconnectChannelRequest, context: Context
    ) -> pb.DisconnectChannelResponse:
        return await self._once(
            request, pb.DisconnectChannelResponse, lambda conn: connecting.disconnect(conn, UUID(request.channel_id))
        )

    async def _wanted(self, request: pb.BeginConsentRequest) -> Consent:
        """What a round is for: a channel that is there, or one that is to be."""
        if request.channel_id:
            async with reading(self._pool) as conn:
                channel = await connecting.covered(conn, UUID(request.channel_id))
            return Consent(
                _person(),
                channel.authority_id,
                channel.id,
                channel.connector,
                channel.own_values,
                channel.language,
                b"",
            )
        authority_id = UUID(request.authority_id or str(UUID(int=0)))
        check_covered(authority_id)
        await self._region.get(authority_id)
        return Consent(
            _person(), authority_id, None, request.connector, dict(request.values), request.language, b""
        )  # fmt: skip

    async def _exchange(self, kept: Consent, request: pb.FinishConsentRequest) -> dict[str, str]:
        spec = self._connecting.usable(kept.connector)
        verifier = self._secrets.open_verifier(kept.verifier, consenting.round_id(request.state))
        form = consenting.code_form(request.code, verifier, self._public_url)
        async with aclosing(self._http(spec, kept.own_values)) as http:
            return await consenting.exchange(http, spec, kept.own_values, self._calls.application(kept.connector), form)

    async def _renewed(self, id: UUID, secrets: Mapping[str, str], request: Any, answer: type[R]) -> R:
        async with reading(self._pool) as conn:
            channel = await connecting.covered(conn, id)
        found, sealed = await self._connecting.ask_anew(channel, secrets)
        return await self._once(request, answer, lambda conn: self._connecting.renew(conn, found, sealed))

    def _message(self, channel: Channel) -> pb.Channel:
        message = channel_message(channel)
        message.webhook_url = self._hooks.url(channel, self._calls.specs.get(channel.connector))
        return message

    async def _once(self, request: Any, answer: type[R], act: Callable[[Connection], Awaitable[Channel]]) -> R:
        """An answer with its channel. What is kept of a request names it alone: its address for platforms is secret."""

        async def whole(conn: Connection) -> R:
            return answer(channel=pb.Channel(id=str((await act(conn)).id)))

        kept = await once(self._pool, current_caller().person, request, answer, whole, self._connecting.hurry)
        async with reading(self._pool) as conn:
            found = await connecting.must_get(conn, UUID(kept.channel.id))
        return answer(channel=self._message(found))


def _person() -> bytes:
    """Who began the round: only the same person ends it."""
    current_person()
    return writer() or b""
