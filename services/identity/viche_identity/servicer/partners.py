"""PartnersService: officers register partners, the gateway asks whose an origin or a link is."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from viche.identity.v1 import partners_pb2 as pb
from viche.identity.v1 import partners_pb2_grpc

from viche_chassis import acts, base64url
from viche_chassis.access import covered_authorities
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, LinkUnknown, NotYourAuthority
from viche_chassis.ids import new_id
from viche_chassis.sealing import KeyedIndex
from viche_identity.domain import partners as rules
from viche_identity.domain.partners import Partner
from viche_identity.domain.people import clean_name
from viche_identity.requests import Requests
from viche_identity.store import partners as store

MOST_LISTED = 500
MOST_ORIGINS_LISTED = 10_000


class PartnersServicer(partners_pb2_grpc.PartnersServiceServicer):
    """Partners and the origins of their pages.

    Args:
        links: makes the token of a link from the request for it, so that a repeat gets the same; of the token itself a
            hash is stored.
    """

    def __init__(self, pool: Pool, requests: Requests, links: KeyedIndex) -> None:
        self._pool = pool
        self._requests = requests
        self._links = links

    async def CreatePartner(self, request: pb.CreatePartnerRequest, context: Any) -> pb.CreatePartnerResponse:
        title, origins = _read(request)
        authority_id = UUID(request.authority_id)
        async with transaction(self._pool) as conn:
            _check_covered(authority_id)
            answer = await self._requests.remembered(conn, request, pb.CreatePartnerResponse)
            if answer is not None:
                return answer
            id = new_id()
            acts.about(object=f"partner:{id}")
            await store.add(conn, id, authority_id, title)
            await _put_origins(conn, id, origins)
            answer = pb.CreatePartnerResponse(partner=_message(await _get(conn, id)))
            await self._requests.remember(conn, request, answer)
        return answer

    async def UpdatePartner(self, request: pb.UpdatePartnerRequest, context: Any) -> pb.UpdatePartnerResponse:
        title, origins = _read(request)
        async with transaction(self._pool) as conn:
            found = await _find(conn, UUID(request.partner_id))
            answer = await self._requests.remembered(conn, request, pb.UpdatePartnerResponse)
            if answer is not None:
                return answer
            _check_active(found)
            await store.rename(conn, found.id, title)
            await _put_origins(conn, found.id, origins, found.origins)
            answer = pb.UpdatePartnerResponse(partner=_message(await _get(conn, found.id)))
            await self._requests.remember(conn, request, answer)
        return answer

    async def ListPartners(self, request: pb.ListPartnersRequest, context: Any) -> pb.ListPartnersResponse:
        async with reading(self._pool) as conn:
            found = await store.of_authorities(conn, {UUID(each) for each in covered_authorities()}, MOST_LISTED)
        return pb.ListPartnersResponse(partners=map(_message, found))

    async def ArchivePartner(self, request: pb.ArchivePartnerRequest, context: Any) -> pb.ArchivePartnerResponse:
        async with transaction(self._pool) as conn:
            found = await _find(conn, UUID(request.partner_id))
            if found.is_active:
                await store.drop_origins(conn, found.id)
                await store.archive(conn, found.id)
            return pb.ArchivePartnerResponse(partner=_message(await _get(conn, found.id)))

    async def NewPartnerLink(self, request: pb.NewPartnerLinkRequest, context: Any) -> pb.NewPartnerLinkResponse:
        token = base64url.encode(self._links.of(request.request_id, within=UUID(request.partner_id).bytes))
        async with transaction(self._pool) as conn:
            found = await _find(conn, UUID(request.partner_id))
            _check_active(found)
            if await self._requests.remembered(conn, request, pb.NewPartnerLinkResponse) is None:
                await store.put_link(conn, found.id, _hash(token))
                await self._requests.remember(conn, request, pb.NewPartnerLinkResponse())
        return pb.NewPartnerLinkResponse(token=token)

    async def ListOrigins(self, request: pb.ListOriginsRequest, context: Any) -> pb.ListOriginsResponse:
        async with reading(self._pool) as conn:
            found = await store.origins(conn, MOST_ORIGINS_LISTED)
        return pb.ListOriginsResponse(
            origins=[pb.PartnerOrigin(origin=origin, partner_id=str(id)) for origin, id in found]
        )

    async def GetPartnerByLink(self, request: pb.GetPartnerByLinkRequest, context: Any) -> pb.GetPartnerByLinkResponse:
        async with reading(self._pool) as conn:
            found = await store.by_link(conn, _hash(request.token))
        if found is None:
            raise LinkUnknown()
        return pb.GetPartnerByLinkResponse(partner=_message(found))


def _read(request: pb.CreatePartnerRequest | pb.UpdatePartnerRequest) -> tuple[str, Sequence[str]]:
    """Name and origins as they are kept.

    Raises:
        InvalidFields: they cannot be.
    """
    title = " ".join(clean_name(request.title).split())
    typed = [each for each in request.origins if each.strip()]
    if found := list(rules.violations(title, typed)):
        raise InvalidFields(*found)
    return title, sorted({rules.normal_origin(each) for each in typed})


async def _find(conn: Connection, id: UUID) -> Partner:
    """A partner that the caller may change, held until the transaction ends.

    Raises:
        PartnerNotFound, NotYourAuthority: there is none.
    """
    found = await store.lock(conn, id)
    if found is None:
        raise rules.PartnerNotFound()
    _check_covered(found.authority_id)
    return found


async def _get(conn: Connection, id: UUID) -> Partner:
    found = await store.get(conn, id)
    if found is None:
        raise rules.PartnerNotFound()
    return found


async def _put_origins(conn: Connection, id: UUID, origins: Sequence[str], held: Sequence[str] = ()) -> None:
    """Gives a partner these origins and no others."""
    await store.lock_origins(conn)
    await store.drop_origins(conn, id, origins)
    for origin in origins:
        if origin not in held:
            await store.add_origin(conn, id, origin)


def _check_covered(authority_id: UUID) -> None:
    if str(authority_id) not in covered_authorities():
        raise NotYourAuthority()
    acts.about(authority_id=authority_id)


def _check_active(partner: Partner) -> None:
    if not partner.is_active:
        raise rules.PartnerArchived()


def _hash(token: str) -> bytes:
    """A token is as random as a key, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()


def _message(partner: Partner) -> pb.Partner:
    message = pb.Partner(
        id=str(partner.id),
        title=partner.title,
        authority_id=str(partner.authority_id),
        origins=partner.origins,
        is_active=partner.is_active,
    )
    message.created_at.FromDatetime(partner.created_at)
    if partner.link_made_at is not None:
        message.link_made_at.FromDatetime(partner.link_made_at)
    return message
