"""Erasing persons: asked for afresh, a day to think, done whole, and done again after a restore."""

import psycopg
import pytest
from viche.identity.v1 import events_pb2, identity_pb2, privacy_pb2
from viche.identity.v1 import privacy_pb2_grpc as rpc

from tests.integration.identity.world import World
from viche_chassis import base64url
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError

EMAIL = "olena@example.org"
SCOPE = "petition:018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11"


async def privacy(world: World, token: str) -> rpc.PrivacyServiceStub:
    """The RPCs for the person of a session."""
    _, _, claims = await world.access(token)
    return rpc.PrivacyServiceStub(world.channel("gateway", read_person(claims)))


async def ask(world: World, *, hides_name: bool = False) -> str:
    """Somebody asks to be erased; gives the session's token."""
    token = await world.session(EMAIL)
    await (await privacy(world, token)).RequestErasure(privacy_pb2.RequestErasureRequest(hides_name=hides_name))
    return token


async def pass_a_day(world: World) -> None:
    await world.sql("UPDATE erasure_requests SET due_at = due_at - interval '24 hours'")
    await world.identity.erasing.erase_due()


async def events(world: World) -> list[events_pb2.PersonErased]:
    name = events_pb2.PersonErased.DESCRIPTOR.full_name
    rows = await world.sql("SELECT payload FROM outbox WHERE type = %(name)s ORDER BY id", name=name)
    return [events_pb2.PersonErased.FromString(row[0]) for row in rows]


async def test_nothing_is_erased_for_a_day(world: World) -> None:
    token = await ask(world)
    await world.sql("UPDATE erasure_requests SET due_at = due_at - interval '23 hours 59 minutes'")
    await world.identity.erasing.erase_due()
    assert (await world.access(token))[0].email == EMAIL
    assert (await (await privacy(world, token)).GetErasure(privacy_pb2.GetErasureRequest())).HasField("due_at")


async def test_what_was_asked_for_is_taken_back(world: World) -> None:
    token = await ask(world)
    stub = await privacy(world, token)
    await stub.CancelErasure(privacy_pb2.CancelErasureRequest())
    assert not (await stub.GetErasure(privacy_pb2.GetErasureRequest())).HasField("due_at")
    await pass_a_day(world)
    assert (await world.access(token))[0].email == EMAIL


async def test_asking_again_does_not_move_the_day(world: World) -> None:
    stub = await privacy(world, await ask(world))
    first = (await stub.GetErasure(privacy_pb2.GetErasureRequest())).due_at
    again = await stub.RequestErasure(privacy_pb2.RequestErasureRequest(hides_name=True))
    assert again.due_at == first


async def test_whoever_signed_in_long_ago_must_confirm_first(world: World) -> None:
    token = await world.session(EMAIL)
    await world.sql("UPDATE sessions SET confirmed_at = now() - interval '61 minutes'")
    with pytest.raises(FakeRpcError, match="CONFIRM_FIRST"):
        await (await privacy(world, token)).RequestErasure(privacy_pb2.RequestErasureRequest())


async def test_an_erased_person_leaves_nothing_that_leads_back(world: World) -> None:
    await world.session("ivan@example.org")
    signer = await world.ensure(EMAIL, SCOPE, name="Олена")
    token = await ask(world)
    await pass_a_day(world)
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await world.access(token)
    for table in ("persons", "person_details", "person_mailboxes", "sessions"):
        assert await world.sql(f"SELECT count(*) FROM {table}") == [(1,)]  # Ivan's
    resolved = await world.audiences.ResolvePseudonyms(
        identity_pb2.ResolvePseudonymsRequest(scope=SCOPE, pseudonyms=[signer.pseudonym])
    )
    assert list(resolved.recipients) == []
    assert (await world.ensure(EMAIL, SCOPE)).pseudonym != signer.pseudonym


async def test_other_services_hear_of_it_by_pseudonyms(world: World) -> None:
    token = await ask(world, hides_name=True)
    _, _, claims = await world.access(token)
    await pass_a_day(world)
    (event,) = await events(world)
    assert base64url.encode(event.author) == read_person(claims).author
    lengths = [len(each) for each in (event.followings, event.names, event.answers)]
    assert (lengths, event.hides_name) == ([32, 32, 32], True)


async def test_roles_end_and_stay_on_record(world: World) -> None:
    await world.grant(EMAIL, "officer", "town")
    await ask(world)
    await pass_a_day(world)
    assert await world.sql("SELECT role, until_at <= now() FROM grants") == [("officer", True)]
    assert await world.sql("SELECT count(*) FROM persons JOIN grants ON person_id = persons.id") == [(1,)]
    assert await world.sql("SELECT count(*) FROM person_details") == [(0,)]


async def test_erasures_are_done_again_after_a_restore(world: World) -> None:
    cli = rpc.PrivacyServiceStub(world.channel("cli"))
    await world.session("ivan@example.org")
    await ask(world, hides_name=True)
    ((person_id,),) = await world.sql("SELECT person_id FROM erasure_requests")
    await pass_a_day(world)
    kept = (await cli.ListErasures(privacy_pb2.ListErasuresRequest())).erasures
    await world.sql("TRUNCATE erasures")  # as the database was before
    await world.sql("INSERT INTO persons (id, assurance, language) VALUES (%(id)s, 'email', 'uk')", id=person_id)
    await world.sql("INSERT INTO person_mailboxes VALUES ('box', %(id)s)", id=person_id)
    await world.sql("INSERT INTO person_details VALUES (%(id)s, 'email', 'name')", id=person_id)
    answer = await cli.ReplayErasures(privacy_pb2.ReplayErasuresRequest(erasures=kept))
    assert answer.erased == 1
    assert await world.sql("SELECT count(*) FROM persons") == [(1,)]
    assert (await cli.ListErasures(privacy_pb2.ListErasuresRequest())).erasures == kept
    assert [each.hides_name for each in await events(world)] == [True, True]
    assert (await cli.ReplayErasures(privacy_pb2.ReplayErasuresRequest(erasures=kept))).erased == 0


async def test_erasures_cannot_be_removed(world: World) -> None:
    await ask(world)
    await pass_a_day(world)
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        await world.sql("DELETE FROM erasures")
