"""Partners: who registers them, whose an origin is, and a link that ends with the next."""

import asyncio
import hashlib
from collections.abc import Sequence
from uuid import uuid4

import pytest
from viche.identity.v1 import partners_pb2 as pb
from viche.identity.v1 import partners_pb2_grpc as rpc

from tests.integration.identity.world import World, reasons
from viche_chassis.access import Caller, Grant, PersonClaims
from viche_chassis.testing import FakeChannel, FakeRpcError

ROLES = ("press", "officer", "operator")
SCHOOL = "https://school.example"


@pytest.fixture
async def ids(world: World) -> dict[str, str]:
    return dict(await world.put_region())


def officer(*authority_ids: str, role: str = "press") -> PersonClaims:
    return PersonClaims(
        str(uuid4()), "", "email", (), "YXV0aG9y", (Grant(role, authority_ids[0], frozenset(authority_ids)),)
    )


def stub(world: World, *authority_ids: str, role: str = "press") -> rpc.PartnersServiceStub:
    channel = FakeChannel(*world.identity.register, caller=Caller("gateway", officer(*authority_ids, role=role), ROLES))
    return rpc.PartnersServiceStub(channel)  # pyright: ignore[reportArgumentType]


def wish(authority_id: str, *origins: str, title: str = "School") -> pb.CreatePartnerRequest:
    return pb.CreatePartnerRequest(request_id=str(uuid4()), authority_id=authority_id, title=title, origins=origins)


def change(partner: pb.Partner, *origins: str, title: str = "School") -> pb.UpdatePartnerRequest:
    return pb.UpdatePartnerRequest(request_id=str(uuid4()), partner_id=partner.id, title=title, origins=origins)


async def create(world: World, authority_id: str, *origins: str) -> pb.Partner:
    return (await stub(world, authority_id).CreatePartner(wish(authority_id, *origins))).partner


async def known(world: World) -> dict[str, str]:
    answer = await rpc.PartnersServiceStub(world.channel("gateway")).ListOrigins(pb.ListOriginsRequest())
    return {each.origin: each.partner_id for each in answer.origins}


async def by_link(world: World, token: str) -> pb.Partner:
    asked = pb.GetPartnerByLinkRequest(token=token)
    return (await rpc.PartnersServiceStub(world.channel("gateway")).GetPartnerByLink(asked)).partner


async def test_a_partner_has_its_origins_as_browsers_write_them(world: World, ids: dict[str, str]) -> None:
    made = await create(world, ids["east"], " https://Школа.укр/", SCHOOL, "https://school.example:443")
    assert list(made.origins) == [SCHOOL, "https://xn--80atdl2c.xn--j1amh"]
    assert made.is_active
    assert not made.HasField("link_made_at")
    assert await known(world) == dict.fromkeys(made.origins, made.id)


async def test_a_repeated_request_registers_once(world: World, ids: dict[str, str]) -> None:
    request = wish(ids["east"], SCHOOL)
    partners = stub(world, ids["east"])
    first = await partners.CreatePartner(request)
    assert await partners.CreatePartner(request) == first
    assert len((await partners.ListPartners(pb.ListPartnersRequest())).partners) == 1


async def test_an_origin_belongs_to_one_partner(world: World, ids: dict[str, str]) -> None:
    await create(world, ids["east"], SCHOOL)
    other = await create(world, ids["west"], "https://other.example")
    with pytest.raises(FakeRpcError, match="ORIGIN_TAKEN"):
        await create(world, ids["west"], "https://free.example", SCHOOL)
    with pytest.raises(FakeRpcError, match="ORIGIN_TAKEN"):
        await stub(world, ids["west"]).UpdatePartner(change(other, SCHOOL))
    assert sorted(await known(world)) == ["https://other.example", SCHOOL]


async def test_of_many_who_want_an_origin_at_once_one_gets_it(world: World, ids: dict[str, str]) -> None:
    async def want() -> str:
        try:
            return (await create(world, ids["east"], SCHOOL)).id
        except FakeRpcError as error:
            return str(error)

    got = await asyncio.gather(*(want() for _ in range(6)))
    assert sum("ORIGIN_TAKEN" in each for each in got) == 5
    assert list((await known(world)).values()) == [each for each in got if "ORIGIN_TAKEN" not in each]


async def test_partners_who_exchange_origins_at_once_do_not_block_each_other(world: World, ids: dict[str, str]) -> None:
    one = await create(world, ids["east"], "https://one.example")
    two = await create(world, ids["east"], "https://two.example")
    partners = stub(world, ids["east"])
    swapped: Sequence[object] = await asyncio.gather(
        partners.UpdatePartner(change(one, "https://two.example")),
        partners.UpdatePartner(change(two, "https://one.example")),
        return_exceptions=True,
    )
    assert all("ORIGIN_TAKEN" in str(each) for each in swapped if isinstance(each, BaseException))
    assert set(await known(world)) <= {"https://one.example", "https://two.example"}


