"""What people say of themselves, and persons that other services need."""

import asyncio
from uuid import uuid4

import pytest
from viche.identity.v1 import identity_pb2

from tests.integration.identity.world import World, reasons
from viche_chassis import base64url
from viche_chassis.testing import FakeRpcError

EMAIL = "olena@example.org"
SCOPE = "petition:018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11"


def update(**fields: str) -> identity_pb2.UpdateMeRequest:
    return identity_pb2.UpdateMeRequest(**{"request_id": str(uuid4()), **fields})


async def test_a_person_says_name_residence_and_language(world: World) -> None:
    me = await world.me(await world.session(EMAIL))
    await me.UpdateMe(update(name="  Олена Ковальчук ", residence_code="UA3204", language="bg"))
    person = (await me.GetMe(identity_pb2.GetMeRequest())).person
    assert (person.name, person.residence_code, person.language) == ("Олена Ковальчук", "UA3204", "bg")
    assert person.email == EMAIL


async def test_empty_fields_stay_as_they_are(world: World) -> None:
    me = await world.me(await world.session(EMAIL))
    await me.UpdateMe(update(name="Олена", residence_code="UA3204", language="bg"))
    person = (await me.UpdateMe(update(language="ru"))).person
    assert (person.name, person.residence_code, person.language) == ("Олена", "UA3204", "ru")


async def test_a_repeated_change_changes_once(world: World) -> None:
    me = await world.me(await world.session(EMAIL))
    request = update(name="Олена")
    await me.UpdateMe(request)
    await me.UpdateMe(update(name="Ольга"))
    assert (await me.UpdateMe(request)).person.name == "Ольга"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("residence_code", "UA99", "UNKNOWN_TERRITORY"),
        ("language", "xx", "UNKNOWN_LANGUAGE"),
        ("name", "я" * 101, "TOO_LONG"),
        ("name", "Олена\nBcc: x", "CONTROL_CHARACTERS"),
        ("name", "Олена\u202e", "CONTROL_CHARACTERS"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_saved(world: World, field: str, value: str, reason: str) -> None:
    me = await world.me(await world.session(EMAIL))
    with pytest.raises(FakeRpcError) as caught:
        await me.UpdateMe(update(**{"name": "Олена", field: value}))
    assert reasons(caught.value) == {field: reason}
    assert (await me.GetMe(identity_pb2.GetMeRequest())).person.name == ""


async def test_somebody_who_confirmed_an_address_is_a_person(world: World) -> None:
    answer = await world.ensure(EMAIL, SCOPE, name="Олена", residence_code="UA320401", language="uk")
    person, _, claims = await world.access(await world.session(EMAIL))
    assert (person.name, person.residence_code, person.assurance) == ("Олена", "UA320401", identity_pb2.ASSURANCE_EMAIL)
    assert list(answer.residence_path) == ["UA32", "UA3204", "UA320401"] == claims["residence"]


async def test_a_person_keeps_what_is_known_when_confirming_again(world: World) -> None:
    first = await world.ensure(EMAIL, SCOPE, name="Олена", residence_code="UA320401", language="uk")
    again = await world.ensure("OLENA@example.org", SCOPE, name="Ольга", residence_code="UA3208", language="bg")
    person, _, _ = await world.access(await world.session(EMAIL))
    assert (person.name, person.language) == ("Олена", "uk")
    assert again == first


async def test_a_missing_residence_is_filled(world: World) -> None:
    await world.session(EMAIL)
    answer = await world.ensure(EMAIL, SCOPE, residence_code="UA3208")
    assert list(answer.residence_path) == ["UA32", "UA3208"]


async def test_pseudonyms_differ_by_scope_member_and_person(world: World) -> None:
    answers = [
        await world.ensure(EMAIL, SCOPE),
        await world.ensure(EMAIL, SCOPE, mailbox_member=1),
        await world.ensure(EMAIL, "petition:other"),
        await world.ensure("ivan@example.org", SCOPE),
    ]
    assert len({answer.pseudonym for answer in answers}) == 4
    assert {len(answer.pseudonym) for answer in answers} == {32}


async def test_another_member_of_a_mailbox_brings_a_residence_and_changes_no_person(world: World) -> None:
    await world.ensure(EMAIL, SCOPE, name="Олена", residence_code="UA320401")
    other = await world.ensure(EMAIL, SCOPE, name="Іван", residence_code="UA3208", mailbox_member=1)
    person, _, _ = await world.access(await world.session(EMAIL))
    assert list(other.residence_path) == ["UA32", "UA3208"]
    assert (person.name, person.residence_code) == ("Олена", "UA320401")


async def test_the_same_address_confirmed_at_once_is_one_person(world: World) -> None:
    answers = await asyncio.gather(*(world.ensure(EMAIL, SCOPE, residence_code="UA32") for _ in range(20)))
    assert len({answer.pseudonym for answer in answers}) == 1
    assert await world.sql("SELECT count(*) FROM persons") == [(1,)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"email": "x"}, {"email": "BAD_EMAIL"}),
        ({"residence_code": "UA99"}, {"residence_code": "UNKNOWN_TERRITORY"}),
        ({"mailbox_member": 2}, {"mailbox_member": "OUT_OF_RANGE"}),
        ({"mailbox_member": -1}, {"mailbox_member": "OUT_OF_RANGE"}),
        ({"scope": "a b"}, {"scope": "BAD_SCOPE"}),
    ],
)
async def test_a_bad_confirmation_is_refused(world: World, fields: dict, expected: dict) -> None:
    with pytest.raises(FakeRpcError) as caught:
        await world.ensure(**{"email": EMAIL, "scope": SCOPE, **fields})
    assert reasons(caught.value) == expected


