"""Signing, signed in: once per person, together, and never half."""

from __future__ import annotations

import asyncio
import base64

import psycopg
import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.world import CITY, World, person, pseudonym, reason, request_id
from viche_chassis.testing import FakeRpcError, make_key_pair


async def test_opened_petition_collects_and_counts(world: World) -> None:
    petition = await world.open()
    results = await world.sign(world.item(petition.id, "anna"), world.item(petition.id, "boris"))
    assert [reason(result) for result in results] == ["", ""]
    found = await world.get(petition.id)
    assert (found.number, found.signature_count) == (1, 2)


async def test_two_hundred_at_once_with_one_signer_make_one_signature(world: World) -> None:
    petition = await world.open()
    results = await asyncio.gather(*(world.sign(world.item(petition.id, "anna")) for _ in range(200)))
    reasons = [reason(result) for (result,) in results]
    assert (reasons.count(""), reasons.count("ALREADY_SIGNED")) == (1, 199)
    assert (await world.get(petition.id)).signature_count == 1


async def test_many_at_once_are_all_counted_once(world: World) -> None:
    petitions = [await world.open(f"author {number}") for number in range(3)]
    items = [world.item(each.id, f"person {number % 40}") for each in petitions for number in range(80)]
    await asyncio.gather(*(world.sign(item) for item in items))
    assert [(await world.get(each.id)).signature_count for each in petitions] == [40, 40, 40]


async def test_one_bad_item_never_fails_another(world: World) -> None:
    petition = await world.open()
    good = world.item(petition.id, "anna")
    stranger = request_id()
    items = [
        pb.SignatureItem(request_id="no uuid", petition_id=petition.id, scope_token="x"),
        pb.SignatureItem(request_id=request_id(), petition_id=petition.id, scope_token="forged"),
        world.item(stranger, "anna"),
        good,
        world.item(petition.id, "boris", scope="petition:other"),
        world.item(petition.id, "boris", aud="identity"),
        world.item(petition.id, "boris", sub="short"),
    ]
    refused = ["INVALID_FIELDS", "TOKEN_REFUSED", "PETITION_NOT_FOUND", "", *["TOKEN_REFUSED"] * 3]
    assert [reason(result) for result in await world.sign(*items)] == refused


async def test_token_of_an_unknown_key_or_past_its_end_is_refused(world: World) -> None:
    petition = await world.open()
    known, world.signer = world.signer, make_key_pair(world.settings.data_key.parent / "other", "identity-key")
    forged = world.item(petition.id, "anna")
    world.signer = known
    expired = world.item(petition.id, "anna", exp=1)
    expired.scope_token = known.sign({"iss": "identity", "aud": "petitions", "scope": f"petition:{petition.id}"}, -60)
    assert [reason(result) for result in await world.sign(forged, expired)] == ["TOKEN_REFUSED", "TOKEN_REFUSED"]


async def test_same_request_gets_the_same_answer_also_with_a_fresh_token(world: World) -> None:
    petition = await world.open()
    id = request_id()
    (first,) = await world.sign(world.item(petition.id, "anna", id))
    (second,) = await world.sign(world.item(petition.id, "anna", id, jti="another"))
    together = await world.sign(*(world.item(petition.id, "anna", id) for _ in range(3)))
    assert {each.signature_id for each in (first, second, *together)} == {first.signature_id}
    assert (await world.get(petition.id)).signature_count == 1


async def test_same_request_gets_the_same_answer_after_the_end(world: World) -> None:
    petition = await world.open()
    id = request_id()
    (first,) = await world.sign(world.item(petition.id, "anna", id))
    await close(world, petition.id)
    (second,) = await world.sign(world.item(petition.id, "anna", id))
    assert second.signature_id == first.signature_id


async def test_request_id_of_another_body_is_a_mismatch(world: World) -> None:
    petition, other = await world.open(), await world.open("second author")
    id = request_id()
    await world.sign(world.item(petition.id, "anna", id))
    results = await world.sign(world.item(petition.id, "boris", id), world.item(other.id, "anna", id))
    assert [reason(result) for result in results] == ["REQUEST_MISMATCH", "REQUEST_MISMATCH"]


async def test_same_signers_in_opposite_order_do_not_wait_for_each_other_for_ever(world: World) -> None:
    petition = await world.open()
    there = [world.item(petition.id, f"person {number}") for number in range(100)]
    back = [world.item(petition.id, f"person {number}") for number in reversed(range(100))]
    results = await asyncio.gather(world.sign(*there), world.sign(*back))
    assert sum(reason(result) == "" for answer in results for result in answer) == 100


