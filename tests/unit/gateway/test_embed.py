"""What partners put into their pages: the script, and a petition inside a frame."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from viche.petitions.v1 import petitions_pb2 as pb
from viche.surveys.v1.answers_pb2 import QUESTION_KIND_TEXT
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tools.access import kind_of
from viche_gateway import assets
from viche_gateway.access import Kind
from viche_gateway.caching import PageCache
from viche_gateway.testing import World, make_world
from viche_gateway.testing.surveys import question

SCHOOL = "https://school.example"
MOST_SCRIPT_BYTES = 5 * 1024
EVERYWHERE = make_world()
EVERYWHERE.partners.add(SCHOOL)
EVERYWHERE.petitions.add(number=700_001)
EVERYWHERE.surveys.add([question(QUESTION_KIND_TEXT, "name")], number=700_001)
APP = EVERYWHERE.app()
# what stands at /embed without being inside a frame
NOT_FRAMED = {"embed.theme_sheet"}


def embed_rules() -> list[Rule]:
    return sorted((rule for rule in APP.url_map.iter_rules() if rule.rule.startswith("/embed/")), key=str)


def get(world: World, path: str, **query: str) -> TestResponse:
    return world.app().test_client().get(path, query_string={"origin": SCHOOL, **query})


def test_the_script_of_the_tags_is_small() -> None:
    script = (assets.BUILT / assets.manifest()["embed.js"]).read_bytes()
    assert len(gzip.compress(script, 9)) < MOST_SCRIPT_BYTES


def test_the_script_may_be_used_by_every_page_and_is_asked_for_anew() -> None:
    answer = APP.test_client().get("/embed.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.cache_control.public
    assert "stale-while-revalidate" in answer.headers["Cache-Control"]
    again = APP.test_client().get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_script_leaves_nothing_in_the_page_but_its_tags() -> None:
    source = (Path(assets.__file__).parent / "static" / "src" / "embed.js").read_text("utf-8")
    statements = [line for line in source.splitlines() if line and not line.startswith((" ", "//"))]
    assert statements == ["(() => {", "})()"]


@pytest.mark.parametrize("rule", embed_rules(), ids=str)
def test_every_page_inside_is_classified_and_sets_no_cookie(rule: Rule) -> None:
    if rule.endpoint not in NOT_FRAMED:
        assert kind_of(APP, rule) is Kind.FRAME
    path = rule.rule.replace("<int:number>", "700001")
    for origin in (SCHOOL, "https://nobody.example", ""):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            client = APP.test_client()
            client.set_cookie("viche_session", "ann")
            answer = client.open(path, method=method, query_string={"origin": origin}, data={"frame": "x"})
            assert answer.headers.getlist("Set-Cookie") == []
            assert b"csrf_token" not in answer.data


@pytest.mark.parametrize("rule", [rule for rule in embed_rules() if rule.endpoint not in NOT_FRAMED], ids=str)
def test_every_page_inside_lets_its_origin_alone_frame_it(rule: Rule) -> None:
    path = rule.rule.replace("<int:number>", "700001")
    framed = APP.test_client().get(path, query_string={"origin": SCHOOL})
    assert framed.headers["Content-Security-Policy"].endswith(f"frame-ancestors {SCHOOL}")
    assert "X-Frame-Options" not in framed.headers
    refused = APP.test_client().get(path, query_string={"origin": "https://nobody.example"})
    assert refused.status_code == 403 or refused.status_code == 405
    assert refused.headers["X-Frame-Options"] == "DENY"


def test_a_petition_inside_shows_its_count_and_the_way_to_sign(world: World) -> None:
    world.partners.add(SCHOOL)
    petition = world.petitions.add(number=700_001)
    page = get(world, "/embed/petitions/700001", lang="uk")
    assert petition.title in page.text
    assert 'href="http://127.0.0.1:8080/uk/petitions/700001/sign"' in page.text
    assert 'target="_blank"' in page.text
    assert "<form" not in page.text
    assert 'data-origin="https://school.example"' in page.text


def test_a_petition_that_takes_no_signatures_offers_none(world: World) -> None:
    world.partners.add(SCHOOL)
    world.petitions.add(number=700_001, state=pb.PETITION_STATE_CLOSED)
    page = get(world, "/embed/petitions/700001").text
    assert "/sign" not in page
    assert "http://127.0.0.1:8080/petitions/700001" in page


def test_a_kept_page_is_for_the_origin_that_it_was_made_for(world: World) -> None:
    world.partners.add(SCHOOL)
    world.partners.add("https://other.example")
    world.petitions.add(number=700_001)
    app = world.app(PageCache)
    for origin in (SCHOOL, "https://other.example", SCHOOL):
        answer = app.test_client().get("/embed/petitions/700001", query_string={"origin": origin})
        assert answer.cache_control.public
        assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors {origin}")


@pytest.mark.parametrize("path", ["/embed/petitions/700001", "/embed/surveys/700001", "/embed/surveys/700001/thanks"])
def test_nobody_asks_inside_who_is_signed_in(world: World, path: str) -> None:
    world.partners.add(SCHOOL)
    world.petitions.add(number=700_001)
    world.surveys.add([question(QUESTION_KIND_TEXT, "name")], number=700_001)
    app = world.app()
    assert app.test_client().get(path, query_string={"origin": SCHOOL}).status_code == 200
    world.channels["identity"].is_down = True  # who asked for the session now would get no answer
    client = app.test_client()
    client.set_cookie("viche_session", "ann")
    assert client.get("/me").status_code == 503
    assert client.get(path, query_string={"origin": SCHOOL}).status_code == 200