def people(*emails: str, **fields: object) -> identity_pb2.BatchEnsurePeopleRequest:
    return identity_pb2.BatchEnsurePeopleRequest(people=[identity_pb2.Person(email=each, **fields) for each in emails])  # pyright: ignore


async def test_a_thousand_people_come_at_once_and_again(bench_world: World) -> None:
    emails = [f"person{number}@example.org" for number in range(1000)]
    first = await bench_world.bulk.BatchEnsurePeople(people(*emails, residence_code="UA3204", language="bg"))
    again = await bench_world.bulk.BatchEnsurePeople(
        people(*emails, residence_code="UA3208", assurance=identity_pb2.ASSURANCE_SUBSTANTIAL, name="Олена")
    )
    person, _, _ = await bench_world.access(await bench_world.session(emails[7]))
    assert len(set(first.ids)) == 1000
    assert list(again.ids) == list(first.ids)
    assert (person.id, person.residence_code, person.language) == (first.ids[7], "UA3208", "bg")
    assert (person.assurance, person.name) == (identity_pb2.ASSURANCE_SUBSTANTIAL, "Олена")


async def test_a_person_named_twice_in_a_batch_is_one(bench_world: World) -> None:
    answer = await bench_world.bulk.BatchEnsurePeople(people(EMAIL, EMAIL.upper(), "ivan@example.org"))
    assert answer.ids[0] == answer.ids[1] != answer.ids[2]


async def test_bad_people_are_named_and_none_is_saved(bench_world: World) -> None:
    request = people("a@example.org", "b", "c@example.org")
    request.people[2].residence_code = "UA99"
    with pytest.raises(FakeRpcError) as caught:
        await bench_world.bulk.BatchEnsurePeople(request)
    assert reasons(caught.value) == {
        "people[1].email": "BAD_EMAIL",
        "people[2].residence_code": "UNKNOWN_TERRITORY",
    }
    assert await bench_world.sql("SELECT count(*) FROM persons") == [(0,)]


async def test_direct_sessions_hold_where_they_are_allowed(bench_world: World) -> None:
    emails = [f"person{number}@example.org" for number in range(1000)]
    ids = (await bench_world.bulk.BatchEnsurePeople(people(*emails))).ids
    request = identity_pb2.BatchCreateSessionsRequest(emails=emails)
    tokens = (await bench_world.bulk.BatchCreateSessions(request)).session_tokens
    person, _, _ = await bench_world.access(tokens[999])
    assert (len(tokens), person.id) == (1000, ids[999])


async def test_direct_sessions_for_nobody_are_refused(bench_world: World) -> None:
    with pytest.raises(FakeRpcError) as caught:
        await bench_world.bulk.BatchCreateSessions(identity_pb2.BatchCreateSessionsRequest(emails=[EMAIL]))
    assert reasons(caught.value) == {"emails[0]": "UNKNOWN_PERSON"}


async def test_direct_sessions_are_off_by_default(world: World) -> None:
    with pytest.raises(FakeRpcError, match="DIRECT_SESSIONS_OFF"):
        await world.bulk.BatchCreateSessions(identity_pb2.BatchCreateSessionsRequest(emails=[EMAIL]))


async def test_what_is_written_for_an_address_belongs_to_whoever_uses_a_link_to_it(world: World) -> None:
    made = await world.ensure(EMAIL, "authors", language="uk")
    person, _, claims = await world.access(await world.session(EMAIL))
    assert claims["authors"] == base64url.encode(made.pseudonym)
    assert (person.name, person.residence_code, list(person.grants)) == ("", "", [])
    again = await world.ensure(EMAIL, "authors", language="bg")
    assert again.pseudonym == made.pseudonym
