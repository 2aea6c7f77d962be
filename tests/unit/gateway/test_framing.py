"""Whether and how a page may be shown inside a partner's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import time_machine
from flask import Flask, render_template_string
from viche.identity.v1.notices_pb2 import NOTICE_KIND_MAINTENANCE
from werkzeug.test import TestResponse

from viche_gateway import assets
from viche_gateway.branding.colour import contrast, parse
from viche_gateway.branding.palette import ENOUGH
from viche_gateway.embed import framing, theme
from viche_gateway.embed.origins import FRESH_S, UNKNOWN_FRESH_S, Origins
from viche_gateway.testing import World

SCHOOL = "https://school.example"
OTHER = "https://other.example"
TOKENS = Path(assets.__file__).parent / "static" / "src" / "theme" / "_tokens.scss"
FORM = """{% from "parts/frame.html" import form_guard with context %}{% extends layout() %}
{% block content %}<form method="post">{{ form_guard() }}</form>{{ request.form }}{% endblock %}"""


@framing.framed
def ask(number: int) -> str:
    return render_template_string(FORM)


@pytest.fixture
def app(world: World) -> Flask:
    world.partners.add(SCHOOL)
    world.partners.add(OTHER)
    app = world.app()
    app.add_url_rule("/embed/forms/<int:number>", "embed.ask", ask, methods=["GET", "POST"])
    return app


def get(app: Flask, path: str = "/embed/forms/5", **query: str) -> TestResponse:
    client = app.test_client()
    client.set_cookie("viche_session", "ann")
    return client.get(path, query_string={"origin": SCHOOL, **query})


def sealed(app: Flask, **query: str) -> str:
    found = re.search(r'name="frame" value="([^"]+)"', get(app, **query).text)
    assert found
    return found[1]


def send(
    app: Flask, seal: str, path: str = "/embed/forms/5", origin: str = SCHOOL, said: str = "http://localhost"
) -> TestResponse:
    client = app.test_client()
    headers = {"Origin": said} if said else {}
    return client.post(path, query_string={"origin": origin}, data={"frame": seal}, headers=headers)


def ancestors(answer: TestResponse) -> str:
    return answer.headers["Content-Security-Policy"].rpartition("frame-ancestors ")[2]


def test_a_partners_origin_alone_may_frame_what_is_asked_for_it(app: Flask) -> None:
    answer = get(app)
    assert answer.status_code == 200
    assert ancestors(answer) == SCHOOL
    assert "X-Frame-Options" not in answer.headers


NOT_OURS = (
    "", "https://nobody.example", "null", "https://school.example.evil.example", "http://school.example", "*",
    "https://school.example https://evil.example", "https://school.example/",
)  # fmt: skip


@pytest.mark.parametrize("origin", NOT_OURS)
def test_nobody_else_may_and_the_page_says_how_to_register(app: Flask, origin: str) -> None:
    answer = get(app, origin=origin)
    assert answer.status_code == 403
    assert ancestors(answer) == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "register you as a partner" in answer.text
    assert 'href="/forms/5"' in answer.text


def test_nobody_frames_other_pages_whatever_their_address_says(app: Flask) -> None:
    answer = get(app, "/help")
    assert ancestors(answer) == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_an_archived_partner_frames_nothing(app: Flask, world: World) -> None:
    for partner in world.partners.known.values():
        partner.is_active = False
    assert get(app).status_code == 403


def test_an_error_inside_a_frame_is_shown_inside(app: Flask) -> None:
    answer = get(app, "/embed/nothing-here")
    assert answer.status_code == 404
    assert ancestors(answer) == SCHOOL
    assert 'class="head"' not in answer.text
    assert 'href="/" target="_blank"' in answer.text  # the portal's own pages do not stand in frames


def test_nothing_that_is_sent_or_asked_for_inside_sets_a_cookie(app: Flask) -> None:
    seal = sealed(app)
    theme_sheet = get(app, "/embed/theme.css", accent="123456")
    seen = [get(app), get(app, origin=""), get(app, "/embed/nothing-here"), theme_sheet]
    answers = [*seen, send(app, seal), send(app, "broken"), send(app, seal, said=OTHER)]
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * len(answers)


def test_a_form_that_a_frame_was_given_is_taken_from_it(app: Flask) -> None:
    assert send(app, sealed(app)).status_code == 200
    assert send(app, sealed(app), said="").status_code == 200  # no browser, so nobody's cookies


@pytest.mark.parametrize("said", [SCHOOL, "null", "https://localhost", "http://localhost:81"])
def test_what_a_page_elsewhere_sends_is_refused(app: Flask, said: str) -> None:
    answer = send(app, sealed(app), said=said)
    assert answer.status_code == 403
    assert "sent from a page at another address" in answer.text


def test_a_seal_is_good_for_one_origin_and_one_survey(app: Flask) -> None:
    seal = sealed(app)
    for answer in (
        send(app, seal, "/embed/forms/6"),
        send(app, seal, origin=OTHER),
        send(app, ""),
        send(app, seal[:-1]),
    ):
        assert answer.status_code == 400
        assert "open for too long" in answer.text


def test_a_seal_is_good_for_some_hours(app: Flask) -> None:
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        seal = sealed(app)
        clock.shift(framing.SEAL_AGE_S - 1)
        assert send(app, seal).status_code == 200
        clock.shift(2)
        assert send(app, seal).status_code == 400


@pytest.mark.parametrize(
    ("asked", "page"), [("uk", "uk"), ("uk-UA", "uk"), ("UK", "uk"), ("en", "en"), ("fr", "en"), ("", "en")]
)
def test_the_language_that_a_tag_asks_for_is_spoken_where_the_portal_has_it(app: Flask, asked: str, page: str) -> None:
    assert f'lang="{page}"' in get(app, lang=asked).text


def test_origins_that_were_known_stand_while_identity_is_down(app: Flask, world: World) -> None:
    assert get(app).status_code == 200
    world.channels["identity"].is_down = True
    app.extensions["viche.origins"].forget()
    assert get(app).status_code == 200


def test_what_was_typed_inside_outlasts_maintenance_without_a_cookie(app: Flask, world: World) -> None:
    seal = sealed(app)
    world.notices.put(NOTICE_KIND_MAINTENANCE)
    app.extensions["viche.notices"].forget()
    client = app.test_client()
    path = f"/embed/forms/5?origin={SCHOOL}"
    kept = client.post(path, data={"frame": seal, "wish": "More benches"})
    assert kept.status_code == 503
    assert kept.headers.getlist("Set-Cookie") == []
    assert ancestors(kept) == SCHOOL
    assert 'name="wish" value="More benches"' in kept.text
    found = re.findall(r'name="frame" value="([^"]+)"', kept.text)
    world.notices.said.clear()
    app.extensions["viche.notices"].forget()
    assert len(found) == 1
    assert "More benches" in client.post(path, data={"frame": found[0], "wish": "More benches"}).text


def test_a_new_origin_is_known_soon_and_identity_is_asked_seldom() -> None:
    now, asked, answer = [0.0], [0], {SCHOOL: "p1"}

    def ask() -> dict[str, str]:
        asked[0] += 1
        return dict(answer)

    known = Origins(ask, lambda: now[0])
    for _ in range(3):
        assert (known.partner_of(SCHOOL), known.partner_of(OTHER)) == ("p1", "")
    assert asked == [1]
    answer[OTHER] = "p2"
    now[0] += UNKNOWN_FRESH_S
    assert (known.partner_of(SCHOOL), asked) == ("p1", [1])
    assert (known.partner_of(OTHER), asked) == ("p2", [2])
    del answer[SCHOOL]
    now[0] += FRESH_S
    assert known.partner_of(SCHOOL) == ""


def test_nobody_says_that_an_origin_is_unknown_before_identity_has_answered(app: Flask, world: World) -> None:
    world.channels["identity"].is_down = True
    answer = get(app)
    assert answer.status_code == 503
    assert ancestors(answer) == "'none'"


def test_a_theme_is_carried_as_what_was_read_of_it(app: Flask) -> None:
    page = get(app, accent="0057b7", paper="fff", size="18", ink="red;}body{display:none").text
    assert "/embed/theme.css?accent=0057b7&amp;paper=ffffff&amp;size=18" in page
    assert 'data-scheme="light"' in page
    assert "display:none" not in page


def test_a_theme_is_read_the_same_from_its_own_address() -> None:
    made = theme.read({"accent": "abc", "paper": "222222", "ink": "eeeeee", "size": "99"})
    assert theme.read(made.query) == made
    assert made.font_px == theme.MOST_FONT_PX


def test_colours_of_words_are_those_of_the_theme() -> None:
    light, dark = TOKENS.read_text("utf-8").split("@mixin dark", 1)
    for scheme, text in (("light", light), ("dark", dark)):
        tokens = dict(re.findall(r"(--[\w-]+): (#\w+);", text))
        wanted = {**theme.SAID[scheme], "--accent": theme.ACCENTS[scheme]}
        assert {name: str(colour) for name, colour in wanted.items()} == {name: tokens[name] for name in wanted}


@pytest.mark.parametrize("paper", ["ffffff", "fffbe6", "777777", "0057b7", "ffd700", "000000"])
@pytest.mark.parametrize("accent", ["", "ffd700", "0057b7", "808080"])
def test_everything_can_be_read_on_the_paper_of_a_theme(paper: str, accent: str) -> None:
    sheet = theme.read({"paper": paper, "ink": paper, "accent": accent}).style_sheet()
    colours = {name: parse(value) for name, value in re.findall(r"(--[\w-]+): (#\w+);", sheet)}
    words = ("--ink", "--quiet", "--accent", "--good", "--warn", "--bad", "--visited")
    assert [name for name in words if contrast(colours[name], colours["--paper"]) < ENOUGH] == []
    assert contrast(colours["--on-accent"], colours["--accent"]) >= ENOUGH
