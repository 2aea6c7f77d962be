"""Officers look at the signatures of a petition, enter paper, remove signatures and put them back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp

Browse = Callable[..., Browser]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def place(petition: petitions_pb2.Petition, rest: str = "") -> str:
    return f"/console/petitions/{petition.id}/signatures{rest}"


def on_paper(world: World) -> petitions_pb2.Petition:
    petition = world.petitions.add()
    petition.terms.channels.append(petitions_pb2.Channel(kind="paper", min_assurance="email"))
    return petition


def test_case_leads_to_its_signatures(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    assert place(petition) in browse("otto").open(f"/console/petitions/{petition.id}").text


def test_sheets_are_entered_with_the_way_to_their_territory(browse: Browse, world: World) -> None:
    petition = on_paper(world)
    browser = browse("otto")
    browser.open(place(petition, "/paper"))
    fields = {"signatures": "40", "reference": "12/2026", "received_on": "2026-03-01", "territory_code": "R1"}
    assert browser.send(place(petition, "/paper"), **fields).status_code == 303
    (batch,) = world.integrity.batches
    assert (batch.signatures, batch.territory_code) == (40, "R1")
    assert "12/2026" in browser.open(place(petition, "/paper")).text


def test_sheets_that_cannot_be_taken_leave_the_form_as_it_was(browse: Browse, world: World) -> None:
    petition = on_paper(world)
    browser = browse("otto")
    browser.open(place(petition, "/paper"))
    fields = {"signatures": "many", "reference": "12/2026", "received_on": "2026-03-01"}
    answer = browser.send(place(petition, "/paper"), **fields)
    assert answer.status_code == 400
    assert "Write a whole number in digits." in answer.text
    assert 'value="12/2026"' in answer.text
    assert world.integrity.batches == []


def test_petition_without_paper_has_no_form(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    assert "know no signatures on paper" in browse("otto").open(place(petition, "/paper")).text


def test_nothing_is_removed_before_an_officer_has_seen_it_and_said_so_twice(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.integrity.meant = 1204
    browser = browse("otto")
    seen = browser.open(place(petition, "/remove?look=1&network=192.0.2.0/24"))
    assert "1,204 signatures" in seen.text
    asked = browser.send(place(petition, "/remove"), reason="automated", note__en="All within a minute.")
    assert "Remove 1,204 signatures" in asked.text
    assert "They were made by a program" in asked.text
    assert "All within a minute." in asked.text
    assert world.integrity.decisions == []
    assert browser.send(place(petition, "/remove")).status_code == 303
    (made,) = world.integrity.decisions
    assert (made.reason, made.signatures, made.filter.network) == ("automated", 1204, "192.0.2.0/24")
    assert made.note.texts["en"] == "All within a minute."


def test_preview_of_fraud_shows_the_sum_alone(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.integrity.meant = 7
    browser = browse("otto")
    browser.open(place(petition, "/remove?look=1&channel=email"))
    asked = browser.send(place(petition, "/remove"), reason="bought", is_silent="yes")
    assert "7 signatures were removed" in asked.text
    assert "They were paid for" not in asked.text
    browser.send(place(petition, "/remove"))
    assert world.integrity.decisions[0].is_silent


def test_reason_is_asked_for_beside_its_field(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.integrity.meant = 7
    browser = browse("otto")
    browser.open(place(petition, "/remove?look=1&channel=email"))
    answer = browser.send(place(petition, "/remove"), note__en="Kept.")
    assert answer.status_code == 400
    assert "This answer is missing." in answer.text
    assert "Kept." in answer.text


def test_preview_that_is_not_so_any_more_is_shown_anew(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.integrity.meant = 7
    browser = browse("otto")
    browser.open(place(petition, "/remove?look=1&channel=email"))
    browser.send(place(petition, "/remove"), reason="bought")
    world.integrity.meant = 6
    answer = browser.send(place(petition, "/remove"))
    assert "there are 6 now" in answer.text
    assert world.integrity.decisions == []


def test_filter_is_read_as_the_authority_reads_its_clock(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    app = world.app(timezone="Europe/Kyiv")
    client = app.test_client()
    client.set_cookie("viche_session", "otto")
    client.get(place(petition, "/remove?look=1&since=2026-03-01T14:00&territory_code=-"))
    (asked,) = world.integrity.asked
    assert getattr(asked, "from").ToDatetime(UTC) == NOON
    assert asked.without_territory


def test_filter_that_cannot_be_read_says_where(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    answer = browse("otto").open(place(petition, "/remove?look=1&since=noon&signature_ids=abc"))
    assert answer.status_code == 400
    assert "Write a day and a time" in answer.text
    assert "This identifier is not written correctly" in answer.text
    assert browse("otto").open(place(petition, "/remove?look=1")).status_code == 400


def test_removed_signatures_are_put_back_after_asking_once(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.integrity.meant = 7
    browser = browse("otto")
    browser.open(place(petition, "/remove?look=1&channel=email"))
    browser.send(place(petition, "/remove"), reason="bought")
    browser.send(place(petition, "/remove"))
    way = place(petition, f"/removals/{world.integrity.decisions[0].id}/undo")
    assert way in browser.open(place(petition)).text
    assert "7 signatures will count again" in browser.open(way).text
    browser.send(way)
    assert [bool(each.undoes) for each in world.integrity.decisions] == [True, False]


def test_decision_under_way_can_be_stopped(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    running = pb.Invalidation(
        id="018f5c1e-0000-7000-8000-0000000000aa", state=pb.INVALIDATION_STATE_RUNNING, created_at=stamp(NOON)
    )
    world.integrity.decisions.append(running)
    browser = browse("otto")
    browser.open(place(petition))
    browser.send(place(petition, f"/removals/{running.id}/stop"))
    assert running.state == pb.INVALIDATION_STATE_CANCELLED


def test_trends_say_in_words_what_is_unusual_and_lead_to_the_signatures(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.integrity.hours = [pb.HourCount(hour=stamp(NOON), signatures=34)]
    world.integrity.trends = [
        pb.Trend(
            group=pb.TREND_GROUP_NETWORK, key="192.0.2.0/24", signatures=30, share=0.88, other_share=0,
            score=30, mark=pb.TREND_MARK_EXTREME,
        ),
        pb.Trend(group=pb.TREND_GROUP_NETWORK, signatures=4, share=0.12, other_share=0, is_rest=True),
        pb.Trend(group=pb.TREND_GROUP_HOUR, key=NOON.isoformat(), signatures=34, share=1, mark=pb.TREND_MARK_USUAL),
    ]  # fmt: skip
    page = browse("otto").open(place(petition, "/trends")).text
    assert "Far more than usual" in page
    assert "All others" in page
    assert "look=1&amp;network=192.0.2.0/24" in page
    assert "since=2026-03-01T12:00:00%2B00:00" in page


def test_numbers_say_what_differed(browse: Browse, world: World) -> None:
    world.integrity.recounts = [
        pb.PetitionRecount(number=7, counted=2, published=2, in_history=2, is_mended=True, at=stamp(NOON)),
        pb.PetitionRecount(number=8, counted=2, published=6, in_history=2, is_mended=True, at=stamp(NOON)),
    ]
    page = browse("otto").open("/console/numbers").text
    assert "They agree" in page
    assert "They differed and were corrected" in page
    assert "Petition 7" not in browse("otto").open("/console/numbers?wrong=1").text


def test_page_of_a_petition_says_what_was_removed_and_what_is_on_paper(browse: Browse, world: World) -> None:
    removal = petitions_pb2.Removal(
        reason="duplicate", signatures=3, at=stamp(NOON), note=petitions_pb2.LocalizedText(texts={"en": "Twice."})
    )
    reversal = petitions_pb2.ThresholdReversal(threshold="at-1000", signatures=998, reversed_at=stamp(NOON))
    petition = world.petitions.add(
        signature_count=998,
        channels=[petitions_pb2.ChannelCount(channel="paper", signature_count=40)],
        removals=petitions_pb2.Removals(signatures=5, items=[removal], reversals=[reversal]),
    )
    page = browse().open(f"/petitions/{petition.number}").text
    assert "5 signatures were removed" in page
    assert "The same people signed more than once" in page
    assert "Twice." in page
    assert "2 more, without details" in page
    assert "The threshold of 1,000 signatures was not reached any more." in page
    assert "40 of these are on paper" in page


def test_timeline_tells_that_the_count_fell_and_rose_again(browse: Browse, world: World) -> None:
    restored = petitions_pb2.Removal(reason="mistake", signatures=3, at=stamp(NOON), is_restored=True)
    reversal = petitions_pb2.ThresholdReversal(threshold="at-1000", signatures=998, reversed_at=stamp(NOON))
    petition = world.petitions.add(
        signature_count=1001, removals=petitions_pb2.Removals(items=[restored], reversals=[reversal])
    )
    timeline = browse().open(f"/petitions/{petition.number}").text.split('class="timeline"')[1].split("</ol>")[0]
    assert "Below the threshold again" in timeline
    assert "Signatures count again" in timeline
    assert "3 signatures" in timeline


def test_page_of_a_petition_that_lost_nothing_says_nothing(browse: Browse, world: World) -> None:
    petition = world.petitions.add(signature_count=5)
    assert "removed" not in browse().open(f"/petitions/{petition.number}").text


def test_press_of_the_button_brings_its_address_block(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse("ann")
    browser.open(f"/petitions/{petition.number}/sign")
    browser.send(f"/petitions/{petition.number}/sign")
    assert world.petitions.networks == ["127.0.0.1"]
