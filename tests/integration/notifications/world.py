"""Notifications put together in the test's process over a real database, with doubles of its neighbours behind gRPC."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import (
    identity_pb2,
    identity_pb2_grpc,
    organisations_pb2,
    organisations_pb2_grpc,
    passkeys_pb2,
    passkeys_pb2_grpc,
)
from viche.petitions.v1 import (
    audience_pb2,
    audience_pb2_grpc,
    petitions_pb2,
    petitions_pb2_grpc,
    sponsors_pb2,
    sponsors_pb2_grpc,
)

from tests.integration.notifications.office import PostOffice
from viche_chassis import app, common
from viche_chassis.access import Gatekeeper
from viche_chassis.brand import Brand, Look, OwnHost
from viche_chassis.db import Pool, open_pool, transaction
from viche_chassis.errors import NotFound
from viche_chassis.ids import new_id
from viche_chassis.tasks import cancel_all
from viche_chassis.testing import make_key_pair
from viche_chassis.tokens import ServiceIdentity, Signer, Verifier, read_service_keys
from viche_notifications.campaigns import Campaigner
from viche_notifications.consumer import Intake, index_of
from viche_notifications.domain.messages import KINDS, Lane
from viche_notifications.mail import MailWriter, Site, parse_sender
from viche_notifications.sealing import Contact, Contacts, ReturnAddresses, UnsubscribeLinks
from viche_notifications.sender import Desk, Pace, Worker
from viche_notifications.smtp import SmtpLine, parse_smtp_url
from viche_notifications.sources import Sources
from viche_notifications.store import messages
from viche_notifications.waking import Bell

AUTHOR = b"a" * 32
MASTER = b"m" * 32
BOUNCES = "bounces@viche.example"
LANGUAGES = ("en", "uk", "bg", "ru")
PETITION_ID = "01890000-0000-7000-8000-000000000001"
# quick to look, and patient where it waits for others: a busy machine holds up the mail server of a test too
FAST = Pace(step_s=20.0, try_s=30.0, lease_s=60.0, poll_s=0.05, longest_back_off_s=0.2, drain_s=20.0)
HASTY = replace(FAST, step_s=1.0, try_s=3.0)  # for servers that fall silent
FACTS = {"number": 7, "title": "A park", "title_language": "en", "signatures": 3}


REGION, CITY, DISTRICT = (str(new_id()) for _ in range(3))
BRAND = Brand(authorities={"city": OwnHost("city", "petitions.city.example", Look())})


class IdentityDouble(
    identity_pb2_grpc.SignInServiceServicer, identity_pb2_grpc.AudiencesServiceServicer,
    identity_pb2_grpc.AuthoritiesServiceServicer, passkeys_pb2_grpc.PasskeysServiceServicer,
    organisations_pb2_grpc.OrganisationsServiceServicer,
):  # fmt: skip
    """Identity as far as mails need it."""

    def __init__(self) -> None:
        self.links: dict[str, identity_pb2.GetSignInMailResponse] = {}
        self.passkeys: dict[str, passkeys_pb2.GetPasskeyMailResponse] = {}
        self.decisions: dict[str, organisations_pb2.GetDecisionMailResponse] = {}
        self.people: dict[bytes, identity_pb2.Recipient] = {}
        self.authors: dict[bytes, identity_pb2.Recipient] = {}

    def link(self, email: str, language: str = "en", life: timedelta = timedelta(hours=1)) -> str:
        """A new sign-in link."""
        link_id = str(new_id())
        mail = identity_pb2.GetSignInMailResponse(
            email=email, token=f"tok-{link_id}", language=language, expires_at=soon(life)
        )
        self.links[link_id] = mail
        return link_id

    def passkey(self, email: str, name: str, language: str) -> str:
        """A new passkey."""
        passkey_id = str(new_id())
        self.passkeys[passkey_id] = passkeys_pb2.GetPasskeyMailResponse(email=email, name=name, language=language)
        return passkey_id

    def decision(self, email: str, **fields: Any) -> str:
        """What was decided about an organisation of somebody's."""
        membership_id = str(new_id())
        self.decisions[membership_id] = organisations_pb2.GetDecisionMailResponse(
            email=email, language="en", title="Clean river", **fields
        )
        return membership_id

    async def GetDecisionMail(self, request: organisations_pb2.GetDecisionMailRequest, context: Any) -> Any:
        return self.decisions[request.membership_id]

    async def GetPasskeyMail(self, request: passkeys_pb2.GetPasskeyMailRequest, context: Any) -> Any:
        return self.passkeys[request.passkey_id]

    async def GetSignInMail(self, request: identity_pb2.GetSignInMailRequest, context: Any) -> Any:
        if request.link_id not in self.links:
            raise NotFound()
        return self.links[request.link_id]

    async def ListAuthorities(self, request: identity_pb2.ListAuthoritiesRequest, context: Any) -> Any:
        name = identity_pb2.LocalizedText(texts={"en": "City of Dibrova", "uk": "Місто Діброва"})
        return identity_pb2.ListAuthoritiesResponse(
            authorities=[
                identity_pb2.Authority(id=REGION, slug="region"),
                identity_pb2.Authority(id=CITY, slug="city", parent_slug="region", name=name),
                identity_pb2.Authority(id=DISTRICT, slug="district", parent_slug="city"),
            ]
        )

    async def ResolvePseudonyms(self, request: identity_pb2.ResolvePseudonymsRequest, context: Any) -> Any:
        assert request.scope in ("authors", f"petition:{PETITION_ID}")
        people = self.authors if request.scope == "authors" else self.people
        found = [people[item] for item in request.pseudonyms if item in people]
        return identity_pb2.ResolvePseudonymsResponse(recipients=found)

    def register(self, server: grpc.aio.Server) -> None:
        identity_pb2_grpc.add_SignInServiceServicer_to_server(self, server)
        passkeys_pb2_grpc.add_PasskeysServiceServicer_to_server(self, server)
        organisations_pb2_grpc.add_OrganisationsServiceServicer_to_server(self, server)
        identity_pb2_grpc.add_AudiencesServiceServicer_to_server(self, server)
        identity_pb2_grpc.add_AuthoritiesServiceServicer_to_server(self, server)


