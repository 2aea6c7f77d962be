"""The social service over a real database, with an identity that knows three authorities."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from viche.identity.v1 import identity_pb2, identity_pb2_grpc, officers_pb2, officers_pb2_grpc
from viche.notifications.v1 import event_mails_pb2, event_mails_pb2_grpc
from viche.social.v1 import (
    channels_pb2,
    channels_pb2_grpc,
    posts_pb2,
    posts_pb2_grpc,
    presence_pb2_grpc,
    public_events_pb2_grpc,
    register_pb2,
    register_pb2_grpc,
)

from viche_chassis.access import Caller, Grant, PersonClaims
from viche_chassis.bus import OutboxRelay
from viche_chassis.connectors.given import Networks
from viche_chassis.connectors.lanes import Lanes
from viche_chassis.connectors.runner import Connectors, Running, Way
from viche_chassis.db import Pool, migrate, open_pool, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.testing import FakeChannel, MemoryStore, make_key_pair
from viche_chassis.tokens import Signer, Verifier
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.types import ConnectorSpec
from viche_social.composition import Social, Ways, compose
from viche_social.config import Settings

LOOPBACK = Networks(("127.0.0.0/8",))
COUNCIL = uuid.UUID("018f0000-0000-7000-8000-0000000000ff")
CITY = uuid.UUID("018f0000-0000-7000-8000-000000000001")
VILLAGE = uuid.UUID("018f0000-0000-7000-8000-000000000002")


class Identity(identity_pb2_grpc.AuthoritiesServiceServicer, officers_pb2_grpc.OfficersServiceServicer):
    """A council and two authorities below it, where everybody is an officer; tests may change what it says."""

    def __init__(self) -> None:
        self.roles = ["officer"]
        self.authorities = [
            _authority(COUNCIL, "council", "Dibrova Council", "", "region"),
            _authority(CITY, "city", "Verbiv", "council", "municipality"),
            _authority(VILLAGE, "village", "Kalynove", "council", "municipality"),
        ]

    async def GetOfficerRoles(self, request: Any, context: Any) -> officers_pb2.GetOfficerRolesResponse:
        return officers_pb2.GetOfficerRolesResponse(roles=self.roles)

    async def ListAuthorities(self, request: Any, context: Any) -> identity_pb2.ListAuthoritiesResponse:
        return identity_pb2.ListAuthoritiesResponse(authorities=self.authorities)


class Mailroom(event_mails_pb2_grpc.EventMailsServiceServicer):
    """Notifications, which keep one mail for each request; while they are ``down`` they take none."""

    def __init__(self) -> None:
        self.mails: dict[str, event_mails_pb2.SendEventMailRequest] = {}
        self.is_down = False

    async def SendEventMail(self, request: Any, context: Any) -> event_mails_pb2.SendEventMailResponse:
        if self.is_down:
            raise Unavailable()
        self.mails[request.request_id] = request
        return event_mails_pb2.SendEventMailResponse()


def _authority(id: uuid.UUID, slug: str, title: str, parent: str, level: str) -> identity_pb2.Authority:
    name = identity_pb2.LocalizedText(texts={"en": title})
    return identity_pb2.Authority(
        id=str(id), slug=slug, name=name, parent_slug=parent, level=level, territory_code="UA"
    )  # fmt: skip


def request_id() -> str:
    return str(uuid.uuid4())


def person(name: str, *, role: str = "press", at: uuid.UUID | None = None) -> Caller:
    """A signed-in person who calls through the gateway; with an authority somebody who holds a role there."""
    grants = (Grant(role, str(at), frozenset({str(at)})),) if at else ()
    author = base64.urlsafe_b64encode(hashlib.sha256(f"authors/{name}".encode()).digest()).decode().rstrip("=")
    return Caller("gateway", PersonClaims(name, "session", "email", ("UA",), author, grants))


GATEWAY, CLI = Caller("gateway"), Caller("cli")
PRESS = person("press", at=CITY)
EDITOR = person("editor", at=CITY)


@dataclass
class World:
    """The service, ready to be called as anybody."""

    pool: Pool
    social: Social
    identity: Identity
    signer: Signer
    tokens: Verifier
    settings: Settings
    ways: Ways
    objects: MemoryStore
    mailroom: Mailroom
    stubs: dict[tuple[type, Caller], Any] = field(default_factory=dict)

    def stub(self, kind: type, caller: Caller) -> Any:
        """A service as somebody calls it."""
        key = (kind, caller)
        if key not in self.stubs:
            self.stubs[key] = kind(FakeChannel(*self.social.register, caller=caller))
        return self.stubs[key]

    def register(self, caller: Caller = PRESS) -> Any:
        """RegisterService as somebody calls it."""
        return self.stub(register_pb2_grpc.RegisterServiceStub, caller)

    def presence(self, caller: Caller = CLI) -> Any:
        """PresenceService as somebody calls it."""
        return self.stub(presence_pb2_grpc.PresenceServiceStub, caller)

    def channels(self, caller: Caller = PRESS) -> Any:
        """ChannelsService as somebody calls it."""
        return self.stub(channels_pb2_grpc.ChannelsServiceStub, caller)

    def posts(self, caller: Caller = PRESS) -> Any:
        """PostsService as somebody calls it."""
        return self.stub(posts_pb2_grpc.PostsServiceStub, caller)

    def public_events(self, caller: Caller = PRESS) -> Any:
        """PublicEventsService as somebody calls it."""
        return self.stub(public_events_pb2_grpc.PublicEventsServiceStub, caller)

    def scope_token(self, name: str, scope: str = "registrations") -> str:
        """What identity says of somebody in a scope."""
        pseudonym = base64.urlsafe_b64encode(hashlib.sha256(f"{scope}/{name}".encode()).digest()).decode().rstrip("=")
        return self.signer.sign({"iss": "identity", "aud": "social", "scope": scope, "sub": pseudonym})

    async def connect(self, server: str, token: str, *, at: uuid.UUID = CITY, caller: Caller = PRESS) -> str:
        """A channel of an authority on a server that speaks Mastodon's API; its id."""
        request = channels_pb2.ConnectChannelRequest(
            request_id=request_id(),
            authority_id=str(at),
            connector="mastodon",
            values={"server": server},
            secrets={"access_token": token},
            language="uk",
        )
        return (await self.channels(caller).ConnectChannel(request)).channel.id

    async def approved(self, content: posts_pb2.PostContent) -> posts_pb2.Post:
        """A post that one person has written and another approved."""
        stub = self.posts()
        post = (
            await stub.CreatePost(
                posts_pb2.CreatePostRequest(request_id=request_id(), authority_id=str(CITY), content=content)
            )
        ).post
        named = {"request_id": request_id(), "post_id": post.id, "version": post.version}
        await stub.SubmitPost(posts_pb2.SubmitPostRequest(**named))
        approving = posts_pb2.ApprovePostRequest(**{**named, "request_id": request_id()})
        return (await self.posts(EDITOR).ApprovePost(approving)).post

    async def sent(self, post_id: str) -> posts_pb2.Post:
        """A post after all that was due has been done."""
        await self.social.posts.sender.look()
        await self.social.posts.sender.finish()
        return (await self.posts().GetPost(posts_pb2.GetPostRequest(post_id=post_id))).post

    async def hasten(self) -> None:
        """All that waits for its time is due."""
        await self.rows("UPDATE deliveries SET next_at = now() WHERE task IS NOT NULL")
        await self.rows("UPDATE channels SET not_before = NULL")

    async def put_account(
        self, *, at: uuid.UUID = CITY, platform: str = "mastodon", handle: str = "city@social.example", url: str = "",
        caller: Caller = PRESS,
    ) -> register_pb2.Account:  # fmt: skip
        """An account of an authority."""
        request = register_pb2.PutAccountRequest(
            request_id=request_id(), authority_id=str(at), platform=platform, handle=handle, url=url
        )
        return (await self.register(caller).PutAccount(request)).account

    def renewed(self) -> World:
        """The service as after a restart: nothing is remembered but what the database holds."""
        return replace(self, social=compose(self.settings, self.ways), stubs={})

    async def events(self, kind: type) -> list[Any]:
        """Events of a kind in the outbox, in order."""
        name = cast(Any, kind).DESCRIPTOR.full_name
        rows = await self.rows("SELECT payload FROM outbox WHERE type = %s ORDER BY created_at, id", name)
        return [cast(Any, kind).FromString(row[0]) for row in rows]

    async def rows(self, query: str, *values: object) -> list[Any]:
        """What a statement gives."""
        async with transaction(self.pool) as conn:
            cursor = await conn.execute(cast(Any, query), values)
            return await cursor.fetchall() if cursor.description else []


