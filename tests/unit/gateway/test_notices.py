"""Notices for everybody: a banner on all pages, and how operators put one up and take it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from viche.identity.v1 import notices_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import Unavailable
from viche_gateway.notices import FRESH_S, RETRY_S, Notices
from viche_gateway.testing import World

Browse = Callable[..., Browser]
BANNER = pb.NOTICE_KIND_BANNER
MAINTENANCE = pb.NOTICE_KIND_MAINTENANCE
WORDS = "The counter is closed until Monday"


class Identity:
    """Answers, or does not; ``asked`` counts."""

    def __init__(self) -> None:
        self.notices = [pb.Notice(kind=BANNER)]
        self.is_down = False
        self.asked = 0

    def holding(self) -> list[pb.Notice]:
        self.asked += 1
        if self.is_down:
            raise Unavailable(what="identity")
        return self.notices


def test_identity_is_asked_once_in_a_while() -> None:
    identity, now = Identity(), [0.0]
    notices = Notices(identity.holding, lambda: now[0])
    for _ in range(3):
        assert notices.get() == {BANNER: identity.notices[0]}
    assert identity.asked == 1
    identity.notices = []
    now[0] = FRESH_S
    assert notices.get() == {}


def test_the_last_answer_stands_while_identity_is_down() -> None:
    identity, now = Identity(), [0.0]
    notices = Notices(identity.holding, lambda: now[0])
    notices.get()
    identity.is_down = True
    now[0] = FRESH_S + 3600
    assert notices.get() == {BANNER: identity.notices[0]}
    assert notices.get() is not None
    assert identity.asked == 2
    now[0] += RETRY_S
    notices.get()
    assert identity.asked == 3


def test_nothing_is_known_before_the_first_answer() -> None:
    identity = Identity()
    identity.is_down = True
    assert Notices(identity.holding, lambda: 0.0).get() is None


@pytest.mark.parametrize("path", ["/", "/petitions", "/help", "/sign-in", "/nope", "/authorities/region/rules"])
def test_the_banner_stands_on_every_page(browse: Browse, world: World, path: str) -> None:
    world.notices.put(BANNER, en=WORDS, link="https://example.org/news")
    page = browse().open(path).text
    assert WORDS in page
    assert 'href="https://example.org/news"' in page


def test_the_banner_stands_in_the_console(browse: Browse, world: World) -> None:
    world.notices.put(BANNER, en=WORDS)
    assert WORDS in browse("otto").open("/console").text


def test_a_reader_sees_the_banner_in_their_language_or_marked_as_another(browse: Browse, world: World) -> None:
    world.notices.put(BANNER, en=WORDS, uk="Зачинено")
    ukrainian, bulgarian = browse().open("/uk/help").text, browse().open("/bg/help").text
    assert "Зачинено" in ukrainian
    assert WORDS not in ukrainian
    assert f'lang="en">{WORDS}' in bulgarian


def test_the_banner_is_plain_text(browse: Browse, world: World) -> None:
    world.notices.put(BANNER, en="<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in browse().open("/help").text


def test_a_banner_whose_time_is_over_is_not_shown(browse: Browse, world: World) -> None:
    world.notices.put(BANNER, datetime.now(UTC) - timedelta(seconds=1), en=WORDS)
    assert WORDS not in browse().open("/help").text


@pytest.mark.parametrize("path", ["/help", "/opendata", "/authorities/region/rules"])
def test_a_page_is_kept_for_a_minute_at_most(app: Flask, path: str) -> None:
    assert (app.test_client().get(path).cache_control.max_age or 0) <= 60


def test_an_operator_sees_the_banner_in_every_language_before_it_goes_up(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/notices")
    typed = {"text_en": WORDS, "text_uk": "Зачинено", "link": "https://example.org/x", "until": "2030-03-01T14:00"}
    looked = browser.send("/console/notices/preview", **typed)
    assert looked.text.count(WORDS) > 2
    assert "Зачинено" in looked.text
    assert world.notices.said == []
    assert browser.send("/console/notices").status_code == 303
    (said,) = world.notices.said
    assert dict(said.text.texts) == {"en": WORDS, "uk": "Зачинено"}
    assert said.until_at.ToDatetime(UTC) == datetime(2030, 3, 1, 12, tzinfo=UTC)
    assert WORDS in browse().open("/help").text


def test_a_banner_can_be_changed_before_it_goes_up(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/notices")
    browser.send("/console/notices/preview", text_en=WORDS)
    assert WORDS in browser.send("/console/notices/preview", change="1").text
    assert world.notices.said == []


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({}, "text_en", "This answer is missing."),
        ({"text_en": "x", "until": "soon"}, "until", "Write a day and a time"),
    ],
)
def test_a_banner_that_cannot_go_up_says_why(
    browse: Browse, world: World, typed: dict[str, str], field: str, sentence: str
) -> None:
    browser = browse("olga")
    browser.open("/console/notices")
    answer = browser.send("/console/notices/preview", **typed)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text


def test_what_identity_refuses_is_told_at_its_field(browse: Browse, world: World) -> None:
    browser = browse("olga")
    browser.open("/console/notices")
    browser.send("/console/notices/preview", text_en="x", link="example.org")
    answer = browser.send("/console/notices")
    assert answer.status_code == 400
    assert 'href="#link"' in answer.text


def test_an_operator_takes_the_banner_down(browse: Browse, world: World) -> None:
    world.notices.put(BANNER, en=WORDS)
    browser = browse("olga")
    browser.open("/console/notices")
    assert browser.send("/console/notices/end", kind="banner").status_code == 303
    assert WORDS not in browse().open("/help").text
    assert WORDS in browser.open("/console/notices").text  # among those before


def test_who_operates_nothing_does_not_see_the_page(browse: Browse) -> None:
    assert browse("otto").open("/console/notices").status_code == 403


def test_who_operates_a_part_speaks_to_nobody(browse: Browse, world: World) -> None:
    town = world.identity.authorities[1].id
    world.identity.add_person("tom", town, role="operator")
    browser = browse("tom")
    assert "only those who operate all of them" in browser.open("/console/notices").text
    assert browser.send("/console/notices", text_en=WORDS).status_code in (400, 403)
    assert world.notices.said == []