class PetitionsDouble(
    petitions_pb2_grpc.PetitionsServiceServicer, petitions_pb2_grpc.SignaturesServiceServicer,
    audience_pb2_grpc.AudienceServiceServicer, sponsors_pb2_grpc.SponsorsServiceServicer,
):  # fmt: skip
    """Petitions with one petition in it; ``page_size`` makes pages smaller than what is asked for."""

    def __init__(self) -> None:
        effect = petitions_pb2.LocalizedText(texts={"en": "The council debates it.", "uk": "Рада розгляне її."})
        threshold = petitions_pb2.Threshold(name="answer", signatures=3, effect=effect)
        self.petition = petitions_pb2.Petition(
            id=PETITION_ID, number=7, title="A park", language="en", signature_count=3,
            terms=petitions_pb2.Terms(thresholds=[threshold]),
        )  # fmt: skip
        self.confirmations: dict[str, petitions_pb2.GetConfirmationMailResponse] = {}
        self.invitations: dict[str, sponsors_pb2.GetInvitationMailResponse] = {}
        self.signers: list[bytes] = []
        self.followers: list[bytes] = []
        self.page_size = 1000
        self.pages = 0

    def pending(self, email: str, name: str, language: str = "uk") -> str:
        """A new signature that waits for its confirmation."""
        signature_id = str(new_id())
        self.confirmations[signature_id] = petitions_pb2.GetConfirmationMailResponse(
            email=email, name=name, token="conf-token", language=language, petition=self.petition,
            expires_at=soon(timedelta(hours=1)),
        )  # fmt: skip
        return signature_id

    def invited(self, email: str, language: str = "uk") -> str:
        """A new invitation to support the petition."""
        invitation_id = str(new_id())
        self.invitations[invitation_id] = sponsors_pb2.GetInvitationMailResponse(
            email=email, token="support-token", language=language, petition=self.petition,
            expires_at=soon(timedelta(days=7)),
        )  # fmt: skip
        return invitation_id

    async def GetInvitationMail(self, request: sponsors_pb2.GetInvitationMailRequest, context: Any) -> Any:
        if request.invitation_id not in self.invitations:
            raise NotFound()
        return self.invitations[request.invitation_id]

    async def GetPetition(self, request: petitions_pb2.GetPetitionRequest, context: Any) -> Any:
        if request.petition_id != PETITION_ID:
            raise NotFound()
        return petitions_pb2.GetPetitionResponse(petition=self.petition)

    async def GetConfirmationMail(self, request: petitions_pb2.GetConfirmationMailRequest, context: Any) -> Any:
        if request.signature_id not in self.confirmations:
            raise NotFound()
        return self.confirmations[request.signature_id]

    async def ListAudience(self, request: audience_pb2.ListAudienceRequest, context: Any) -> Any:
        self.pages += 1
        everybody = [*((each, True) for each in self.signers), *((each, False) for each in self.followers)]
        begin = int(request.page_token or 0)
        end = begin + min(request.page_size, self.page_size)
        token = str(end) if end < len(everybody) else ""
        members = [audience_pb2.AudienceMember(pseudonym=name, has_signed=signed) for name, signed in everybody]
        return audience_pb2.ListAudienceResponse(members=members[begin:end], next_page_token=token)

    async def GetAuthor(self, request: audience_pb2.GetAuthorRequest, context: Any) -> Any:
        if request.petition_id != PETITION_ID:
            raise NotFound()
        return audience_pb2.GetAuthorResponse(pseudonym=AUTHOR)

    def register(self, server: grpc.aio.Server) -> None:
        petitions_pb2_grpc.add_PetitionsServiceServicer_to_server(self, server)
        petitions_pb2_grpc.add_SignaturesServiceServicer_to_server(self, server)
        audience_pb2_grpc.add_AudienceServiceServicer_to_server(self, server)
        sponsors_pb2_grpc.add_SponsorsServiceServicer_to_server(self, server)


