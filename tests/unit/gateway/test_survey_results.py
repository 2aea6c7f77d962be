"""Results for everybody: page, data, pictures."""

from __future__ import annotations

import csv
import io

import pytest
from viche.surveys.v1 import answers_pb2, surveys_pb2
from viche.surveys.v1 import results_pb2 as pb

from viche_gateway.testing import World
from viche_gateway.testing.results import cell, results, single
from viche_gateway.testing.surveys import question

PARK = question(answers_pb2.QUESTION_KIND_SINGLE, "park", "benches", "lamps")
CLEAR = single("park", cell("benches", 124, 0.62), cell("lamps", 76, 0.38))


def published(world: World, *questions: pb.QuestionResults, **fields: object) -> str:
    survey = world.surveys.add([PARK], **fields)
    world.results.public[survey.number] = results(world.surveys, survey.number, *questions)
    return f"/surveys/{survey.number}/results"


def test_page_says_the_finding_the_numbers_and_when(world: World) -> None:
    page = world.app().test_client().get(published(world, CLEAR)).text
    for said in ("62% say “Benches”", "62% (124)", "38% (76)", "57% to 67%", "Answers: 200", "22 November 2026"):
        assert said in page


def test_close_race_has_no_finding(world: World) -> None:
    close = single("park", cell("benches", 104, 0.52), cell("lamps", 96, 0.48))
    assert "say “" not in world.app().test_client().get(published(world, close)).text


def test_withheld_numbers_are_said_to_be_withheld(world: World) -> None:
    hidden = single("park", cell("benches", 190, 0.95), cell("lamps", -1, -1), cell("paths", -1, -1))
    page = world.app().test_client().get(published(world, hidden)).text
    assert page.count("too few to show") == 4  # beside the label and in the table
    assert "(-1)" not in page
    assert ">-1<" not in page
    assert "-100%" not in page


def test_of_several_choices_the_greatest_may_be_withheld_so_there_is_no_finding(world: World) -> None:
    several = single("park", cell("benches", 150, 0.75), cell("lamps", -1, -1), kind=answers_pb2.QUESTION_KIND_MULTIPLE)
    page = world.app().test_client().get(published(world, several)).text
    assert "chose “" not in page
    assert "several could be chosen" in page


def test_question_with_too_few_answers_shows_no_number(world: World) -> None:
    few = single("park", answered=-1, dont_know=-1)
    page = world.app().test_client().get(published(world, few)).text
    assert "Fewer than 10 people have answered this." in page


def test_too_few_answers_show_nothing_but_why(world: World) -> None:
    survey = world.surveys.add([PARK])
    world.results.public[survey.number] = pb.Results(k=10, is_withheld=True)
    page = world.app().test_client().get(f"/surveys/{survey.number}/results").text
    assert "too few answers to show yet" in page
    assert "results.csv" not in page


def test_polls_stand_beside_and_say_that_they_are_not_counted(world: World) -> None:
    path = published(world, CLEAR)
    found = next(iter(world.results.public.values()))
    poll = found.polls.add(platform="telegram", poll_id="1", question="park", voters=12, url="https://t.example/1")
    poll.taken_at.FromJsonString("2026-11-20T10:00:00Z")
    poll.options.add(text="Лавки", votes=7)
    page = world.app().test_client().get(path).text
    assert "Лавки: 7" in page
    assert "These votes are not counted above." in page


def test_results_that_are_not_public_are_refused(world: World) -> None:
    survey = world.surveys.add([PARK])
    answer = world.app().test_client().get(f"/surveys/{survey.number}/results")
    assert answer.status_code == 404
    assert "not shown, or not yet" in answer.text


def test_document_tells_withheld_from_none(world: World) -> None:
    hidden = single("park", cell("benches", 190, 0.95), cell("lamps", -1, -1))
    body = world.app().test_client().get(f"{published(world, hidden)}.json").json
    assert body is not None
    assert body["responses"] == 200
    assert [each["count"] for each in body["questions"][0]["cells"]] == [190, None]
    assert body["questions"][0]["cells"][1]["share"] is None