async def test_too_low_an_assurance_is_refused(world: World) -> None:
    await world.configure(min_assurance="substantial")
    petition = await world.open()
    items = [world.item(petition.id, level, assurance=level) for level in ("email", "", "substantial", "high")]
    results = await world.sign(*items)
    assert [reason(result) for result in results] == ["ASSURANCE_TOO_LOW", "ASSURANCE_TOO_LOW", "", ""]


async def test_resident_of_another_territory_is_refused(world: World) -> None:
    await world.configure(residents_only="true")
    petition = await world.open()
    paths = [["UA", "UA05", "UA0501"], ["UA", "UA07"], [], ["UA"]]
    results = await world.sign(*(world.item(petition.id, str(path), residence=path) for path in paths))
    assert [reason(result) for result in results] == ["", *["OTHER_TERRITORY"] * 3]


async def test_draft_is_not_found_by_signers(world: World) -> None:
    draft = await world.draft()
    (result,) = await world.sign(world.item(draft.id, "anna"))
    assert reason(result) == "PETITION_NOT_FOUND"


async def test_closed_petition_takes_no_signature(world: World) -> None:
    petition = await world.open()
    await close(world, petition.id)
    (result,) = await world.sign(world.item(petition.id, "anna"))
    assert reason(result) == "NOT_OPEN"


async def test_petition_past_its_end_takes_no_signature_before_anybody_closes_it(world: World) -> None:
    petition = await world.open()
    await world.rows("UPDATE petitions SET closes_at = now() - interval '1 ms' WHERE id = %s", petition.id)
    (result,) = await world.sign(world.item(petition.id, "anna"))
    assert reason(result) == "NOT_OPEN"


async def test_signatures_under_way_are_in_the_final_count(world: World) -> None:
    petition = await world.open()

    async def sign(number: int) -> pb.SignatureResult:
        await asyncio.sleep(number / 2_000)
        return (await world.sign(world.item(petition.id, f"person {number}")))[0]

    signing = [asyncio.create_task(sign(number)) for number in range(150)]
    await asyncio.sleep(0.03)
    closed = await close(world, petition.id)
    reasons = [reason(result) for result in await asyncio.gather(*signing)]
    assert set(reasons) <= {"", "NOT_OPEN"}
    assert closed.signature_count == reasons.count("") == (await world.get(petition.id)).signature_count


async def test_signatures_are_announced_once_each_by_petition(world: World) -> None:
    petition, other = await world.open(), await world.open("second author")
    results = await world.sign(*(world.item(each.id, who) for each in (petition, other) for who in ("anna", "boris")))
    said = await world.events(events_pb2.SignaturesAccepted)
    ids = [id for event in said for id in event.signature_ids]
    assert sorted(ids) == sorted(result.signature_id for result in results)
    assert all(event.HasField("accepted_at") for event in said)


async def test_ones_own_signature_is_found(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    mine = [
        await world.signing.GetMySignature(
            pb.GetMySignatureRequest(petition_id=petition.id, scope_token=world.token(petition.id, who))
        )
        for who in ("anna", "boris")
    ]
    assert [each.signed for each in mine] == [True, False]
    assert mine[0].HasField("signed_at")


async def test_signers_are_listed_page_by_page_once_each(world: World) -> None:
    petition = await world.open()
    people = [f"person {number}" for number in range(25)]
    await world.sign_as(petition.id, *people)
    stub = world.signers()
    found: list[bytes] = []
    token = ""
    while True:
        page = await stub.ListSigners(pb.ListSignersRequest(petition_id=petition.id, page_size=10, page_token=token))
        found += page.pseudonyms
        token = page.next_page_token
        if not token:
            break
    assert found == sorted(pseudonym(f"petition:{petition.id}", who) for who in people)


async def test_foreign_page_token_is_refused(world: World) -> None:
    petition = await world.open()
    foreign = base64.urlsafe_b64encode(b'["1"]').decode()
    for token in ("nonsense", foreign, "!!!"):
        with pytest.raises(FakeRpcError) as refused:
            await world.signers().ListSigners(pb.ListSignersRequest(petition_id=petition.id, page_token=token))
        assert refused.value.reason == "INVALID_FIELDS"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE signatures SET territory_code = 'XX'",
        "DELETE FROM signatures",
        "UPDATE signature_transitions SET state = 'expired'",
        "DELETE FROM signature_transitions",
        "UPDATE signers SET signature_id = petition_id",
        "TRUNCATE signatures",
    ],
)
async def test_signatures_and_their_history_never_change(world: World, change: str) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    with pytest.raises(psycopg.errors.RestrictViolation):
        await world.rows(change)


async def close(world: World, petition_id: str) -> pb.Petition:
    """An officer closes a petition."""
    request = pb.ClosePetitionRequest(request_id=request_id(), petition_id=petition_id)
    return (await world.on(person("officer", officer_of=CITY)).ClosePetition(request)).petition
