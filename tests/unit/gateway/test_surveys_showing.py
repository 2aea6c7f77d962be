"""How each kind of question is shown, and what is said of each fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2 as pb

from viche_gateway.portal.surveys.faults import FAULTS, MISSING, local_sentences, sentence_of
from viche_gateway.portal.surveys.showing import shown
from viche_gateway.testing import World
from viche_gateway.testing.surveys import question

PROTO = Path(__file__).resolve().parents[3] / "proto/viche/surveys/v1/answers.proto"
KINDS = [kind for kind in pb.QuestionKind.values() if kind not in (0, pb.QUESTION_KIND_CALCULATED)]
UNASKED = (pb.QUESTION_KIND_NOTE,)


def fault_reasons() -> list[str]:
    comment = re.search(r"Stable reason: (REQUIRED(?:.|\n)*?)\.\n  string reason", PROTO.read_text("utf-8"))
    assert comment is not None
    return re.findall(r"[A-Z_]{4,}", comment[1])


def asked(kind: Any, **fields: Any) -> pb.QuestionView:
    rows = [pb.OptionView(code=code, label=code, is_offered=True) for code in ("roads", "parks")]
    return question(
        kind, "it", "good", "bad", hint="Think twice", minimum=1, maximum=5,
        rows=rows if kind == pb.QUESTION_KIND_MATRIX else [], **fields,
    )  # fmt: skip


@pytest.mark.parametrize("reason", fault_reasons())
def test_reason_of_the_contract_has_its_sentence(reason: str) -> None:
    assert reason in FAULTS


@pytest.mark.parametrize("language", ["en", "uk", "bg", "ru"])
def test_sentence_takes_its_figures_from_the_question(world: World, language: str) -> None:
    view = question(
        pb.QUESTION_KIND_NUMBER, "it", minimum=-2.5, maximum=1000, step=0.5, min_selected=2, max_selected=3,
        min_length=4, max_length=500, earliest="2026-03-01", latest="2026-03-27T14:30",
        options=[pb.OptionView(code="none", label="None of these", is_exclusive=True)],
    )  # fmt: skip
    with world.app().test_request_context("/", environ_overrides={"viche.language": language}):
        said = {reason: sentence_of(view, reason, {}) for reason in FAULTS}
    assert all(said.values())
    assert not [reason for reason, sentence in said.items() if "%(" in sentence or "–" in sentence]


def test_sentence_of_the_survey_stands_for_a_constraint(world: World) -> None:
    with world.app().test_request_context("/"):
        view = question(pb.QUESTION_KIND_NUMBER, "it", constraint_message="At most your age.")
        assert sentence_of(view, "CONSTRAINT", {}) == "At most your age."
        assert sentence_of(view, "CONSTRAINT", {}, "Own words") == "Own words"


@pytest.mark.parametrize("kind", KINDS, ids=pb.QuestionKind.Name)
def test_kind_is_shown_with_its_label_and_help(world: World, kind: int) -> None:
    survey = world.surveys.add([asked(kind, allows_dont_know=kind not in UNASKED)])
    page = world.app().test_client().get(f"/surveys/{survey.number}/answer").text
    assert "It?" in page
    assert "Think twice" in page
    if kind not in UNASKED:
        assert re.search(r'name="it(\.\w+)?"', page)
        assert 'name="it.dont_know" value="1"' in page


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in UNASKED], ids=pb.QuestionKind.Name)
def test_summary_leads_to_an_input_of_the_kind(world: World, kind: int) -> None:
    survey = world.surveys.add([asked(kind, is_required=True)])
    app = world.app(rate_factor=1000)
    page = pb.AnswerPage()
    page.CopyFrom(world.surveys.pages[survey.number][0])
    page.items[0].question.faults.add(field="it", reason="REQUIRED")
    world.surveys.pages[survey.number][0].CopyFrom(page)
    with app.test_request_context("/"):
        (summary,) = shown(page).summary()
    text = app.test_client().get(f"/surveys/{survey.number}/answer").text
    assert re.search(rf'<(input|select|textarea)[^>]* id="{re.escape(summary["href"][1:])}"', text)
    assert f'id="{"q-it"}-error"' in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in UNASKED], ids=pb.QuestionKind.Name)
def test_missing_answer_is_said_in_words_of_the_kind(kind: int) -> None:
    assert kind in MISSING or kind == pb.QUESTION_KIND_TEXT


def test_hidden_question_is_there_disabled_with_its_condition(world: World) -> None:
    view = question(pb.QUESTION_KIND_TEXT, "why", is_hidden=True, relevant='park == "lamps"')
    survey = world.surveys.add([view])
    page = world.app().test_client().get(f"/surveys/{survey.number}/answer").text
    assert 'data-relevant="park == &#34;lamps&#34;" hidden disabled' in page
    assert 'name="-shown" value=""' in page
    assert "data-expressions=" in page


def test_page_without_conditions_loads_no_expressions(world: World) -> None:
    survey = world.surveys.add([question(pb.QUESTION_KIND_TEXT, "why")])
    assert "data-expressions=" not in world.app().test_client().get(f"/surveys/{survey.number}/answer").text


def test_what_may_be_left_out_says_so(world: World) -> None:
    must = question(pb.QUESTION_KIND_TEXT, "who", is_required=True)
    survey = world.surveys.add([question(pb.QUESTION_KIND_TEXT, "why"), must])
    page = world.app().test_client().get(f"/surveys/{survey.number}/answer").text
    assert page.count("(optional)") == 1


def test_matrix_names_each_button_by_row_and_option(world: World) -> None:
    survey = world.surveys.add([asked(pb.QUESTION_KIND_MATRIX)])
    page = world.app().test_client().get(f"/surveys/{survey.number}/answer").text
    assert 'name="it.roads" type="radio" value="good" aria-labelledby="q-it.roads-title q-it.roads-label"' in page


def test_only_a_page_that_asks_for_a_place_may_ask_the_browser(world: World) -> None:
    place = world.surveys.add([question(pb.QUESTION_KIND_LOCATION, "place")])
    other = world.surveys.add([question(pb.QUESTION_KIND_TEXT, "why")])
    client = world.app().test_client()
    allowed = [
        client.get(f"/surveys/{each.number}/answer").headers.getlist("Permissions-Policy") for each in (place, other)
    ]
    assert "geolocation=(self)" in allowed[0][0]
    assert "geolocation=()" in allowed[1][0]
    assert len(allowed[0]) == 1


def test_script_gets_the_sentences_that_it_may_say(world: World) -> None:
    with world.app().test_request_context("/"):
        said = local_sentences(question(pb.QUESTION_KIND_NUMBER, "it", maximum=12, constraint="value > 1"))
    assert said["TOO_LARGE"] == "This must be 12 or less."
    assert set(said) == {"REQUIRED", "NOT_A_NUMBER", "TOO_SMALL", "TOO_LARGE", "CONSTRAINT"}
