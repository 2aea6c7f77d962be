"""The services behind their interceptors, each over a database of its own, and everybody who may knock."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from viche.notifications.v1 import bounces_pb2_grpc, draft_links_pb2_grpc, event_mails_pb2_grpc, privacy_pb2_grpc

from tests.integration.identity import world as identities
from tests.integration.petitions import world as petitions
from tests.integration.social import world as socials
from tests.integration.surveys import world as surveys
from tools.access import ROLES, Place, Standing, Who, rpc_path
from viche_chassis.access import Caller, Gatekeeper
from viche_chassis.app import Register, Service, start
from viche_chassis.db import migrate, open_pool
from viche_chassis.testing import FakeChannel, make_key_pair
from viche_chassis.tokens import ServiceIdentity, Signer, Verifier, load_signer, read_service_keys
from viche_notifications.bounces import BouncesServicer
from viche_notifications.domain.messages import Lane
from viche_notifications.draft_links import DraftLinksServicer
from viche_notifications.event_mails import EventMailsServicer
from viche_notifications.privacy import PrivacyServicer
from viche_notifications.sealing import Contacts, ReturnAddresses, UnsubscribeLinks
from viche_notifications.servicer import registrations
from viche_notifications.sites import Sites
from viche_notifications.waking import Bell

COUNCIL = "018f0000-0000-7000-8000-0000000000ff"
MASTER = b"m" * 32


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended; ``reason`` is empty where it was done."""

    code: grpc.StatusCode
    reason: str

    @property
    def is_refusal(self) -> bool:
        """Whether it was about who asks, not about what is asked."""
        return self.code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)


@dataclass
class Door:
    """One service.

    Attributes:
        authorities: ids of the one that calls are about, of that above all others, and of another one below it.
        covered: ids of all of them.
        person: id of a citizen, as access tokens say it.
    """

    area: str
    channel: grpc.aio.Channel
    gateway: ServiceIdentity
    signer: Signer
    authorities: Mapping[Place, str]
    covered: Collection[str]
    person: str
    world: Any
    _calls: dict[str, Callable[..., Any]] = field(default_factory=dict)

    async def knock(self, method: MethodDescriptor, request: Message, who: Who) -> Answer:
        """Calls as somebody, through the gateway."""
        path = rpc_path(method)
        call = self._calls.get(path)
        if call is None:
            answer_class: Any = GetMessageClass(method.output_type)
            call = self._calls[path] = self.channel.unary_unary(
                path, request_serializer=type(request).SerializeToString, response_deserializer=answer_class.FromString
            )
        try:
            await call(request, metadata=tuple(self._metadata(who).items()), timeout=10)
        except grpc.aio.AioRpcError as error:
            return Answer(error.code(), error.details() or "")
        return Answer(grpc.StatusCode.OK, "")

    def _metadata(self, who: Who) -> dict[str, str]:
        if who.standing is Standing.STRANGER:
            return {}
        service = {"viche-service": self.gateway.token_for(self.area)}
        if who.standing is Standing.NOBODY:
            return service
        return {**service, "authorization": f"Bearer {self.signer.sign(self._claims(who))}"}

    def _claims(self, who: Who) -> dict[str, Any]:
        """Of an access token; of people who must confirm to be there it names no roles, though they hold some."""
        author = base64.urlsafe_b64encode(petitions.pseudonym("authors", str(who))).decode().rstrip("=")
        return {
            "aud": "viche", "sub": self.person, "sid": self.person, "assurance": "email", "residence": ["UA", "UA05"],
            "authors": author, "grants": [self._grant(who)] if who.role in ROLES else [],
        }  # fmt: skip

    def _grant(self, who: Who) -> dict[str, Any]:
        authority = self.authorities[who.place]
        covers = set(self.covered) if who.place is Place.ABOVE else {authority}
        return {"role": who.role, "authority": authority, "covers": sorted(covers)}


@asynccontextmanager
async def doors(urls: Mapping[str, str], folder: Path) -> AsyncIterator[Mapping[str, Door]]:
    """All services; ``urls`` are those of their databases."""
    async with AsyncExitStack() as stack:
        gateway, keys = ServiceIdentity(make_key_pair(folder / "public", "gateway")), folder / "public"
        enter = stack.enter_async_context
        yield {
            "identity": await enter(_identity(urls["identity"], folder, gateway, keys)),
            "petitions": await enter(_petitions(urls["petitions"], folder, gateway, keys)),
            "surveys": await enter(_surveys(urls["surveys"], folder / "surveys", gateway, keys)),
            "social": await enter(_social(urls["social"], folder / "social", gateway, keys)),
            "notifications": await enter(_notifications(urls["notifications"], gateway, keys)),
        }