def test_table_has_a_row_for_each_count_and_lets_nothing_be_a_formula(world: World) -> None:
    tricky = single("park", cell("benches", 124, 0.62, label={"en": "=1+1"}), cell("lamps", -1, -1))
    answer = world.app().test_client().get(f"{published(world, tricky)}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["code"], row["count"]) for row in rows] == [("benches", "124"), ("lamps", "")]
    assert not rows[0]["label"].startswith("=")
    assert rows[0]["share"] == "0.62"


@pytest.mark.parametrize("ending", ["", ".json", ".csv", "/park.svg", "/park.png"])
def test_everything_is_the_same_for_everybody(world: World, ending: str) -> None:
    answer = world.app().test_client().get(f"{published(world, CLEAR)}{ending}")
    assert answer.status_code == 200
    assert answer.cache_control.public
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("name", ["lamps", "wish"])
def test_what_cannot_be_drawn_is_not_found(world: World, name: str) -> None:
    wish = single("wish", kind=answers_pb2.QUESTION_KIND_TEXT)
    assert world.app().test_client().get(f"{published(world, CLEAR, wish)}/{name}.png").status_code == 404


def test_closed_survey_has_results_and_no_more_so_far(world: World) -> None:
    page = world.app().test_client().get(published(world, CLEAR, state=surveys_pb2.SURVEY_STATE_CLOSED)).text
    assert "so far" not in page


def test_matrix_shows_rows_of_parts_and_a_table_of_all(world: World) -> None:
    cells = [
        cell(code, count, count / 100, row="clean", row_label={"en": "Cleanliness"})
        for code, count in (("bad", 40), ("good", 60))
    ]
    page = world.app().test_client().get(
        published(world, single("park", *cells, kind=answers_pb2.QUESTION_KIND_MATRIX))
    ).text  # fmt: skip
    assert "40% · 60%" in page
    assert page.count("Cleanliness") == 3  # beside the bar and in each row of the table


def test_ranking_tells_places_by_their_numbers(world: World) -> None:
    cells = [cell(place, 100, 0.5, row="lamps", row_label={"en": "Lamps"}, label={}) for place in ("1", "2")]
    page = world.app().test_client().get(
        published(world, single("park", *cells, kind=answers_pb2.QUESTION_KIND_RANKING))
    ).text  # fmt: skip
    assert "Place 1" in page
    assert "Place 2" in page


def test_number_has_a_mean_with_its_interval_and_unit(world: World) -> None:
    moments = pb.Moments(count=200, mean=7.31, deviation=2.14, mean_low=7.2, mean_high=7.42)
    number = single("park", kind=answers_pb2.QUESTION_KIND_NUMBER, moments=moments, unit={"en": "km"})
    page = world.app().test_client().get(published(world, number)).text
    assert "On average 7.3 km (95% interval: 7.2 to 7.4)" in page
    assert "Least" not in page


def test_mean_that_would_tell_who_did_not_know_has_no_interval(world: World) -> None:
    moments = pb.Moments(count=-1, mean=7.31, deviation=2.14, mean_low=7.31, mean_high=7.31)
    number = single("park", kind=answers_pb2.QUESTION_KIND_NUMBER, moments=moments, dont_know=-1)
    page = world.app().test_client().get(published(world, number)).text
    assert "On average 7.3<" in page
    assert "7.3 to" not in page
    assert "did not know: too few to show" in page


def test_text_in_another_language_says_which(world: World) -> None:
    foreign = single("park", cell("a", 200, 1.0, label={"ro": "Bănci"}), label={"ro": "Ce lipsește?"})
    page = world.app().test_client().get(published(world, foreign, languages=["ro"], title={"ro": "Parcul"})).text
    assert '<h2 class="govuk-heading-m" id="q-park" lang="ro">Ce lipsește?</h2>' in page
    assert '<span class="result__label" lang="ro">Bănci</span>' in page
