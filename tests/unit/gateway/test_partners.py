"""Partners in the console, and a partner's own page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from viche.surveys.v1 import surveys_pb2
from viche.surveys.v1.results_pb2 import PartnerTotal

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, World

Browse = Callable[..., Browser]
SCHOOL = "https://school.example"


def register(browser: Browser, **fields: str) -> Browser:
    browser.open("/console/partners/new")
    browser.send("/console/partners/new", **{"title": "School", "origins": SCHOOL, "authority_id": COUNCIL, **fields})
    return browser


def only(world: World) -> str:
    (partner,) = world.partners.known
    return f"/console/partners/{partner}"


def page_of(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.text


@pytest.mark.parametrize("who", ["otto", "olga"])
def test_an_officer_registers_a_partner_whose_pages_show_frames_at_once(
    app: Flask, browse: Browse, world: World, who: str
) -> None:
    world.petitions.add(number=700_001)
    query = {"origin": SCHOOL}
    assert app.test_client().get("/embed/petitions/700001", query_string=query).status_code == 403
    answer = register(browse(who), origins=f" {SCHOOL}\n\nhttps://www.school.example ").page
    assert answer is not None
    assert answer.headers["Location"] == f"{only(world)}?done=registered"
    (partner,) = world.partners.known.values()
    assert (partner.title, partner.authority_id) == ("School", COUNCIL)
    assert list(partner.origins) == [SCHOOL, "https://www.school.example"]
    assert app.test_client().get("/embed/petitions/700001", query_string=query).status_code == 200


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(browse: Browse, world: World) -> None:
    page = page_of(register(browse("otto"), title="", authority_id="elsewhere"))
    assert page.count("This answer is missing.") == 2  # in the summary and beside the field
    assert SCHOOL in page
    assert world.partners.known == {}


def test_an_origin_of_another_partner_is_named(browse: Browse, world: World) -> None:
    world.partners.add(SCHOOL, title="Other")
    page = page_of(register(browse("otto")))
    assert f"{SCHOOL} belongs to another partner already." in page
    assert 'id="origins-error"' in page


def test_every_bad_origin_is_named(browse: Browse, world: World) -> None:
    page = page_of(register(browse("otto"), origins="http://a.example *.b.example"))
    assert "http://a.example must begin with https://" in page
    assert "*.b.example stands for many sites" in page


def test_the_text_to_copy_is_a_tag_around_a_plain_link(browse: Browse, world: World) -> None:
    world.petitions.add(number=700_001, title="Benches & trees")
    browser = register(browse("otto"))
    chooser = browser.open(only(world)).text
    assert 'value="petitions-700001"' in chooser
    assert "embed.js" not in chooser
    page = browser.open(f"{only(world)}?show=petitions-700001&language=uk").text
    found = re.search(r'<textarea[^>]* id="copy"[^>]*>([^<]*)<', page)
    assert found
    assert html.unescape(found[1]) == (
        '<viche-petition id="700001" lang="uk"><a href="http://127.0.0.1:8080/uk/petitions/700001">Benches &amp; trees'
        '</a></viche-petition>\n<script src="http://127.0.0.1:8080/embed.js" async></script>'
    )


@pytest.mark.parametrize(
    "query", ["show=petitions-1x", "show=nonsense", "show=help-700001", "show=petitions-700001&language=xx"]
)
def test_what_cannot_be_shown_gives_no_text(browse: Browse, world: World, query: str) -> None:
    world.petitions.add(number=700_001)
    browser = register(browse("otto"))
    assert "embed.js" not in browser.open(f"{only(world)}?{query}").text


def test_a_partner_is_changed(browse: Browse, world: World) -> None:
    browser = register(browse("otto"))
    assert SCHOOL in browser.open(f"{only(world)}/edit").text
    browser.send(f"{only(world)}/edit", title="High school", origins="https://high.example")
    (partner,) = world.partners.known.values()
    assert (partner.title, list(partner.origins)) == ("High school", ["https://high.example"])


def test_a_link_is_shown_once(browse: Browse, world: World) -> None:
    browser = register(browse("otto"))
    browser.open(only(world))
    link = re.search(r"<code>http://127.0.0.1:8080(/partners/[^<]+)</code>", browser.send(f"{only(world)}/link").text)
    assert link
    assert "/partners/link" not in browser.open(only(world)).text
    own = browse().open(link[1])
    assert own.status_code == 200
    assert "School" in own.text
    assert own.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in own.headers["Cache-Control"]


def test_surveys_are_offered_unless_they_are_for_invited_people_alone(browse: Browse, world: World) -> None:
    for_all = world.surveys.add(number=501)
    invited = surveys_pb2.SurveySettings(admission=surveys_pb2.ADMISSION_LINK)
    world.surveys.add(number=502, settings=invited)
    browser = register(browse("otto"))
    page = browser.open(f"{only(world)}?show=surveys-501&language=uk").text
    assert f"Survey: {for_all.title['en']}" in page
    assert "surveys-502" not in page
    assert "&lt;viche-survey id=&#34;501&#34; lang=&#34;uk&#34;&gt;" in page


def test_a_partner_sees_its_own_totals_and_no_small_ones(browse: Browse, world: World) -> None:
    own, other = world.partners.add(SCHOOL), world.partners.add("https://other.example")
    said = {number: {"en": f"Survey {number}"} for number in (501, 502, 503)}
    totals = {own.id: ((501, 1234), (502, -1)), other.id: ((503, 77),)}
    for partner_id, found in totals.items():
        world.results.totals[partner_id] = [
            PartnerTotal(number=number, title=said[number], responses=responses) for number, responses in found
        ]
    page = browse().open(f"/partners/link of {own.id}").text
    assert "1,234" in page
    assert "too few to tell" in page
    assert "Survey 503" not in page


def test_an_unknown_link_shows_nothing(browse: Browse) -> None:
    assert browse().open("/partners/nothing").status_code == 404


def test_an_archived_partner_is_asked_about_once_and_can_do_nothing_more(browse: Browse, world: World) -> None:
    browser = register(browse("otto"))
    assert "Archive School?" in browser.open(f"{only(world)}/archive").text
    browser.send(f"{only(world)}/archive")
    assert "Archived" in browser.open("/console/partners").text
    assert "/edit" not in browser.open(only(world)).text
    assert browser.open(f"{only(world)}/edit").status_code == 404


def test_citizens_see_no_partners(browse: Browse) -> None:
    assert browse("ann").open("/console/partners").status_code == 403