class Neighbour:
    """A double behind a real gRPC server that checks tokens and access, and can be down."""

    def __init__(self, name: str, register: app.Register, public_keys: Path) -> None:
        self._service_of = lambda listen: app.Service(
            name, listen, Gatekeeper(name, Verifier(read_service_keys(public_keys)), None), [register], []
        )
        self.address = "127.0.0.1:0"
        self._server: grpc.aio.Server | None = None

    async def open(self) -> None:
        self._server, _, port = await app.start(self._service_of(self.address))
        self.address = f"127.0.0.1:{port}"

    async def close(self) -> None:
        if self._server is not None:
            await self._server.stop(0)
            self._server = None


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a test may need."""

    url: str
    pool: Pool
    office: PostOffice
    identity: IdentityDouble
    petitions: PetitionsDouble
    identity_server: Neighbour
    petitions_server: Neighbour
    signer: Signer
    keys: Path
    sources: Sources
    contacts: Contacts
    links: UnsubscribeLinks
    returns: ReturnAddresses
    desk: Desk
    bells: dict[Lane, Bell]
    campaign_bell: Bell

    def worker(self, lane: Lane, desk: Desk | None = None) -> Worker:
        """A worker with a connection of its own."""
        desk = desk or self.desk
        server = parse_smtp_url(self.office.url)
        line = SmtpLine(server, local_name="viche.example", timeout_s=desk.pace.step_s)
        return Worker(lane, desk, line, self.bells[lane])

    def campaigner(self) -> Campaigner:
        return Campaigner(
            self.pool, self.sources, self.contacts, LANGUAGES, self.campaign_bell, self.bells[Lane.BULK].ring
        )

    def intake(self) -> Intake:
        return Intake(self.pool, self.sources, self.contacts, LANGUAGES, self.bells, self.campaign_bell)

    def set_author(self, email: str = "author@example.org", language: str = "en") -> None:
        """Somebody who started the petition."""
        person = identity_pb2.Recipient(pseudonym=AUTHOR, email=email, name="The author", language=language)
        self.identity.authors[AUTHOR] = person

    def add_follower(self, email: str) -> None:
        """Somebody who follows the petition."""
        pseudonym = (1_000_000 + len(self.petitions.followers)).to_bytes(32)
        person = identity_pb2.Recipient(pseudonym=pseudonym, email=email, name="Follower", language="en")
        self.petitions.followers.append(pseudonym)
        self.identity.people[pseudonym] = person

    def add_signers(self, count: int) -> None:
        """People who have signed."""
        for number in range(len(self.petitions.signers), len(self.petitions.signers) + count):
            pseudonym = number.to_bytes(32)
            person = identity_pb2.Recipient(
                pseudonym=pseudonym, email=f"signer{number}@example.org", name=f"Signer {number}",
                language=LANGUAGES[number % 4],
            )  # fmt: skip
            self.petitions.signers.append(pseudonym)
            self.identity.people[pseudonym] = person

    async def queue(self, kind: str = "petition_closed", email: str = "ann@example.org", **more: Any) -> UUID:
        """A message in the queue."""
        message_id = new_id()
        lane = KINDS[kind].lane
        expires_at = datetime.now(UTC) + timedelta(hours=1) if lane is Lane.URGENT else None
        params = {**FACTS, "has_reached": True, "texts": {}}
        given = {"expires_at": expires_at, "params": params, "address_index": index_of(self.contacts, email), **more}
        sealed = self.contacts.seal(message_id, Contact(email, "Ann", "tok"))
        message = messages.NewMessage(message_id, kind, lane, "en", sealed, **given)
        async with transaction(self.pool) as conn:
            await messages.add(conn, message)
        return message_id

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        """What a query gives."""
        async with transaction(self.pool) as conn:
            cursor = await conn.execute(sql, values)  # pyright: ignore
            return await cursor.fetchall() if cursor.description else []

    async def message(self, message_id: UUID) -> Any:
        """The row of a message."""
        return (await self.rows("SELECT * FROM messages WHERE id = %(id)s", id=message_id))[0]

    async def ends(self, message_id: UUID, *states: str, seconds: float = 60) -> Any:
        """Waits for one of the states."""

        async def has() -> bool:
            return (await self.message(message_id)).state in states

        await until(has, seconds)
        return await self.message(message_id)

    async def make_due(self) -> None:
        """Lets the time of the next try come."""
        await self.rows("UPDATE messages SET next_attempt_at = now() WHERE ended_at IS NULL")


@asynccontextmanager
async def open_world(url: str, office: PostOffice, folder: Path) -> AsyncIterator[World]:
    """Notifications over an empty database."""
    signer = make_key_pair(folder / "keys", "notifications", folder / "public")
    identity, petitions = IdentityDouble(), PetitionsDouble()  # pyright: ignore[reportAbstractUsage]
    servers = [
        Neighbour("identity", identity.register, folder / "public"),
        Neighbour("petitions", petitions.register, folder / "public"),
    ]
    contacts, links = Contacts(MASTER), UnsubscribeLinks(MASTER)
    returns = ReturnAddresses(MASTER, BOUNCES)
    sender = parse_sender("Viche <mail@viche.example>")
    site = Site("Viche", "https://viche.example", LANGUAGES, ZoneInfo("Europe/Kyiv"), sender, BRAND)
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(open_pool(url, 8))
        for server in servers:
            await server.open()
            stack.push_async_callback(server.close)
        me = ServiceIdentity(signer)
        channels = [
            await stack.enter_async_context(common.calling(server.address, name, me))
            for server, name in zip(servers, ("identity", "petitions"), strict=True)
        ]
        sources = Sources(*channels, own_hosts=tuple(BRAND.authorities))
        yield World(
            url=url, pool=pool, office=office, identity=identity, petitions=petitions, identity_server=servers[0],
            petitions_server=servers[1], signer=signer, keys=folder, sources=sources, contacts=contacts,
            links=links, desk=Desk(pool, contacts, MailWriter(site, links, returns), FAST), returns=returns,
            bells={lane: Bell() for lane in Lane}, campaign_bell=Bell(),
        )  # fmt: skip


@asynccontextmanager
async def running(*tasks: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Background tasks for as long as the block lasts; one that fails fails the test."""
    started = [asyncio.ensure_future(task()) for task in tasks]
    try:
        yield
    finally:
        await cancel_all(started)
    for task in started:
        if not task.cancelled():
            raise AssertionError("a background task ended") from task.exception()


async def until(claim: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(seconds):
        while not await claim():
            await asyncio.sleep(0.03)


def soon(life: timedelta) -> Timestamp:
    """An instant from now."""
    timestamp = Timestamp()
    timestamp.GetCurrentTime()
    timestamp.FromMilliseconds(timestamp.ToMilliseconds() + round(life.total_seconds() * 1000))
    return timestamp
