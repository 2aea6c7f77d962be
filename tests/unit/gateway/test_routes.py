"""What every route of a class keeps to; who may come in at all is in the matrix of access."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.routing import Rule

from tests.unit.gateway.acts import deadline
from tools.access import kind_of
from viche_gateway.access import Kind
from viche_gateway.console.surveys import editing
from viche_gateway.testing import COUNCIL, World, make_world

PRIVATE = (Kind.FORM, Kind.PERSON, Kind.OFFICER, Kind.OPERATOR)
VALUES = {
    "number": 700_001,
    "token": "a-token",
    "petition_id": "018f5c1e-0000-7000-8000-00000000000f",
    "survey_id": "018f5c1e-0000-7000-8000-0000000000bb",
    "invalidation_id": "018f5c1e-0000-7000-8000-0000000000aa",
    "step": "title",
    "authority_id": COUNCIL,
    "authority": "region",
    "day": "2026-11-22",
}
# what an address must be asked with, where it asks for something
QUERIES = {"/api/v1/petitions/similar": {"title": "Plant more trees"}}

WORLD = make_world()
WORLD.petitions.add(number=700_001, deadlines=[deadline("answer")])
WORLD.survey_office.add(COUNCIL, editing.blank(["en"], {"en": "Ways"}), id=str(VALUES["survey_id"]))
APP = WORLD.app()
"""For what the addresses themselves answer; it is asked hundreds of times, and nothing that is asked changes it."""


def rules(*kinds: Kind, method: str = "") -> list[Rule]:
    found = [rule for rule in APP.url_map.iter_rules() if kind_of(APP, rule) in kinds]
    return sorted((rule for rule in found if not method or method in (rule.methods or ())), key=str)


def path_of(rule: Rule) -> str:
    path = rule.rule
    for argument in rule.arguments:
        for form in (f"<int:{argument}>", f"<path:{argument}>", f"<{argument}>"):
            path = path.replace(form, str(VALUES.get(argument, "none")))
    return path


@pytest.mark.parametrize("rule", rules(Kind.PUBLIC), ids=str)
def test_public_page_holds_no_session_and_no_token(rule: Rule) -> None:
    client = APP.test_client()
    client.set_cookie("viche_session", "ann")
    answer = client.get(path_of(rule), query_string=QUERIES.get(rule.rule))
    assert answer.headers.getlist("Set-Cookie") == []
    assert b"csrf_token" not in answer.data
    assert answer.status_code == 404 or "public" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/authorities/region/rules", "/petitions/700001/deadlines.ics"])
def test_public_page_with_its_data_is_there_and_cacheable(path: str, world: World) -> None:
    world.petitions.add(number=700_001, deadlines=[deadline("answer")])
    answer = world.app().test_client().get(path)
    assert answer.status_code == 200
    assert answer.cache_control.public


@pytest.mark.parametrize("rule", rules(*PRIVATE, method="POST"), ids=str)
def test_form_without_token_is_refused_and_says_so(rule: Rule) -> None:
    client = APP.test_client()
    client.set_cookie("viche_session", "otto")
    answer = client.post(path_of(rule))
    assert answer.status_code == 400
    assert "open for too long" in answer.text


@pytest.mark.parametrize("rule", rules(*PRIVATE, method="GET"), ids=str)
def test_private_page_is_kept_by_nobody(rule: Rule) -> None:
    client = APP.test_client()
    client.set_cookie("viche_session", "otto")
    assert "no-store" in client.get(path_of(rule)).headers["Cache-Control"]


def test_every_page_is_hardened_and_has_nothing_inline(browse: Callable[..., object], world: World) -> None:
    petition = world.petitions.add()
    for path in ("/", f"/petitions/{petition.number}", f"/petitions/{petition.number}/sign", "/sign-in", "/nope",
                 "/authorities/region/rules"):  # fmt: skip
        answer = world.app().test_client().get(path)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