async def test_new_origins_stand_in_place_of_the_old(world: World, ids: dict[str, str]) -> None:
    made = await create(world, ids["east"], SCHOOL, "https://old.example")
    asked = change(made, SCHOOL, "https://new.example", title="High  school")
    changed = (await stub(world, ids["east"]).UpdatePartner(asked)).partner
    assert changed.title == "High school"
    assert sorted(await known(world)) == ["https://new.example", SCHOOL]


async def test_fields_that_cannot_be_are_named(world: World, ids: dict[str, str]) -> None:
    with pytest.raises(FakeRpcError) as error:
        await stub(world, ids["east"]).CreatePartner(wish(ids["east"], "https://*.example", title=" "))
    assert reasons(error.value) == {"title": "REQUIRED", "origins": "ORIGIN_WILDCARD"}
    with pytest.raises(FakeRpcError) as error:
        await stub(world, ids["east"]).CreatePartner(wish(ids["east"], " "))
    assert reasons(error.value) == {"origins": "REQUIRED"}


async def test_an_archived_partner_has_nothing_left_and_its_origins_are_free(world: World, ids: dict[str, str]) -> None:
    made, partners = await create(world, ids["east"], SCHOOL), stub(world, ids["east"])
    link = pb.NewPartnerLinkRequest(request_id=str(uuid4()), partner_id=made.id)
    token = (await partners.NewPartnerLink(link)).token
    for _ in range(2):
        request = pb.ArchivePartnerRequest(request_id=str(uuid4()), partner_id=made.id)
        archived = (await partners.ArchivePartner(request)).partner
        assert (archived.is_active, list(archived.origins)) == (False, [])
    assert await known(world) == {}
    with pytest.raises(FakeRpcError, match="LINK_UNKNOWN"):
        await by_link(world, token)
    for refused in (partners.UpdatePartner(change(made, SCHOOL)), partners.NewPartnerLink(
        pb.NewPartnerLinkRequest(request_id=str(uuid4()), partner_id=made.id)
    )):  # fmt: skip
        with pytest.raises(FakeRpcError, match="PARTNER_ARCHIVED"):
            await refused
    await create(world, ids["west"], SCHOOL)


async def test_a_new_link_ends_the_one_before(world: World, ids: dict[str, str]) -> None:
    made, partners = await create(world, ids["east"], SCHOOL), stub(world, ids["east"])
    first, second = (
        pb.NewPartnerLinkRequest(request_id=str(uuid4()), partner_id=made.id) for _ in range(2)
    )  # fmt: skip
    old = (await partners.NewPartnerLink(first)).token
    assert (await partners.NewPartnerLink(first)).token == old
    assert (await by_link(world, old)).id == made.id
    new = (await partners.NewPartnerLink(second)).token
    assert (await by_link(world, new)).HasField("link_made_at")
    await partners.NewPartnerLink(first)  # a repeat that comes late brings nothing back
    with pytest.raises(FakeRpcError, match="LINK_UNKNOWN"):
        await by_link(world, old)
    assert (await by_link(world, new)).id == made.id


async def test_of_a_link_a_hash_is_stored(world: World, ids: dict[str, str]) -> None:
    made = await create(world, ids["east"], SCHOOL)
    request = pb.NewPartnerLinkRequest(request_id=str(uuid4()), partner_id=made.id)
    token = (await stub(world, ids["east"]).NewPartnerLink(request)).token
    ((stored,),) = await world.sql("SELECT link_hash FROM partners")
    assert bytes(stored) == hashlib.sha256(token.encode()).digest()
    tables = [name for (name,) in await world.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    assert "partners" in tables
    for table in tables:
        assert token not in str(await world.sql(f"SELECT * FROM {table}")), table


async def test_officers_see_and_change_what_is_theirs(world: World, ids: dict[str, str]) -> None:
    made = await create(world, ids["east"], SCHOOL)
    west = stub(world, ids["west"], role="operator")
    assert list((await west.ListPartners(pb.ListPartnersRequest())).partners) == []
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await west.UpdatePartner(change(made, SCHOOL))
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await west.CreatePartner(wish(ids["east"], "https://mine.example"))
    above = stub(world, *ids.values(), role="officer")
    assert [each.id for each in (await above.ListPartners(pb.ListPartnersRequest())).partners] == [made.id]


async def test_nobody_is_told_of_a_partner_that_is_not(world: World, ids: dict[str, str]) -> None:
    nobody = pb.Partner(id=str(uuid4()))
    with pytest.raises(FakeRpcError, match="PARTNER_NOT_FOUND"):
        await stub(world, ids["east"]).UpdatePartner(change(nobody, SCHOOL))
