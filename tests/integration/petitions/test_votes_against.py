"""Votes against: one voice a person, counted apart, and never among signatures."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import psycopg
import pytest
from viche.petitions.v1 import audience_pb2, audience_pb2_grpc, events_pb2, integrity_pb2, privacy_pb2, privacy_pb2_grpc
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.integrity import (
    carry_out,
    decide,
    desk,
    preview,
    recount,
    refusal,
    remove,
    undo,
)
from tests.integration.petitions.world import World, reason, request_id
from viche_chassis.access import Caller


@pytest.fixture
async def voted(world: World) -> pb.Petition:
    """A petition that people may vote against, with a threshold of three signatures."""
    await world.configure(votes_against="true")
    return await world.open()


def against(world: World, petition_id: str, who: str, id: str = "", **claims: Any) -> pb.SignatureItem:
    item = world.item(petition_id, who, id, **claims)
    item.is_against = True
    return item


async def say(world: World, petition: pb.Petition, *people: str) -> list[pb.SignatureResult]:
    """Votes of people against, all accepted."""
    results = await world.sign(*(against(world, petition.id, who) for who in people))
    assert set(map(reason, results)) <= {""}
    return results


async def test_both_sides_are_counted_apart(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna", "boris")
    await say(world, voted, "vira", "oleh", "ihor")
    found = await world.get(voted.id)
    assert (found.signature_count, found.votes_against) == (2, 3)
    assert [(each.channel, each.signature_count) for each in found.channels] == [("person", 2)]
    assert [(each.channel, each.signature_count) for each in found.channels_against] == [("person", 3)]
    assert await counts_of(world, voted.id) == (2, 3)


async def counts_of(world: World, petition_id: str) -> tuple[int, int]:
    """The tallies of both sides."""
    tallies = [
        await world.counts.GetTally(pb.GetTallyRequest(petition_id=petition_id, is_against=is_against))
        for is_against in (False, True)
    ]
    return tallies[0].signature_count, tallies[1].signature_count


async def test_the_rules_must_have_votes_against(world: World) -> None:
    petition = await world.open()
    results = await world.sign(against(world, petition.id, "vira"), world.item(petition.id, "anna"))
    assert list(map(reason, results)) == ["NO_VOTES_AGAINST", ""]
    assert (await world.get(petition.id)).votes_against == 0


async def test_a_person_has_one_voice_that_stays_as_it_is(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna")
    await say(world, voted, "vira")
    results = await world.sign(against(world, voted.id, "anna"), world.item(voted.id, "vira"))
    assert list(map(reason, results)) == ["ALREADY_SIGNED", "ALREADY_SIGNED"]
    assert await counts_of(world, voted.id) == (1, 1)


async def test_whoever_presses_both_at_once_has_one_voice(world: World, voted: pb.Petition) -> None:
    people = [f"person {number}" for number in range(20)]
    calls = [
        world.sign(make(voted.id, who), other(voted.id, friend))
        for who, friend in zip(people, reversed(people), strict=True)
        for make, other in ((world.item, _against(world)), (_against(world), world.item))
    ]
    reasons = [reason(result) for results in await asyncio.gather(*calls) for result in results]
    assert (reasons.count(""), reasons.count("ALREADY_SIGNED")) == (20, 60)
    assert sum(await counts_of(world, voted.id)) == 20
    assert [each.counted == each.published for each in await recount(world, voted.number)] == [True, True]


def _against(world: World) -> Any:
    return lambda petition_id, who: against(world, petition_id, who)


async def test_a_repeat_gets_the_same_answer_and_another_side_none(world: World, voted: pb.Petition) -> None:
    id = request_id()
    (first,) = await world.sign(against(world, voted.id, "vira", id))
    (second,) = await world.sign(against(world, voted.id, "vira", id))
    (other,) = await world.sign(world.item(voted.id, "vira", id))
    assert (second.signature_id, reason(other)) == (first.signature_id, "REQUEST_MISMATCH")


async def test_votes_against_reach_no_threshold_and_tell_nobody(world: World, voted: pb.Petition) -> None:
    await say(world, voted, *(f"person {number}" for number in range(5)))
    await world.look()
    assert (await world.get(voted.id)).state == pb.PETITION_STATE_OPEN
    assert await world.events(events_pb2.SignaturesAccepted) == []
    assert await world.events(events_pb2.PetitionThresholdReached) == []


async def test_who_voted_against_is_no_signer(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna")
    await say(world, voted, "vira")
    signers = await world.signers().ListSigners(pb.ListSignersRequest(petition_id=voted.id))
    assert len(signers.pseudonyms) == 1
    stub = world._stub(audience_pb2_grpc.AudienceServiceStub, Caller("notifications"))
    members = (await stub.ListAudience(audience_pb2.ListAudienceRequest(petition_id=voted.id))).members
    assert [each.pseudonym for each in members] == list(signers.pseudonyms)


async def test_everybody_reads_their_own_voice(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna")
    await say(world, voted, "vira")
    for who, said in (("anna", (True, False)), ("vira", (True, True)), ("nobody", (False, False))):
        request = pb.GetMySignatureRequest(petition_id=voted.id, scope_token=world.token(voted.id, who))
        found = await world.signing.GetMySignature(request)
        assert (found.signed, found.is_against) == said
    privacy = world._stub(privacy_pb2_grpc.PrivacyServiceStub, Caller("gateway"))
    asked = privacy_pb2.SignedBy(petition_id=voted.id, scope_token=world.token(voted.id, "vira"))
    found = await privacy.ListMySignatures(privacy_pb2.ListMySignaturesRequest(items=[asked]))
    assert [(each.is_against, each.state, each.channel) for each in found.signatures] == [(True, "validated", "person")]


async def test_a_vote_by_mail_counts_once_it_is_confirmed(world: World, voted: pb.Petition) -> None:
    await world.begin(voted.id, is_against=True)
    (mail,) = await world.mails()
    assert mail.is_against
    waiting = await world.signing.GetEmailSignature(pb.GetEmailSignatureRequest(token=mail.token))
    assert (waiting.is_against, waiting.is_confirmed) == (True, False)
    first = await world.confirm(mail.token)
    assert (await world.confirm(mail.token)).signature_id == first.signature_id
    after = await world.signing.GetEmailSignature(pb.GetEmailSignatureRequest(token=mail.token))
    assert (after.is_against, after.is_confirmed) == (True, True)
    found = await world.get(voted.id)
    assert [(each.channel, each.signature_count) for each in found.channels_against] == [("email", 1)]
    assert found.signature_count == 0


async def test_who_asks_for_the_mail_again_may_change_sides_until_they_confirm(
    world: World, voted: pb.Petition
) -> None:
    await world.begin(voted.id, is_against=True)
    await world.begin(voted.id)
    *_, mail = await world.mails()
    await world.confirm(mail.token)
    assert await counts_of(world, voted.id) == (1, 0)


async def test_a_stranger_turns_no_signature_into_a_vote_against_before_the_press(
    world: World, voted: pb.Petition
) -> None:
    await world.begin(voted.id)
    (mail,) = await world.mails()
    page = await waiting(world, mail.token)
    await world.begin(voted.id, is_against=True, network="198.51.100.1")
    assert await refusal(world.confirm(mail.token, page.shown)) == "PENDING_CHANGED"
    assert await counts_of(world, voted.id) == (0, 0)
    again = await waiting(world, mail.token)
    assert (again.is_against, again.shown != page.shown) == (True, True)
    await world.begin(voted.id)
    assert (await waiting(world, mail.token)).shown == page.shown
    first = await world.confirm(mail.token, page.shown)
    assert await counts_of(world, voted.id) == (1, 0)
    assert (await world.confirm(mail.token, page.shown)).signature_id == first.signature_id


async def test_a_stranger_moves_no_signature_to_another_place_before_the_press(
    world: World, voted: pb.Petition
) -> None:
    await world.begin(voted.id, residence_code="UA05")
    (mail,) = await world.mails()
    page = await waiting(world, mail.token)
    assert page.residence_code == "UA05"
    await world.begin(voted.id, residence_code="", network="198.51.100.1")
    assert await refusal(world.confirm(mail.token, page.shown)) == "PENDING_CHANGED"


async def test_what_changes_after_the_press_is_not_counted_either(world: World, voted: pb.Petition) -> None:
    await world.begin(voted.id)
    (mail,) = await world.mails()
    page = await waiting(world, mail.token)
    world.identity.meanwhile = lambda: world.begin(voted.id, is_against=True)
    assert await refusal(world.confirm(mail.token, page.shown)) == "PENDING_CHANGED"
    assert await counts_of(world, voted.id) == (0, 0)


async def waiting(world: World, token: str) -> pb.GetEmailSignatureResponse:
    """What the page of a link shows."""
    return await world.signing.GetEmailSignature(pb.GetEmailSignatureRequest(token=token))


async def test_nobody_begins_a_vote_by_mail_where_the_rules_have_none(world: World) -> None:
    petition = await world.open()
    assert await refusal(world.begin(petition.id, is_against=True)) == "NO_VOTES_AGAINST"


async def test_removed_votes_leave_their_own_count_and_come_back(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna", "boris", "clara")
    await world.look()
    bad, _ = await say(world, voted, "vira", "oleh")
    shown = await preview(world, voted.id, channel="person", is_against=True)
    assert (shown.signatures, shown.signature_count, list(shown.falling)) == (2, 2, [])
    assert (await preview(world, voted.id, channel="person")).signatures == 3
    decision = await remove(world, voted.id, is_against=True, signature_ids=[bad.signature_id])
    found = await world.get(voted.id)
    assert (found.signature_count, found.votes_against, found.state) == (3, 1, pb.PETITION_STATE_THRESHOLD_REACHED)
    assert (found.removals.signatures, found.removals.votes_against) == (0, 1)
    assert [each.is_against for each in found.removals.items] == [True]
    assert await world.events(events_pb2.SignaturesInvalidated) == []
    await undo(world, decision.id)
    await carry_out(world)
    found = await world.get(voted.id)
    assert (found.signature_count, found.votes_against, found.removals.votes_against) == (3, 2, 0)


async def test_a_filter_of_signatures_never_takes_a_vote_against(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna")
    (vote,) = await say(world, voted, "vira")
    await remove(world, voted.id, channel="person")
    assert await counts_of(world, voted.id) == (0, 1)
    assert (await preview(world, voted.id, signature_ids=[vote.signature_id])).signatures == 0


@pytest.mark.parametrize("which", [{}, {"paper_batch_id": str(UUID(int=1))}])
async def test_what_means_all_votes_or_none_is_refused(world: World, voted: pb.Petition, which: dict[str, Any]) -> None:
    assert await refusal(decide(world, voted.id, is_against=True, **which)) == "INVALID_FIELDS"


async def test_a_wrong_count_of_votes_is_found_and_mended(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna")
    await say(world, voted, "vira", "oleh")
    await world.rows("UPDATE tallies_against SET count = count + 5")
    wrong = {each.is_against: each for each in await recount(world, voted.number, mend=True)}
    assert (wrong[True].counted, wrong[True].published, wrong[False].counted) == (2, 7, 1)
    assert await counts_of(world, voted.id) == (1, 2)


async def test_a_wrong_count_of_votes_that_was_only_looked_at_is_mended_at_night(
    world: World, voted: pb.Petition
) -> None:
    await world.sign_as(voted.id, "anna")
    await say(world, voted, "vira")
    await world.rows("UPDATE count_minutes SET minute = minute - interval '1 hour'")
    await world.rows("UPDATE count_minutes_against SET minute = minute - interval '1 hour'")
    await world.rows("UPDATE tallies_against SET count = count + 5")
    await recount(world, voted.number)
    await world.petitions.integrity.recounting.recount_due()
    assert await counts_of(world, voted.id) == (1, 1)


async def test_trends_tell_of_signatures_alone(world: World, voted: pb.Petition) -> None:
    other = await world.open("second author")
    for petition in (voted, other):
        items = [
            world.item(petition.id, "anna"),
            against(world, petition.id, "vira"),
            against(world, petition.id, "oleh"),
        ]
        for item in items:
            item.network = "198.51.100.7"
        await world.sign(*items)
    found = await desk(world).GetTrends(integrity_pb2.GetTrendsRequest(petition_id=voted.id))
    assert found.signatures == 1
    assert {(each.group, each.signatures) for each in found.trends} == {
        (integrity_pb2.TREND_GROUP_HOUR, 1),
        (integrity_pb2.TREND_GROUP_NETWORK, 1),
        (integrity_pb2.TREND_GROUP_TERRITORY, 1),
    }


async def test_the_history_of_votes_is_their_own(world: World, voted: pb.Petition) -> None:
    await world.sign_as(voted.id, "anna")
    await say(world, voted, "vira", "oleh")
    for is_against, last in ((False, 1), (True, 2)):
        request = pb.GetCountHistoryRequest(petition_id=voted.id, is_against=is_against)
        found = await world.counts.GetCountHistory(request)
        assert found.points[-1].signature_count == last


async def test_a_vote_makes_what_was_made_of_the_petition_old(world: World, voted: pb.Petition) -> None:
    before = (await world.get(voted.id)).updated_at.ToDatetime()
    await say(world, voted, "vira")
    await world.look()
    world.petitions.watcher.accepted({UUID(voted.id)})
    await world.petitions.watcher.look()
    assert (await world.get(voted.id)).updated_at.ToDatetime() > before


async def test_nobody_changes_a_vote(world: World, voted: pb.Petition) -> None:
    await say(world, voted, "vira")
    with pytest.raises(psycopg.errors.RestrictViolation):
        await world.rows("DELETE FROM votes_against")