@asynccontextmanager
async def _identity(url: str, folder: Path, gateway: ServiceIdentity, keys: Path) -> AsyncIterator[Door]:
    migrate(url, "viche_identity")
    async with identities.open_world(url, folder, rate_factor=1000.0) as world:
        made = await world.put_region()
        authorities = {Place.OWN: made["east"], Place.ABOVE: made["council"], Place.BESIDE: made["west"]}
        signer = load_signer(folder / "signing" / "2026-02.pem")
        person, _, _ = await world.access(await world.session("ann@example.org"))
        people = world.identity.verifier
        async with _served("identity", world.identity.register, people, keys) as channel:
            yield Door("identity", channel, gateway, signer, authorities, made.values(), person.id, world)


@asynccontextmanager
async def _petitions(url: str, folder: Path, gateway: ServiceIdentity, keys: Path) -> AsyncIterator[Door]:
    async with petitions.world(url, folder, rate_factor=1000.0) as world:
        await world.configure()
        authorities = {
            Place.OWN: str(petitions.CITY), Place.ABOVE: COUNCIL, Place.BESIDE: str(petitions.VILLAGE),
        }  # fmt: skip
        async with _served("petitions", world.petitions.register, world.ways.tokens, keys) as channel:
            known = (await cast(Any, petitions.Identity)().ListAuthorities(None, None)).authorities
            covered = [COUNCIL, *(each.id for each in known)]
            yield Door("petitions", channel, gateway, world.signer, authorities, covered, "somebody", world)


@asynccontextmanager
async def _surveys(url: str, folder: Path, gateway: ServiceIdentity, keys: Path) -> AsyncIterator[Door]:
    async with surveys.world(url, folder) as world:
        authorities = {
            Place.OWN: str(surveys.CITY), Place.ABOVE: COUNCIL, Place.BESIDE: str(surveys.VILLAGE),
        }  # fmt: skip
        async with _served("surveys", world.surveys.register, world.ways.tokens, keys) as channel:
            covered = [COUNCIL, str(surveys.CITY), str(surveys.VILLAGE)]
            yield Door("surveys", channel, gateway, world.signer, authorities, covered, "somebody", world)


@asynccontextmanager
async def _social(url: str, folder: Path, gateway: ServiceIdentity, keys: Path) -> AsyncIterator[Door]:
    async with socials.world(url, folder) as world:
        authorities = {
            Place.OWN: str(socials.CITY), Place.ABOVE: str(socials.COUNCIL), Place.BESIDE: str(socials.VILLAGE),
        }  # fmt: skip
        async with _served("social", world.social.register, world.tokens, keys) as channel:
            yield Door("social", channel, gateway, world.signer, authorities, authorities.values(), "somebody", world)


@asynccontextmanager
async def _notifications(url: str, gateway: ServiceIdentity, keys: Path) -> AsyncIterator[Door]:
    migrate(url, "viche_notifications")
    async with open_pool(url, 4) as pool:
        contacts = Contacts(MASTER)
        nowhere: Any = FakeChannel(caller=Caller("notifications"))
        register: list[Register] = [
            *registrations(pool, UnsubscribeLinks(MASTER), contacts),
            partial(privacy_pb2_grpc.add_PrivacyServiceServicer_to_server, PrivacyServicer(pool, contacts)),
            partial(
                bounces_pb2_grpc.add_BouncesServiceServicer_to_server,
                BouncesServicer(pool, contacts, ReturnAddresses(MASTER, "bounces@viche.example")),
            ),
            partial(
                draft_links_pb2_grpc.add_DraftLinksServiceServicer_to_server,
                DraftLinksServicer(pool, contacts, Sites(nowhere, ()), ["en"], Bell()),
            ),
            partial(
                event_mails_pb2_grpc.add_EventMailsServiceServicer_to_server,
                EventMailsServicer(pool, contacts, Sites(nowhere, ()), ["en"], {lane: Bell() for lane in Lane}),
            ),
        ]
        async with _served("notifications", register, None, keys) as channel:
            signer = make_key_pair(keys.parent / "nobody", "nobody")
            yield Door(
                "notifications", channel, gateway, signer, dict.fromkeys(Place, COUNCIL), [COUNCIL], "somebody", pool
            )


@asynccontextmanager
async def _served(
    area: str, register: Sequence[Register], people: Verifier | None, keys: Path
) -> AsyncIterator[grpc.aio.Channel]:
    gatekeeper = Gatekeeper(area, Verifier(read_service_keys(keys)), people)
    server, _, port = await start(Service(area, "127.0.0.1:0", gatekeeper, register, []))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield channel
    await server.stop(0)