@asynccontextmanager
async def world(
    url: str, folder: Path, specs: Sequence[ConnectorSpec] = (MASTODON,), **settings: Any
) -> AsyncIterator[World]:
    """The service over the database at ``url``, migrated, with connectors of this process."""
    migrate(url, "viche_social")
    signer = make_key_pair(folder, "identity-key")
    key = folder / "data.key"
    key.write_text("17" * 32)
    values = Settings(
        listen="", service_key=folder, service_keys=folder, database_url=url, nats_url="", data_key=key,
        identity_address="", notifications_address="", public_url="https://petitions.example.org",
        connector_networks=LOOPBACK.trusted, **settings,
    )  # fmt: skip
    identity: Any = cast(Any, Identity)()
    channel = FakeChannel(
        lambda server: identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(cast(Any, identity), server),
        lambda server: officers_pb2_grpc.add_OfficersServiceServicer_to_server(cast(Any, identity), server),
        caller=Caller("social"),
    )
    mailroom: Any = cast(Any, Mailroom)()
    mails = FakeChannel(
        lambda server: event_mails_pb2_grpc.add_EventMailsServiceServicer_to_server(cast(Any, mailroom), server),
        caller=Caller("social"),
    )
    objects, tokens = MemoryStore(), Verifier({"identity-key": signer.key})
    async with open_pool(url, 8) as pool:
        relay = OutboxRelay(pool, cast(Any, None), "social")
        connectors = Connectors([Running("connector-mastodon", Way.INSIDE, Lanes(specs, LOOPBACK))])
        ways = Ways(pool, relay, cast(Any, channel), tokens, cast(Any, mails), objects, connectors)
        await connectors.start()
        yield World(pool, compose(values, ways), identity, signer, tokens, values, ways, objects, mailroom)
        await connectors.close()
