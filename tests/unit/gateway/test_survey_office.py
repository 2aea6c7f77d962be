"""Writing surveys in the console."""

from __future__ import annotations

import json

from viche.surveys.v1 import surveys_pb2 as pb

from tests.unit.gateway.survey_desk import QUESTION, Browse, asked, document, filled, send, started
from viche_gateway.testing import COUNCIL, TOWN, World


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


def test_a_copy_has_the_questions_and_no_times(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    world.survey_office.known[path.split("/")[3]].survey.settings.closes_at.GetCurrentTime()
    browser = browse("otto")
    browser.open(path)
    browser.send("/console/surveys/new/copy", survey_id=path.split("/")[3])
    copied = list(world.survey_office.known.values())[1]
    assert json.loads(copied.definition_json) == document(QUESTION)
    assert not copied.survey.settings.HasField("closes_at")


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
