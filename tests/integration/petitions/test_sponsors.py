"""Sponsors: who may, when the petition moves on, and what counts of it."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC

from viche.petitions.v1 import events_pb2, petitions_pb2_grpc, sponsors_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.sponsoring import (
    NEEDED,
    hand_in,
    invite,
    link,
    mail,
    on,
    open_,
    refusal,
    sponsoring,
    support,
)
from tests.integration.petitions.world import World, person, request_id
from viche_chassis.access import Caller

SPONSORS = [f"sponsor-{number}" for number in range(NEEDED)]


async def look(world: World, token: str) -> sponsors_pb2.GetInvitationResponse:
    return await on(world, Caller("gateway")).GetInvitation(sponsors_pb2.GetInvitationRequest(token=token))


async def test_petition_that_needs_sponsors_looks_for_them_first(world: World) -> None:
    petition = await sponsoring(world)
    assert petition.state == pb.PETITION_STATE_SPONSORING
    assert (petition.sponsorship.needed, petition.sponsorship.count, petition.sponsorship.most) == (5, 0, 20)
    assert not petition.sponsorship.HasField("reached_at")
    waiting = await world.on(person("officer", officer_of=uuid.UUID(petition.authority_id))).ListSubmittedPetitions(
        pb.ListSubmittedPetitionsRequest()
    )
    assert not waiting.petitions


async def test_last_sponsor_that_is_needed_hands_the_petition_to_the_check_and_starts_its_clock(world: World) -> None:
    petition = await sponsoring(world)
    token = (await link(world, petition)).token
    answers = [await support(world, petition, token, who) for who in SPONSORS[:-1]]
    assert answers[-1].petition.state == pb.PETITION_STATE_SPONSORING
    assert not (await world.get(petition.id)).deadlines
    answer = await support(world, petition, token, SPONSORS[-1])
    assert answer.petition.state == pb.PETITION_STATE_SUBMITTED
    moved = await world.get(petition.id)
    assert [each.event for each in moved.happenings] == ["submitted", "sponsored"]
    assert moved.sponsorship.reached_at == moved.happenings[1].at
    assert [each.petition_id for each in await world.events(events_pb2.PetitionSponsored)] == [petition.id]
    rows = await world.rows("SELECT clock, started_at FROM deadlines WHERE petition_id = %s", petition.id)
    assert [(row[0], row[1]) for row in rows] == [("check", moved.sponsorship.reached_at.ToDatetime(tzinfo=UTC))]


async def test_count_begins_with_the_sponsors(world: World) -> None:
    petition = await sponsored(world)
    assert petition.signature_count == 0  # nothing counts in public before the opening
    opened = await open_(world, petition)
    assert opened.signature_count == NEEDED
    history = await world.counts.GetCountHistory(pb.GetCountHistoryRequest(petition_id=petition.id))
    assert history.points[-1].signature_count == NEEDED
    assert [each.status.message for each in await world.sign(world.item(petition.id, SPONSORS[0]))] == [
        "ALREADY_SIGNED"
    ]


async def test_nothing_is_told_of_sponsors_as_signatures_before_the_opening(world: World) -> None:
    petition = await sponsored(world)
    tally = await world.counts.GetTally(pb.GetTallyRequest(petition_id=petition.id))
    history = await world.counts.GetCountHistory(pb.GetCountHistoryRequest(petition_id=petition.id))
    assert (tally.signature_count, list(tally.territories), list(tally.channels), list(history.points)) == (
        0,
        [],
        [],
        [],
    )
    assert (petition.signature_count, list(petition.channels)) == (0, [])
    await open_(world, petition)
    tally = await world.counts.GetTally(pb.GetTallyRequest(petition_id=petition.id))
    assert tally.signature_count == NEEDED


async def test_more_may_support_until_it_opens(world: World) -> None:
    petition = await sponsored(world)
    token = (await link(world, petition)).token
    for number in range(NEEDED, 20):
        await support(world, petition, token, f"sponsor-{number}")
    assert await refusal(support(world, petition, token, "one too many")) == "SPONSORS_COMPLETE"
    assert not (await look(world, token)).is_open
    opened = await open_(world, petition)
    assert opened.signature_count == opened.sponsorship.count == 20
    assert await refusal(support(world, petition, token, "too late")) == "NOT_SPONSORING"


async def test_everybody_supports_once_and_nobody_their_own(world: World) -> None:
    petition = await sponsoring(world)
    token = (await link(world, petition)).token
    assert await refusal(support(world, petition, token, "author")) == "OWN_PETITION"
    await support(world, petition, token, "olena")
    assert await refusal(support(world, petition, token, "olena")) == "ALREADY_SIGNED"
    assert (await look(world, token)).petition.sponsorship.count == 1


async def test_same_request_gets_the_same_answer(world: World) -> None:
    petition = await sponsoring(world)
    token, id = (await link(world, petition)).token, request_id()
    first = await support(world, petition, token, "olena", request_id=id)
    again = await support(world, petition, token, "olena", request_id=id)
    assert again.signature_id == first.signature_id
    assert again.petition.sponsorship.count == 1
    assert await refusal(support(world, petition, token, "petro", request_id=id)) == "REQUEST_MISMATCH"


async def test_nothing_ties_a_sponsor_to_the_author_that_they_are_elsewhere(world: World) -> None:
    petition = await sponsoring(world)
    token, id = (await link(world, petition)).token, request_id()
    await support(world, petition, token, "olena", request_id=id)
    assert not await world.rows("SELECT 1 FROM requests WHERE request_id = %s", id)


async def test_link_of_another_petition_is_no_link(world: World) -> None:
    petition, other = await sponsoring(world), await sponsoring(world, "another")
    token = (await link(world, other, "another")).token
    assert await refusal(support(world, petition, token, "olena")) == "LINK_UNKNOWN"
    # more letters than a token ends with by chance
    assert await refusal(look(world, token[:-8] + "A" * 8)) == "LINK_UNKNOWN"
    assert await refusal(link(world, petition, "another")) == "PETITION_NOT_FOUND"


async def test_two_at_once_at_the_limit_move_the_petition_once(world: World) -> None:
    petition = await sponsoring(world)
    token = (await link(world, petition)).token
    for who in SPONSORS[:-1]:
        await support(world, petition, token, who)
    await asyncio.gather(*(support(world, petition, token, f"late-{number}") for number in range(6)))
    moved = await world.get(petition.id)
    assert (moved.state, moved.sponsorship.count) == (pb.PETITION_STATE_SUBMITTED, NEEDED + 5)
    assert [each.event for each in moved.happenings] == ["submitted", "sponsored"]
    assert len(await world.events(events_pb2.PetitionSponsored)) == 1


async def test_sponsors_at_once_never_pass_the_most(world: World) -> None:
    petition = await sponsoring(world)
    token = (await link(world, petition)).token
    done = await asyncio.gather(
        *(support(world, petition, token, f"sponsor-{number}") for number in range(26)), return_exceptions=True
    )
    assert sum(isinstance(each, Exception) for each in done) == 6
    assert (await world.get(petition.id)).sponsorship.count == 20
    recount = await world._stub(petitions_pb2_grpc.CountsServiceStub, Caller("cli")).Recount(
        pb.RecountRequest(petition_id=petition.id)
    )
    assert (recount.counted, recount.published) == (20, 20)


async def test_author_who_hands_in_with_a_token_is_the_first_signer(world: World) -> None:
    petition = await sponsored(world, with_token=True)
    opened = await open_(world, petition)
    assert (opened.signature_count, opened.sponsorship.count) == (NEEDED + 1, NEEDED)
    assert [each.status.message for each in await world.sign(world.item(petition.id, "author"))] == ["ALREADY_SIGNED"]


async def test_handing_in_again_with_a_fresh_token_is_the_same_request(world: World) -> None:
    draft, id = await sponsoring(world, submit=False), request_id()
    first = await hand_in(world, draft, request_id=id)
    again = await hand_in(world, draft, request_id=id, scope_token=world.token(draft.id, "author", iat=1))
    assert again == first


async def test_mail_goes_to_each_mailbox_once(world: World) -> None:
    petition = await sponsoring(world)
    assert await invite(world, petition, "Olena@Example.org", "olena@example.org", "petro@example.org") == 2
    assert await invite(world, petition, "olena+again@example.org") == 0
    first, second = await world.events(events_pb2.SponsorInvited)
    mails = [await mail(world, each.invitation_id) for each in (first, second)]
    assert sorted(each.email for each in mails) == ["Olena@example.org", "petro@example.org"]
    assert {each.language for each in mails} == {"uk"}
    assert (await look(world, mails[0].token)).petition.id == petition.id
    assert (await link(world, petition)).invited == 2


async def test_lines_that_are_no_addresses_are_named_and_nothing_is_sent(world: World) -> None:
    petition = await sponsoring(world)
    assert await refusal(invite(world, petition, "olena@example.org", "petro")) == "INVALID_FIELDS"
    assert not await world.events(events_pb2.SponsorInvited)


async def test_invitations_of_a_day_have_a_limit(world: World) -> None:
    petition = await sponsoring(world)
    for batch in range(2):
        await invite(world, petition, *(f"friend-{batch}-{number}@example.org" for number in range(20)))
    assert await refusal(invite(world, petition, "one@example.org")) == "TOO_MANY_REQUESTS"


async def test_address_is_deleted_in_the_end_and_the_mailbox_is_still_not_asked_again(world: World) -> None:
    petition = await sponsoring(world)
    await invite(world, petition, "olena@example.org")
    (event,) = await world.events(events_pb2.SponsorInvited)
    await mail(world, event.invitation_id)
    ((left,),) = await world.rows("SELECT expires_at < now() + interval '25 hours' FROM sponsor_invitations")
    assert left  # a day after the mail was fetched, and no later than seven
    await world.rows("UPDATE sponsor_invitations SET expires_at = now() - interval '1 second'")
    await world.petitions.housekeeping.sweep()
    assert await world.rows("SELECT contact FROM sponsor_invitations") == [(None,)]
    assert await refusal(mail(world, event.invitation_id)) == "LINK_UNKNOWN"
    assert await invite(world, petition, "olena@example.org") == 0


async def test_petition_without_sponsors_in_its_rules_has_no_link(world: World) -> None:
    petition = await world.draft()
    assert petition.state == pb.PETITION_STATE_SUBMITTED
    assert not petition.HasField("sponsorship")
    assert await refusal(link(world, petition)) == "NOT_SPONSORING"


async def sponsored(world: World, with_token: bool = False) -> pb.Petition:
    """A petition that waits for its check with as many sponsors as it needs."""
    petition = await hand_in(
        world, await sponsoring(world, submit=False), **({} if with_token else {"scope_token": ""})
    )
    token = (await link(world, petition)).token
    for who in SPONSORS:
        await support(world, petition, token, who)
    return await world.get(petition.id)
