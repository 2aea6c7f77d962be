"""Writing surveys in the console."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2
from viche.surveys.v1 import surveys_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.survey_office import NONSENSE
from viche_gateway.testing.surveys import question

Browse = Callable[..., Browser]
QUESTION: dict[str, Any] = {
    "name": "transport", "kind": "single", "label": {"en": "How do you travel?"},
    "options": [{"code": "bus", "label": {"en": "By bus"}}, {"code": "foot", "label": {"en": "On foot"}}],
}  # fmt: skip
AGE: dict[str, Any] = {"name": "age", "kind": "number", "label": {"en": "How old are you?"}}


def document(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    page = {"name": "page_1", "items": list(items)}
    return {"format": "viche-survey/1", "languages": ["en"], "title": {"en": "Ways"}, "pages": [page], **fields}


def started(world: World, *items: dict[str, Any], **fields: Any) -> str:
    """The path of a draft."""
    return f"/console/surveys/{world.survey_office.add(COUNCIL, document(*items), **fields).survey.id}"


def asked(world: World, path: str) -> Any:
    return world.survey_office.document(path.split("/")[3])


def send(browser: Browser, path: str, **fields: Any) -> Any:
    """Sends the form of the open page with its hidden fields as a browser does."""
    assert browser.page is not None
    hidden = {
        name: html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.page.text)
    }
    return browser.send(path, **{**hidden, **fields})


def filled(browser: Browser) -> dict[str, str]:
    """What is written in the fields of the open page."""
    assert browser.page is not None
    text = browser.page.text
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', text)
    inputs = re.findall(r'<input class="govuk-input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', text)
    return {name: html.unescape(value).strip("\n") for name, value in [*areas, *inputs]}


def test_the_queue_says_state_and_leads_to_each_survey(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    page = browse("otto").open("/console/surveys").text
    assert f'href="{path}"' in page
    assert "Draft" in page
    assert f'href="{path}"' not in browse("otto").open("/console/surveys?state=open").text


def test_a_blank_survey_is_begun_and_gets_a_question(browse: Browse, world: World) -> None:
    browser = browse("otto")
    browser.open("/console/surveys/new/blank")
    answer = browser.send("/console/surveys/new/blank", title="Ways", language="en", authority_id=TOWN)
    path = answer.headers["Location"].partition("?")[0]
    assert world.survey_office.known[path.split("/")[3]].survey.authority_id == TOWN
    assert "The survey asks nothing yet." in browser.open(path).text
    browser.open(f"{path}/add?to=page_1")
    new = f"{path}/items?kind=single&to=page_1"
    browser.open(new)
    fields = {"label.en": "How do you travel?", "options.en": "bus | By bus\nOn foot", "name": "transport"}
    assert send(browser, new, **fields).status_code == 303
    (item,) = asked(world, path)["pages"][0]["items"]
    assert item["options"][1] == {"code": "option_1", "label": {"en": "On foot"}}
    page = browser.open(path).text
    assert "How do you travel?" in page
    assert f'href="{path}/open"' in page


def test_what_is_missing_of_a_blank_survey_is_said(browse: Browse, world: World) -> None:
    browser = browse("otto")
    browser.open("/console/surveys/new/blank")
    page = browser.send("/console/surveys/new/blank", title="", language="xx")
    assert page.status_code == 400
    assert 'id="title-error"' in page.text
    assert 'id="language-error"' in page.text
    assert 'id="authority_id-error"' in page.text
    assert world.survey_office.known == {}


def test_a_ready_survey_is_shown_and_copied_with_its_settings(browse: Browse, world: World) -> None:
    world.survey_office.ready.append(
        pb.ReadySurvey(
            name="feedback", definition_json=json.dumps(document(QUESTION)), purpose={"en": "Feedback"},
            settings=pb.SurveySettings(admission=pb.ADMISSION_PERSON, results=pb.RESULTS_VISIBILITY_CLOSED, k=20),
        )
    )  # fmt: skip
    browser = browse("otto")
    assert "Feedback" in browser.open("/console/surveys/new").text
    assert "How do you travel?" in browser.open("/console/surveys/new/ready/feedback").text
    assert browser.send("/console/surveys/new/ready/feedback", authority_id=COUNCIL).status_code == 303
    (made,) = world.survey_office.known.values()
    assert made.survey.settings.k == 20
    assert browser.open("/console/surveys/new/ready/nothing").status_code == 404


def upload(browser: Browser, name: str, content: bytes = b"content") -> Any:
    page = browser.open("/console/surveys/new/file").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields: Any = {**hidden, "file": (BytesIO(content), name)}
    browser.page = browser._client.post("/console/surveys/new/file", data=fields)  # pyright: ignore[reportPrivateUsage]
    return browser.page


def test_a_file_is_reported_first_and_saved_afterwards(browse: Browse, world: World) -> None:
    world.survey_office.forms["form.xlsx"] = pb.ReadFormResponse(
        definition_json=json.dumps(document(QUESTION)), format="xlsform", questions=1,
        changed=[pb.DefinitionFault(place="survey", reason="BARCODE_AS_TEXT", values={"sheet": "survey", "row": "5"})],
        refused=[pb.DefinitionFault(place="x", reason="DEVICE_LEFT_OUT", values={"name": "deviceid"})],
    )  # fmt: skip
    browser = browse("otto")
    page = upload(browser, "form.xlsx").text
    assert "1 question came over." in page
    assert "sheet survey, row 5" in page
    assert "A code is typed as text." in page
    assert "deviceid asks a device, not a person, and is left out." in page
    assert world.survey_office.known == {}
    assert send(browser, "/console/surveys/new/file/save", authority_id=COUNCIL).status_code == 303
    (made,) = world.survey_office.known.values()
    assert json.loads(made.definition_json) == document(QUESTION)


def test_a_file_that_does_not_compile_says_all_places_and_cannot_be_saved(browse: Browse, world: World) -> None:
    fault = pb.DefinitionFault(place="x", reason="UNKNOWN_TYPE", values={"sheet": "survey", "row": "3", "type": "txet"})
    world.survey_office.forms["form.xlsx"] = pb.ReadFormResponse(format="xlsform", refused=[fault])
    page = upload(browse("otto"), "form.xlsx")
    assert page.status_code == 400
    assert "There is no type txet." in page.text
    assert "Save as a draft" not in page.text


@pytest.mark.parametrize(("name", "content"), [("what.bin", b"?"), ("", b""), ("form.xlsx", b"")])
def test_a_file_that_is_none_is_refused_beside_the_field(browse: Browse, name: str, content: bytes) -> None:
    page = upload(browse("otto"), name, content)
    assert page.status_code == 400
    assert 'id="file-error"' in page.text


def test_a_copy_has_the_questions_and_no_times(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    world.survey_office.known[path.split("/")[3]].survey.settings.closes_at.GetCurrentTime()
    browser = browse("otto")
    browser.open(path)
    browser.send("/console/surveys/new/copy", survey_id=path.split("/")[3])
    copied = list(world.survey_office.known.values())[1]
    assert json.loads(copied.definition_json) == document(QUESTION)
    assert not copied.survey.settings.HasField("closes_at")


def test_a_question_shows_what_it_says_and_saving_it_unchanged_changes_nothing(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    browser.open(f"{path}/items/transport")
    values = filled(browser)
    assert values["options.en"] == "bus | By bus\nfoot | On foot"
    send(browser, f"{path}/items/transport", **values)
    assert asked(world, path) == document(QUESTION)


def test_a_condition_that_cannot_be_understood_is_saved_and_said_beside_its_field(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(f"{path}/items/age")
    answer = send(browser, f"{path}/items/age", **{**filled(browser), "relevant": NONSENSE})
    page = browser.open(answer.headers["Location"]).text
    assert 'id="relevant-error"' in page
    assert "cannot be understood" in page
    overview = browser.open(path).text
    assert "cannot be understood" in overview
    assert f'href="{path}/open"' not in overview


def test_an_open_survey_takes_no_change_with_faults_and_loses_nothing(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE, state=pb.SURVEY_STATE_OPEN)
    browser = browse("otto")
    browser.open(f"{path}/items/age")
    values = {**filled(browser), "relevant": NONSENSE, "label.en": "Your age?"}
    page = send(browser, f"{path}/items/age", **values)
    assert page.status_code == 400
    assert 'id="relevant-error"' in page.text
    assert "Your age?" in page.text
    assert "becomes version 2" in page.text
    assert asked(world, path) == document(QUESTION, AGE)


def test_numbers_and_names_are_checked_before_anything_is_saved(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(f"{path}/items/age")
    page = send(browser, f"{path}/items/age", **{**filled(browser), "minimum": "many", "name": "transport"}).text
    assert 'id="minimum-error"' in page
    assert "Something else is called transport already." in page
    assert asked(world, path) == document(QUESTION, AGE)


def test_levels_of_places_are_offered_with_examples_and_kept_as_numbers(browse: Browse, world: World) -> None:
    town = {"name": "town", "kind": "territory", "label": {"en": "Where do you live?"}, "levels": [7]}
    path = started(world, town)
    browser = browse("otto")
    page = browser.open(f"{path}/items/town").text
    assert "Level 1, the largest, for instance Dibrova Region" in page
    assert re.search(r'value="7"[^>]* checked', page)
    assert "Level 7, which has no places" in page
    send(browser, f"{path}/items/town", **{**filled(browser), "levels": ["2", "1", "x"]})
    assert asked(world, path) == document({**town, "levels": [1, 2]})
    browser.open(f"{path}/items/town")
    send(browser, f"{path}/items/town", **filled(browser))
    assert "levels" not in asked(world, path)["pages"][0]["items"][0]


def test_what_another_changed_in_the_same_question_is_shown_and_nothing_is_lost(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    mine, theirs = browse("otto"), browse("olga")
    mine.open(f"{path}/items/age")
    theirs.open(f"{path}/items/age")
    send(theirs, f"{path}/items/age", **{**filled(theirs), "label.en": "Age, please"})
    page = send(mine, f"{path}/items/age", **{**filled(mine), "label.en": "Your age?"})
    assert page.status_code == 409
    assert "Somebody has changed this meanwhile" in page.text
    assert "<ins>Age, please</ins>" in page.text
    assert filled(mine)["label.en"] == "Your age?"
    assert send(mine, f"{path}/items/age", **filled(mine)).status_code == 303
    assert asked(world, path)["pages"][0]["items"][1]["label"]["en"] == "Your age?"


def test_changes_of_different_questions_at_once_are_both_kept(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    mine = browse("otto")
    mine.open(f"{path}/items/age")
    theirs = document({**QUESTION, "label": {"en": "How do you get around?"}}, AGE)
    world.survey_office.before_update = lambda: world.survey_office.change(path.split("/")[3], theirs)
    assert send(mine, f"{path}/items/age", **{**filled(mine), "label.en": "Your age?"}).status_code == 303
    labels = [each["label"]["en"] for each in asked(world, path)["pages"][0]["items"]]
    assert labels == ["How do you get around?", "Your age?"]


def test_a_form_that_is_sent_twice_is_taken_once(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    new = f"{path}/items?kind=text&to=page_1"
    page = browser.open(new)
    fields = {"label.en": "Why?", "name": "why"}
    assert send(browser, new, **fields).status_code == 303
    browser.page = page
    assert send(browser, new, **fields).status_code == 303
    assert len(asked(world, path)["pages"][0]["items"]) == 2


def test_questions_are_moved_copied_taken_away_and_put_back(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(path)
    browser.send(f"{path}/items/age/act", act="up")
    browser.open(path)
    browser.send(f"{path}/items/age/act", act="copy")
    assert [each["name"] for each in asked(world, path)["pages"][0]["items"]] == ["age", "age_2", "transport"]
    browser.open(path)
    page = browser.send(f"{path}/items/age_2/act", act="delete")
    assert "is taken away" in page.text
    assert len(asked(world, path)["pages"][0]["items"]) == 2
    send(browser, f"{path}/restore")
    assert [each["name"] for each in asked(world, path)["pages"][0]["items"]] == ["age", "age_2", "transport"]


def test_a_question_moves_to_another_page(browse: Browse, world: World) -> None:
    path = started(world, QUESTION, AGE)
    browser = browse("otto")
    browser.open(f"{path}/items?kind=page")
    send(browser, f"{path}/items?kind=page", **{"title.en": "You", "name": "you"})
    assert "You" in browser.open(f"{path}/items/age/move").text
    assert send(browser, f"{path}/items/age/move", container="nowhere").status_code == 400
    send(browser, f"{path}/items/age/move", container="you")
    assert [each["name"] for page in asked(world, path)["pages"] for each in page["items"]] == ["transport", "age"]


def test_groups_and_limits_are_written(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    new = f"{path}/items?kind=repeat&to=page_1"
    browser.open(new)
    send(browser, new, **{"label.en": "Children", "name": "children", "repeat_maximum": "9"})
    assert asked(world, path)["pages"][0]["items"][1]["repeat"] == {"maximum": 9}
    new = f"{path}/items?kind=quota"
    browser.open(new)
    send(browser, new, condition='transport == "bus"', limit="100", name="buses")
    assert asked(world, path)["quotas"] == [{"name": "buses", "condition": 'transport == "bus"', "limit": 100}]
    assert "at most 100 where" in browser.open(path).text


def test_limit_that_was_taken_away_is_put_back_where_it_was(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    limits = [{"name": name, "condition": f'transport == "{name}"', "limit": 100} for name in ("bus", "foot")]
    world.survey_office.known[path.split("/")[3]].definition_json = json.dumps(document(QUESTION, quotas=limits))
    browser = browse("otto")
    browser.open(f"{path}/limits/bus")
    page = send(browser, f"{path}/limits/bus", act="delete").text
    assert "“bus” is taken away." in page
    assert [each["name"] for each in asked(world, path)["quotas"]] == ["foot"]
    send(browser, f"{path}/restore")
    assert asked(world, path)["quotas"] == limits
    send(browser, f"{path}/restore")  # pressed twice
    assert asked(world, path)["quotas"] == limits


def test_title_introduction_and_thanks_are_written(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    browser.open(f"{path}/texts")
    send(browser, f"{path}/texts", **{"title.en": "Ways to work", "introduction.en": "", "thanks.en": "Thank you!"})
    found = asked(world, path)
    assert (found["title"], found["thanks"], "introduction" in found) == (
        {"en": "Ways to work"}, {"en": "Thank you!"}, False,
    )  # fmt: skip


def test_settings_are_changed_and_what_is_wrong_stands_beside_its_field(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    browser.open(f"{path}/settings")
    values = {"admission": "person", "territory_code": "R1", "results": "closed", "k": "4", "opens_at": "tomorrow"}
    page = send(browser, f"{path}/settings", **values)
    assert 'id="opens_at-error"' in page.text
    values |= {"opens_at": "2027-03-01T14:00"}
    assert 'id="k-error"' in send(browser, f"{path}/settings", **values).text
    assert send(browser, f"{path}/settings", **{**values, "k": "25"}).status_code == 303
    found = world.survey_office.known[path.split("/")[3]].survey.settings
    assert (found.k, found.territory_code, found.is_listed) == (25, "R1", False)
    assert 'value="2027-03-01T14:00"' in browser.open(f"{path}/settings").text


def test_settings_that_another_changed_are_said_and_nothing_is_lost(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    mine, theirs = browse("otto"), browse("olga")
    mine.open(f"{path}/settings")
    theirs.open(f"{path}/settings")
    values = {"admission": "open", "results": "live", "k": "10"}
    send(theirs, f"{path}/settings", **{**values, "k": "30"})
    page = send(mine, f"{path}/settings", **{**values, "k": "15"})
    assert page.status_code == 409
    assert "Here it now says: 30" in page.text
    assert send(mine, f"{path}/settings", **{**values, "k": "15"}).status_code == 303


def test_a_survey_opens_closes_and_stays_closed(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    assert "How do you travel?" in browser.open(f"{path}/open").text
    browser.send(f"{path}/open")
    assert "becomes version 2" in browser.open(path).text
    browser.open(f"{path}/close")
    browser.send(f"{path}/close")
    page = browser.open(path).text
    assert "Takes no answers any more" in page
    assert f'href="{path}/items/transport"' not in page
    assert browser.open(f"{path}/items/transport").status_code == 409


def test_a_survey_with_faults_does_not_open(browse: Browse, world: World) -> None:
    path = started(world)
    browser = browse("otto")
    browser.open(f"{path}/open")
    browser.open(f"{path}/close")
    page = browser.send(f"{path}/open")
    assert page.status_code == 400
    assert "This survey cannot be answered as it is written." in page.text
    assert "The survey asks nothing yet." in page.text


def test_a_draft_is_thrown_away_and_one_with_answers_is_not(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    world.survey_office.known[path.split("/")[3]].responses = 1
    browser = browse("otto")
    browser.open(f"{path}/delete")
    assert "cannot be thrown away" in browser.send(f"{path}/delete").text
    world.survey_office.known[path.split("/")[3]].responses = 0
    browser.open(f"{path}/delete")
    assert browser.send(f"{path}/delete").status_code == 303
    assert world.survey_office.known == {}


def test_a_survey_is_taken_home_as_a_file(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    answer = browse("otto").open(f"{path}/form/viche")
    assert json.loads(answer.data) == document(QUESTION)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert browse("otto").open(f"{path}/form/word").status_code == 404


def previewed(world: World) -> str:
    """The path of a survey whose pages the doubles show; the first of its two pages has a question that must be."""
    public = world.surveys.add(
        [question(answers_pb2.QUESTION_KIND_TEXT, "name", is_required=True)],
        [question(answers_pb2.QUESTION_KIND_TEXT, "why")],
    )
    return started(world, QUESTION, id=public.id)


def test_a_preview_goes_page_by_page_and_keeps_nothing(browse: Browse, world: World) -> None:
    path = previewed(world)
    browser = browse("otto")
    assert "nothing of what you fill in is kept" in browser.open(f"{path}/preview").text
    carried = {"-page": "page1", "-shown": "name", "-carried": "{}"}
    assert "This needs another look" in browser.send(f"{path}/preview", **carried, name="").text
    page = browser.send(f"{path}/preview", **carried, name="Ann")
    assert 'name="why"' in page.text
    kept = re.search(r'name="-carried" value="([^"]*)"', page.text)
    assert kept
    assert json.loads(html.unescape(kept[1])) == {"name": ["Ann"]}
    last = {"-page": "page2", "-shown": "why", "-carried": html.unescape(kept[1])}
    assert "Thank you" in browser.send(f"{path}/preview", **last).text
    assert world.surveys.taken == []


def test_a_question_that_the_answers_bring_up_keeps_the_page_of_a_preview(browse: Browse, world: World) -> None:
    path = previewed(world)
    browser = browse("otto")
    browser.open(f"{path}/preview")
    page = browser.send(f"{path}/preview", **{"-page": "page1", "-shown": "", "-carried": '{"name": ["Ann"]}'})
    assert "Your answers bring up more questions." in page.text
    assert 'name="name"' in page.text


def test_what_was_cleared_on_a_page_does_not_come_back_in_a_preview(browse: Browse, world: World) -> None:
    path = previewed(world)
    browser = browse("otto")
    browser.open(f"{path}/preview")
    carried = {"-page": "page1", "-shown": "name", "-carried": '{"name": ["Ann"], "name.dont_know": ["1"]}'}
    assert "This needs another look" in browser.send(f"{path}/preview", **carried).text


def test_a_language_is_added_put_first_and_taken_away_with_its_texts(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")

    def change(**fields: str) -> int:
        browser.open(f"{path}/languages")
        return browser.send(f"{path}/languages", **fields).status_code

    assert change(act="remove", language="en") == 400  # the only one
    assert change(act="add", language="nonsense") == 400
    assert change(act="add", language="uk") == 303
    browser.open(f"{path}/items/transport")
    fields = {**filled(browser), "label.uk": "Як ви їздите?", "options.uk": "bus | Автобусом"}
    send(browser, f"{path}/items/transport", **fields)
    item = asked(world, path)["pages"][0]["items"][0]
    assert item["options"][0]["label"] == {"en": "By bus", "uk": "Автобусом"}
    assert change(act="first", language="uk") == 303
    assert asked(world, path)["languages"] == ["uk", "en"]
    assert change(act="remove", language="uk") == 303
    assert asked(world, path) == document(QUESTION)


def test_links_are_made_once_and_told_once(browse: Browse, world: World) -> None:
    settings = pb.SurveySettings(admission=pb.ADMISSION_LINK, k=10)
    path = started(world, QUESTION, settings=settings, number=501, state=pb.SURVEY_STATE_OPEN)
    browser = browse("otto")
    page = browser.open(f"{path}/links")
    answer = browser.send(f"{path}/links", count="2")
    assert answer.data.decode().splitlines()[1] == (
        "http://127.0.0.1:8080/surveys/501/answer?invitation=secret-1"
    )  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store"
    browser.page = page
    again = browser.send(f"{path}/links", count="2")
    assert "cannot be told again" in again.text
    assert "2 links were made" in again.text
    assert 'id="count-error"' in browser.send(f"{path}/links", count="20000").text


def test_links_need_a_survey_that_is_answered_by_them(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    assert "This survey is not answered by links" in browse("otto").open(f"{path}/links").text


def test_moderators_read_surveys_and_do_not_write_them(browse: Browse, world: World) -> None:
    world.identity.add_person("mona", COUNCIL, role="moderator", name="Mona Moderator")
    path = started(world, QUESTION)
    browser = browse("mona")
    page = browser.open(path).text
    assert "How do you travel?" in page
    assert f"{path}/items/transport" not in page
    for closed in ("/console/surveys/new", f"{path}/items/transport", f"{path}/settings", f"{path}/open"):
        assert browser.open(closed).status_code == 303


def test_texts_are_written_beside_those_of_the_first_language(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    browser = browse("otto")
    browser.open(f"{path}/languages")
    browser.send(f"{path}/languages", act="add", language="uk")
    page = browser.open(f"{path}/languages/uk").text
    assert "How do you travel?" in page
    texts = {".title": "Шляхи", "transport.label": "Як ви їздите?", "transport.options.bus": "Автобусом"}
    send(browser, f"{path}/languages/uk", **texts)
    found = asked(world, path)
    assert found["title"] == {"en": "Ways", "uk": "Шляхи"}
    (item,) = found["pages"][0]["items"]
    assert item["label"]["uk"] == "Як ви їздите?"
    assert [each["label"] for each in item["options"]] == [{"en": "By bus", "uk": "Автобусом"}, {"en": "On foot"}]
    assert 'value="Автобусом"' in browser.open(f"{path}/languages/uk").text
    send(browser, f"{path}/languages/uk", **dict.fromkeys(texts, ""))
    assert asked(world, path) == {**document(QUESTION), "languages": ["en", "uk"]}
    assert browser.open(f"{path}/languages/en").status_code == 404
