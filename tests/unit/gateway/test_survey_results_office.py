"""Results and files with answers for those who wrote a survey."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from viche.surveys.v1 import answers_pb2
from viche.surveys.v1 import results_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_chassis.errors import Code, InvalidFields, invalid
from viche_gateway.console import survey_exports
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.results import cell, single

Browse = Callable[..., Browser]
DOCUMENT = {
    "format": "viche-survey/1", "languages": ["en", "uk"], "title": {"en": "The park"},
    "pages": [{"name": "page_1", "items": [{"kind": "text", "name": "wish", "label": {"en": "Your wish?"}}]}],
}  # fmt: skip
WISH = pb.QuestionResults(name="wish", kind=answers_pb2.QUESTION_KIND_TEXT, label={"en": "Your wish?"}, answered=3)
PARK = single("park", cell("benches", 2, 0.67), cell("lamps", 1, 0.33), answered=3)


@pytest.fixture
def survey_id(world: World) -> str:
    """A survey that three have answered."""
    made = world.survey_office.add(COUNCIL, DOCUMENT, number=501, title={"en": "The park"}, languages=["en", "uk"])
    world.results.exact[made.survey.id, ""] = pb.Results(responses=3, k=10, questions=[PARK, WISH])
    return made.survey.id


def test_officers_see_exact_numbers_under_k(browse: Browse, survey_id: str) -> None:
    page = browse("otto").open(f"/console/surveys/{survey_id}/results").text
    assert "67% (2)" in page
    assert "Answers: 3" in page
    assert f"/console/surveys/{survey_id}/results/texts/wish" in page
    assert f"/console/surveys/{survey_id}/results/exports" in page


def test_officers_see_the_answers_of_one_partner(browse: Browse, world: World, survey_id: str) -> None:
    partner = world.partners.add("https://school.example", title="School")
    only = single("park", cell("benches", 1, 1.0), answered=1)
    world.results.exact[survey_id, partner.id] = pb.Results(responses=1, k=10, questions=[only])
    page = browse("otto").open(f"/console/surveys/{survey_id}/results?partner={partner.id}").text
    assert "100% (1)" in page
    assert "through School" in page


def test_unknown_partner_is_not_found(browse: Browse, survey_id: str) -> None:
    assert browse("otto").open(f"/console/surveys/{survey_id}/results?partner=nobody").status_code == 404


def test_numbers_are_there_while_partners_are_not_known(browse: Browse, world: World, survey_id: str) -> None:
    browser = browse("otto")
    browser.open(f"/console/surveys/{survey_id}/results")
    world.channels["identity"].is_down = True
    assert "67% (2)" in browser.open(f"/console/surveys/{survey_id}/results").text


def test_texts_are_read_page_by_page(browse: Browse, world: World, survey_id: str) -> None:
    world.results.texts = [pb.TextAnswer(response_id=str(each), text=f"Wish {each} <b>") for each in range(60)]
    browser = browse("otto")
    page = browser.open(f"/console/surveys/{survey_id}/results/texts/wish").text
    assert "Wish 0 &lt;b&gt;" in page
    assert "Wish 50" not in page
    assert "Wish 50" in browser.open(f"/console/surveys/{survey_id}/results/texts/wish?after=50").text


@pytest.mark.parametrize(("role", "path"), [("press", "/texts/wish"), ("press", "/exports"), ("moderator", "/exports")])
def test_who_may_not_read_or_take_answers_is_not_led_there(
    browse: Browse, world: World, survey_id: str, role: str, path: str
) -> None:
    world.identity.add_person("pia", COUNCIL, role=role, name="Pia")
    assert f"/results{path}" not in browse("pia").open(f"/console/surveys/{survey_id}/results").text


def test_two_questions_stand_against_each_other(browse: Browse, world: World, survey_id: str) -> None:
    shares = (0.6, 0.25, 0.4, 0.75)
    world.results.table = pb.GetCrosstabResponse(
        row_codes=["a", "b"], column_codes=["x", "y"], responses=70, chi_square=12.345, degrees_of_freedom=1,
        row_labels=[pb.CodeLabel(code="a", label={"en": "Apples"})],
        column_labels=[pb.CodeLabel(code="y", label={"en": "Yellow"})], cramers_v=0.42,
        cells=[pb.CrosstabCell(count=10 + place, share=share) for place, share in enumerate(shares)],
    )  # fmt: skip
    path = f"/console/surveys/{survey_id}/results/table"
    page = browse("otto").open(f"{path}?rows=park&columns=mood.day&only=mood.night+good").text
    (asked,) = world.results.tables
    assert (asked.rows, asked.columns) == ("park", "mood.day")
    assert [(each.question, each.row, list(each.codes)) for each in asked.filters] == [("mood", "night", ["good"])]
    apples = page[page.index("Apples") : page.index(">b<")]
    assert apples.index("60%") < apples.index("25%")
    for said in ("Yellow", "40%", "75%", "Answers in the table: 70", "Chi-square 12.35", "Cramér's V 0.42"):
        assert said in page.replace("&#39;", "'")


def test_several_filters_hold_and_a_link_takes_each_away(browse: Browse, world: World, survey_id: str) -> None:
    path = f"/console/surveys/{survey_id}/results/table"
    asked = "rows=park&only=park+benches&only=park+lamps&only=mood.night+good&only="
    page = browse("otto").open(f"{path}?{asked}&weigh=park&share:park:benches=60&share:park:lamps=40").text
    (wanted,) = world.results.tables
    filters = [(each.question, each.row, list(each.codes)) for each in wanted.filters]
    assert filters == [("park", "", ["benches", "lamps"]), ("mood", "night", ["good"])]
    assert page.count('type="hidden" name="only"') == 3
    assert '<option value="park benches"' not in page  # is chosen already
    ways = [
        parse_qs(urlsplit(unescape(each)).query) for each in re.findall(r'href="([^"]*/results/table\?[^"]*)"', page)
    ]
    kept = {"rows": ["park"], "weigh": ["park"], "share:park:benches": ["60"], "share:park:lamps": ["40"]}
    assert {**kept, "only": ["park benches", "mood.night good"]} in ways
    assert {**kept, "only": ["park benches", "park lamps"]} in ways
    assert {"rows": ["park"], "only": ["park benches", "park lamps", "mood.night good"]} in ways  # without weights


def test_values_of_a_scale_are_called_as_in_the_results(browse: Browse, world: World, survey_id: str) -> None:
    worth = single("worth", cell("1", 2, 0.67, label={"en": "Not at all"}), kind=answers_pb2.QUESTION_KIND_SCALE)
    world.results.exact[survey_id, ""] = pb.Results(responses=3, k=10, questions=[worth])
    labels = [pb.CodeLabel(code="1", label={"en": "Not at all"}), pb.CodeLabel(code="2")]
    world.results.table = pb.GetCrosstabResponse(row_codes=["1", "2"], row_labels=labels, cells=[pb.CrosstabCell()] * 2)
    page = browse("otto").open(f"/console/surveys/{survey_id}/results/table?rows=worth").text
    assert 'scope="row">1 – Not at all</th>' in page
    assert 'scope="row">2</th>' in page


def test_answers_are_weighted_by_known_shares(browse: Browse, world: World, survey_id: str) -> None:
    world.results.table = pb.GetCrosstabResponse(
        row_codes=["a"], responses=70, effective_n=54.4, margin_gap=0.02, cells=[pb.CrosstabCell(count=70, share=1)]
    )
    path = f"/console/surveys/{survey_id}/results/table?rows=park&weigh=park"
    browser = browse("otto")
    page = browser.open(path).text
    assert 'name="share:park:benches"' in page
    assert "do not weight anything yet" in page
    page = browser.open(f"{path}&share:park:benches=33,5&share:park:lamps=66.5+%25").text
    first, second = world.results.tables
    assert not first.margins
    ((question, shares),) = [(each.question, dict(each.shares)) for each in second.margins]
    assert (question, shares) == ("park", pytest.approx({"benches": 0.335, "lamps": 0.665}))
    assert "as much as 54 without weights" in page
    assert "cannot all be reached" in page
    assert 'value="33,5"' in page


@pytest.mark.parametrize(
    ("shares", "field", "said"),
    [
        ("share:park:benches=60", "share:park:benches", "must add up"),
        ("share:park:benches=many&share:park:lamps=40", "share:park:benches", "between 0 and 100"),
        ("share:park:benches=60&share:park:lamps=nan", "share:park:lamps", "between 0 and 100"),
    ],
)
def test_shares_that_are_none_are_said_beside_their_field(
    browse: Browse, world: World, survey_id: str, shares: str, field: str, said: str
) -> None:
    answer = browse("otto").open(f"/console/surveys/{survey_id}/results/table?rows=park&weigh=park&{shares}")
    assert answer.status_code == 400
    beside = answer.text[answer.text.index(f'id="{field}-error"') :]
    assert said in beside[: beside.index("</p>")]
    assert world.results.tables == []


def test_a_share_of_an_answer_that_nobody_gave_is_said_beside_it(
    browse: Browse, world: World, survey_id: str
) -> None:  # fmt: skip
    world.results.table = InvalidFields(invalid("margins[0].shares", "NOBODY_ANSWERED", value="lamps"))
    shares = "share:park:benches=60&share:park:lamps=40"
    answer = browse("otto").open(f"/console/surveys/{survey_id}/results/table?rows=park&weigh=park&{shares}")
    assert answer.status_code == 400
    beside = answer.text[answer.text.index('id="share:park:lamps-error"') :]
    assert "Nobody has answered Lamps" in beside


def test_a_table_of_nothing_asks_for_its_rows(browse: Browse, survey_id: str) -> None:
    answer = browse("otto").open(f"/console/surveys/{survey_id}/results/table?only=park+lamps")
    assert answer.status_code == 400
    assert 'id="rows-error"' in answer.text


def test_what_can_be_set_against_each_other_is_offered(browse: Browse, world: World, survey_id: str) -> None:
    page = browse("otto").open(f"/console/surveys/{survey_id}/results/table").text
    assert '<option value="park"' in page
    assert '<option value="park benches"' in page
    assert '<option value="wish"' not in page
    assert world.results.tables == []


def test_table_without_a_snapshot_says_so(browse: Browse, world: World, survey_id: str) -> None:
    world.results.table = refusal(Code.FAILED_PRECONDITION, "NO_SNAPSHOT")
    answer = browse("otto").open(f"/console/surveys/{survey_id}/results/table?rows=park")
    assert answer.status_code == 400
    assert "still being prepared" in answer.text
    assert '<option value="park" selected' in answer.text


def test_a_file_is_asked_for_watched_and_fetched(browse: Browse, world: World, survey_id: str) -> None:
    path = f"/console/surveys/{survey_id}/results/exports"
    browser = browse("otto")
    browser.open(path)
    answer = browser.send(path, format="sav", language="uk", with_personal="yes")
    assert answer.headers["Location"] == f"{path}?done=asked"
    (wanted,) = world.results.ordered
    assert (wanted.format, wanted.language, wanted.with_personal) == ("sav", "uk", True)
    (made,) = world.results.exports.values()
    made.export.state, made.export.written, made.export.total = "running", 40, 100
    page = browser.open(path).text
    assert '<progress class="export__progress" max="100" value="40"' in page
    assert "exports-" in page  # the script that looks again
    made.export.state = "done"
    made.object_key, made.codebook_key = "exports/1/survey-501.sav", "exports/1/survey-501.xml"
    world.objects.put(made.object_key, io.BytesIO(b"$FL2"), 4, "application/x-spss-sav")
    page = browser.open(path).text
    assert "<progress" not in page
    assert f"{path}/{made.export.id}/codebook" in page
    file = browser.open(f"{path}/{made.export.id}/file")
    assert file.data == b"$FL2"
    assert 'filename="survey-501.sav"' in file.headers["Content-Disposition"]
    assert browser.open(f"{path}/{made.export.id}/codebook").status_code == 404  # not in the store


def test_a_file_behind_a_link_is_fetched_there(browse: Browse, world: World, survey_id: str) -> None:
    path = f"/console/surveys/{survey_id}/results/exports"
    made = pb.Export(id="018f5c1e-0000-7000-8000-0000000000e1", survey_id=survey_id, state="done", format="csv")
    world.results.exports[made.id] = pb.GetExportResponse(export=made, download_url="https://store.example/1?sig=2")
    answer = browse("otto").open(f"{path}/{made.id}/file")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "https://store.example/1?sig=2"


def test_unknown_format_is_said_beside_its_field(browse: Browse, world: World, survey_id: str) -> None:
    path = f"/console/surveys/{survey_id}/results/exports"
    browser = browse("otto")
    browser.open(path)
    page = browser.send(path, format="docx", with_personal="yes")
    assert page.status_code == 400
    assert 'id="format-error"' in page.text
    assert world.results.ordered == []


def test_a_file_is_thrown_away(browse: Browse, world: World, survey_id: str) -> None:
    path = f"/console/surveys/{survey_id}/results/exports"
    browser = browse("otto")
    browser.open(path)
    browser.send(path, format="csv")
    (made,) = world.results.exports.values()
    browser.open(path)
    assert browser.send(f"{path}/{made.export.id}/cancel").status_code == 303
    assert made.export.state == "cancelled"
    page = browser.open(path).text
    assert "Thrown away" in page
    assert "/cancel" not in page


def test_a_file_of_another_survey_is_not_found(browse: Browse, world: World, survey_id: str) -> None:
    other = pb.Export(id="018f5c1e-0000-7000-8000-0000000000e2", survey_id=COUNCIL, state="done", format="csv")
    world.results.exports[other.id] = pb.GetExportResponse(export=other, object_key="exports/2/a.csv")
    assert browse("otto").open(f"/console/surveys/{survey_id}/results/exports/{other.id}/file").status_code == 404


def test_why_a_file_failed_is_said(browse: Browse, world: World, survey_id: str) -> None:
    id = "018f5c1e-0000-7000-8000-0000000000e3"
    made = pb.Export(id=id, survey_id=survey_id, state="failed", reason="EXPORT_FAILED")
    world.results.exports[made.id] = pb.GetExportResponse(export=made)
    assert "could not be made" in browse("otto").open(f"/console/surveys/{survey_id}/results/exports").text


@pytest.mark.parametrize("path", ["results", "results/exports", "results/texts/wish"])
def test_what_is_no_id_is_not_found(browse: Browse, path: str) -> None:
    assert browse("otto").open(f"/console/surveys/nonsense/{path}").status_code == 404


def test_files_with_answers_pass_through_unheld() -> None:
    path = "/uk/console/surveys/018f/results/exports/0190/"
    assert survey_exports.is_streamed(f"{path}file")
    assert survey_exports.is_streamed(f"{path}codebook")
    assert not survey_exports.is_streamed("/console/surveys/018f/results/exports")
