"""Notices: one of a kind holds, all that were said are kept, and whoever says them operates everything."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import notices_pb2 as pb
from viche.identity.v1 import notices_pb2_grpc as rpc

from tests.integration.identity.world import World, reasons
from viche_chassis.access import Grant, PersonClaims
from viche_chassis.testing import FakeRpcError

BANNER = pb.NOTICE_KIND_BANNER
MAINTENANCE = pb.NOTICE_KIND_MAINTENANCE


def put(kind: pb.NoticeKind = BANNER, until_at: datetime | None = None, link: str = "", **texts: str) -> Any:
    request = pb.PutNoticeRequest(
        request_id=str(uuid4()), kind=kind, text=identity_pb2.LocalizedText(texts=texts), link=link
    )
    if until_at is not None:
        request.until_at.FromDatetime(until_at)
    return request


def end(kind: pb.NoticeKind = BANNER) -> pb.EndNoticeRequest:
    return pb.EndNoticeRequest(request_id=str(uuid4()), kind=kind)


def stub(world: World, *, person: PersonClaims | None = None) -> rpc.NoticesServiceStub:
    return rpc.NoticesServiceStub(world.channel("gateway" if person else "cli", person))


async def holding(world: World) -> dict[int, Mapping[str, str]]:
    answer = await rpc.NoticesServiceStub(world.channel("gateway")).GetNotices(pb.GetNoticesRequest())
    return {each.kind: dict(each.text.texts) for each in answer.notices}


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


async def let_the_hour_pass(world: World) -> None:
    """Moves the ends of notices, which nobody else can: an end that is really near may come before the test looks."""
    await world.sql("ALTER TABLE notices DISABLE TRIGGER USER")
    await world.sql("UPDATE notices SET until_at = until_at - interval '61 minutes'")
    await world.sql("ALTER TABLE notices ENABLE TRIGGER USER")


def operator(*ids: str) -> PersonClaims:
    return PersonClaims(str(uuid4()), "", "email", (), "", (Grant("operator", ids[0], frozenset(ids)),))


async def test_a_notice_holds_until_the_next_of_its_kind(world: World) -> None:
    await stub(world).PutNotice(put(en="The counter is closed", uk="Приймальню зачинено"))
    await stub(world).PutNotice(put(MAINTENANCE))
    await stub(world).PutNotice(put(en="  Open\nagain "))
    assert await holding(world) == {BANNER: {"en": "Open again"}, MAINTENANCE: {}}


async def test_a_notice_that_was_taken_down_holds_no_more_and_is_kept(world: World) -> None:
    await stub(world).PutNotice(put(en="Closed"))
    assert (await stub(world).EndNotice(end())).ended
    assert not (await stub(world).EndNotice(end())).ended
    assert await holding(world) == {}
    said = (await stub(world).ListNotices(pb.ListNoticesRequest(kind=BANNER))).notices
    assert [(each.is_end, dict(each.text.texts)) for each in said] == [(True, {}), (False, {"en": "Closed"})]


async def test_a_notice_ends_by_itself(world: World) -> None:
    await stub(world).PutNotice(put(until_at=in_an_hour(), en="Soon over"))
    assert await holding(world) == {BANNER: {"en": "Soon over"}}
    await let_the_hour_pass(world)
    assert await holding(world) == {}


async def test_maintenance_that_takes_longer_than_was_announced_goes_on(world: World) -> None:
    await stub(world).PutNotice(put(MAINTENANCE, in_an_hour()))
    await let_the_hour_pass(world)
    assert await holding(world) == {MAINTENANCE: {}}


async def test_an_end_of_the_notice_before_does_not_bring_back_the_one_before_it(world: World) -> None:
    await stub(world).PutNotice(put(en="Long"))
    await stub(world).PutNotice(put(until_at=in_an_hour(), en="Short"))
    await let_the_hour_pass(world)
    assert await holding(world) == {}


async def test_a_repeated_request_says_it_once(world: World) -> None:
    request = put(en="Closed")
    first = await stub(world).PutNotice(request)
    assert await stub(world).PutNotice(request) == first
    assert len((await stub(world).ListNotices(pb.ListNoticesRequest())).notices) == 1


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (put(), {"text": "REQUIRED"}),
        (put(en="  "), {"text": "REQUIRED"}),
        (put(en="x" * 501), {"text.en": "TOO_LONG"}),
        (put(en="x", link="javascript:alert(1)"), {"link": "BAD_ADDRESS"}),
        (put(en="x", until_at=datetime(2020, 1, 1, tzinfo=UTC)), {"until_at": "IN_THE_PAST"}),
        (put(pb.NOTICE_KIND_UNSPECIFIED, en="x"), {"kind": "REQUIRED"}),
    ],
)
async def test_a_notice_that_nobody_could_read_is_refused(world: World, request_: Any, found: dict[str, str]) -> None:
    with pytest.raises(FakeRpcError) as error:
        await stub(world).PutNotice(request_)
    assert reasons(error.value) == found
    assert await holding(world) == {}


async def test_only_an_operator_of_everything_speaks_to_everybody(world: World) -> None:
    ids = await world.put_region()
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await stub(world, person=operator(ids["town"])).PutNotice(put(en="Mine"))
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await stub(world, person=operator(ids["town"])).EndNotice(end())
    await stub(world, person=operator(*ids.values())).PutNotice(put(en="Ours"))
    assert await holding(world) == {BANNER: {"en": "Ours"}}


async def test_what_was_said_cannot_be_changed(world: World) -> None:
    await stub(world).PutNotice(put(en="Closed"))
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        await world.sql("UPDATE notices SET texts = '{}'")
