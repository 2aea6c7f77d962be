"""Pauses: what citizens read in place of the button, and how operators decide and end them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import Code
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.channel import refusal

Browse = Callable[..., Browser]
WHY = "There is an election."
UNTIL = datetime(2030, 3, 1, 12, tzinfo=UTC)
TYPED = {
    "authority": COUNCIL, "until": "2030-03-01T14:00", "stops_signing": "yes", "reason_en": WHY,
    "reason_uk": "Тривають вибори.",
}  # fmt: skip


def paused() -> pb.SigningPause:
    stop = pb.SigningPause(reason=pb.LocalizedText(texts={"en": WHY, "uk": "Тривають вибори."}))
    stop.until_at.FromDatetime(UNTIL)
    return stop


@pytest.mark.parametrize("path", ["/petitions/{}", "/petitions/{}/sign"])
def test_until_when_and_why_stand_in_place_of_the_button(browse: Browse, world: World, path: str) -> None:
    path = path.format(world.petitions.add(signing_pause=paused()).number)
    page = browse().open(path).text
    assert "Signing is paused until 1 March 2030, 14:00." in page
    assert WHY in page
    assert 'name="email"' not in page
    assert "Sign this petition</a>" not in page.replace("\n", "")
    assert "Тривають вибори." in browse().open(f"/uk{path}").text


def test_the_console_says_that_a_petition_is_paused(browse: Browse, world: World) -> None:
    petition = world.petitions.add(signing_pause=paused())
    assert "Paused until 1 March 2030" in browse("otto").open("/console").text
    assert "Signing is paused until" in browse("otto").open(f"/console/petitions/{petition.id}").text


def test_api_and_public_data_say_it_and_the_state_stays(browse: Browse, world: World) -> None:
    number = world.petitions.add(signing_pause=paused()).number
    told = browse().open(f"/api/v1/petitions/{number}").json
    assert told is not None
    assert told["state"] == "open"
    assert told["signing_pause"]["reason"]["en"] == WHY
    data = browse().open(f"/petitions/{number}.json").json
    assert data is not None
    attributes = data["data"]["attributes"]
    assert (attributes["state"], attributes["signing_pause"]["reason"]["en"]) == ("open", WHY)
    assert attributes["signing_pause"]["until"].startswith("2030-03-01T12:00")


def test_a_refusal_says_until_when_and_why_in_the_readers_language(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    browser = browse("ann")
    browser.open(f"/uk/petitions/{petition.number}/sign")
    values = {"until": UNTIL.isoformat(), "why.en": WHY, "why.uk": "Тривають вибори."}
    world.channels["petitions"].refusal = refusal(Code.FAILED_PRECONDITION, "SIGNING_PAUSED", **values)
    answer = browser.send(f"/uk/petitions/{petition.number}/sign")
    assert "Тривають вибори." in answer.text


def test_a_pause_is_previewed_and_decided_once(browse: Browse, world: World) -> None:
    world.petitions.add()
    browser = browse("olga")
    browser.open("/console/pauses")
    looked = browser.send("/console/pauses/preview", **TYPED)
    assert "1 petition that collects now takes no signatures." in looked.text
    assert "1 term runs on." in looked.text
    assert "Тривають вибори." in looked.text
    assert world.pauses.pauses == []
    assert browser.send("/console/pauses").headers["Location"].startswith("/console/pauses?done=decided")
    (pause,) = world.pauses.pauses
    assert pause.until_at.ToDatetime(UTC) == UNTIL
    assert (pause.stops_signing, pause.stops_opening, dict(pause.reason.texts)["en"]) == (True, False, WHY)
    assert "End this pause now" in browser.open("/console/pauses").text


def test_what_is_previewed_can_be_changed(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/pauses")
    browser.send("/console/pauses/preview", **TYPED)
    assert WHY in browser.send("/console/pauses/preview", change="1").text
    assert world.pauses.pauses == []


def test_terms_are_prolonged_where_the_operator_wants_that(browse: Browse, world: World) -> None:
    world.pauses.left = [1, 2, 3]
    browser = browse("olga")
    browser.open("/console/pauses")
    assert "are told by mail" in browser.send("/console/pauses/preview", **TYPED, prolongs="yes").text
    answer = browser.send("/console/pauses")
    assert world.pauses.left == []
    assert "The terms are prolonged." in browser.open(answer.headers["Location"]).text


def test_prolonging_that_takes_long_goes_on_with_a_press(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/pauses")
    browser.send("/console/pauses/preview", **TYPED)
    browser.send("/console/pauses")
    pause = world.pauses.pauses[0].id
    world.pauses.left = [1]
    assert "Go on prolonging" in browser.open(f"/console/pauses?pause={pause}&left=7").text
    browser.send(f"/console/pauses/{pause}/prolong")
    assert world.pauses.left == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": ""}, "until"),
        ({"until": "soon"}, "until"),
        ({"reason_en": "", "reason_uk": ""}, "reason_en"),
        ({"except": "one"}, "except"),
        ({"authority": "018f5c1e-0000-7000-8000-0000000000ff"}, "authority"),
        ({"authority": ""}, "authority"),
    ],
)
def test_a_pause_that_cannot_be_decided_says_why(
    browse: Browse, world: World, change: dict[str, str], field: str
) -> None:
    browser = browse("olga")
    browser.open("/console/pauses")
    answer = browser.send("/console/pauses/preview", **{**TYPED, **change})
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text


def test_a_pause_that_stops_nothing_is_refused_at_its_field(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/pauses")
    browser.send("/console/pauses/preview", **{**TYPED, "stops_signing": ""})
    answer = browser.send("/console/pauses", stops_signing="")
    assert answer.status_code == 400
    assert 'href="#stops_signing"' in answer.text


def test_an_operator_ends_a_pause(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/pauses")
    browser.send("/console/pauses/preview", **TYPED)
    browser.send("/console/pauses")
    browser.open("/console/pauses")
    browser.send(f"/console/pauses/{world.pauses.pauses[0].id}/end")
    assert world.pauses.pauses[0].ended_at.ToDatetime(UTC) > datetime.now(UTC) - timedelta(minutes=1)
    assert "ended on" in browser.open("/console/pauses").text


def test_officers_read_of_a_pause_on_top_of_their_queue(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/pauses")
    browser.send("/console/pauses/preview", **TYPED, stops_opening="yes")
    browser.send("/console/pauses")
    page = browse("otto").open("/console").text
    assert "Pause of Dibrova Council until 1 March 2030, 14:00." in page
    assert "Nobody can sign, and no petition opens." in page
    assert WHY in page


def test_a_link_by_mail_says_until_when_and_that_it_works_after_that(browse: Browse, world: World) -> None:
    petition = world.petitions.add()
    world.petitions.pending["Ivan"] = petition.id
    browser = browse()
    browser.open("/confirm/Ivan")
    petition.signing_pause.CopyFrom(paused())
    refused = refusal(Code.FAILED_PRECONDITION, "SIGNING_PAUSED", until=UNTIL.isoformat())
    world.channels["petitions"].refusal = refused
    assert browser.send("/confirm/Ivan").headers["Location"] == "/confirm/Ivan"
    world.channels["petitions"].refusal = None
    page = browser.open("/confirm/Ivan").text
    assert "Signing is paused until 1 March 2030, 14:00." in page
    assert "works again after that" in page
    assert "Confirm my signature" not in page


def test_who_operates_nothing_does_not_see_the_page(browse: Browse) -> None:
    assert browse("otto").open("/console/pauses").status_code == 403
