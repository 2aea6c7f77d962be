"""Answering a survey: whole or page by page, with nothing lost, on the portal and inside a partner's page."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from viche.identity.v1 import identity_pb2
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2
from werkzeug.test import TestResponse

from viche_chassis.errors import Code
from viche_gateway.portal.surveys import uploading
from viche_gateway.testing import World
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.surveys import question

NAME = question(pb.QUESTION_KIND_TEXT, "name", is_required=True)
PARK = question(pb.QUESTION_KIND_SINGLE, "park", "benches", "lamps", is_required=True)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ORIGIN = "https://school.example"
PERSON = surveys_pb2.SurveySettings(admission=surveys_pb2.ADMISSION_PERSON)
LINK = surveys_pb2.SurveySettings(admission=surveys_pb2.ADMISSION_LINK)
HUMAN = surveys_pb2.SurveySettings(needs_human_check=True)


class Reader:
    """Reads pages and sends their forms, with their hidden fields, to where they go."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse

    def open(self, path: str) -> str:
        self.page = self.client.get(path, follow_redirects=True)
        return self.page.text

    def send(self, headers: Any = None, **fields: Any) -> TestResponse:
        text = self.page.text
        action = re.search(r'<form[^>]*action="([^"]+)"', text)
        assert action is not None, text
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(text)}
        self.page = self.client.post(html.unescape(action[1]), data={**hidden, **fields}, headers=headers)
        return self.page


def reader(world: World, who: str = "", **settings: Any) -> Reader:
    client = world.app(**settings).test_client()
    if who:
        client.set_cookie("viche_session", who)
    return Reader(client)


def test_whole_answer_is_taken_once_and_thanked_for(world: World) -> None:
    survey = world.surveys.add([NAME, PARK], thanks={"en": "We read it all."})
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    answer = read.send(name="Ann", park="lamps")
    assert answer.status_code == 303
    assert world.surveys.taken == [{"name": ["Ann"], "park": ["lamps"]}]
    page = read.open(answer.headers["Location"])
    assert "Thank you, your answers count" in page
    assert "We read it all." in page
    assert f"/surveys/{survey.number}/results" in page


def test_what_was_shown_goes_along_and_who_answers_stays_unknown(world: World) -> None:
    survey = world.surveys.add([NAME, question(pb.QUESTION_KIND_TEXT, "why", is_hidden=True)])
    read = reader(world, "ann")
    read.open(f"/surveys/{survey.number}/answer")
    read.send(name="Ann")
    item = world.surveys.asked[-1]
    assert (item.version, item.seed, list(item.shown)) == (1, 7, ["name"])
    assert item.respondent.scope_token == ""


def test_fault_stands_in_summary_and_beside_its_field_and_nothing_is_lost(world: World) -> None:
    survey = world.surveys.add([NAME, PARK])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    answer = read.send(name="Ann <b>")
    assert answer.status_code == 400
    assert "<title>Needs another look:" in answer.text
    assert '<a href="#q-park">Park?: Choose one of the answers.</a>' in answer.text
    assert 'id="q-park-error"' in answer.text
    assert 'value="Ann &lt;b&gt;"' in answer.text
    assert read.send(name="Ann", park="lamps").status_code == 303


def test_a_question_may_be_called_like_the_guard_of_forms(world: World) -> None:
    survey = world.surveys.add([question(pb.QUESTION_KIND_TEXT, "csrf_token")])
    read = reader(world)
    page = read.open(f"/surveys/{survey.number}/answer")
    guard = dict(HIDDEN.findall(page))["csrf_token"]
    read.client.post(f"/surveys/{survey.number}/answer", data={"csrf_token": [guard, "mine"]})
    assert world.surveys.taken == [{"csrf_token": ["mine"]}]


def test_places_of_the_levels_that_are_asked_for_are_offered(world: World) -> None:
    survey = world.surveys.add([question(pb.QUESTION_KIND_TERRITORY, "town", levels=["2"])])
    page = reader(world).open(f"/surveys/{survey.number}/answer")
    assert re.findall(r'<option value="(\w+)"', page) == ["R2", "R1"]


def test_pages_follow_one_another_and_back_keeps_what_was_written(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    assert "Page 1 of 2" in read.open(f"/surveys/{survey.number}/answer")
    answer = read.send(name="Ann")
    assert answer.headers["Location"] == f"/surveys/{survey.number}/answers/draft-1/pages/page2"
    page = read.open(answer.headers["Location"])
    assert "Page 2 of 2" in page
    assert "Send my answers" in page
    back = read.send(**{"-move": "back", "park": "lamps"})
    assert 'value="Ann"' in read.open(back.headers["Location"])
    forward = read.send(name="Ann")
    assert re.search(r'value="lamps" checked', read.open(forward.headers["Location"]))
    assert read.send(park="lamps").headers["Location"] == f"/surveys/{survey.number}/thanks"
    assert world.surveys.taken == [{"name": ["Ann"], "park": ["lamps"]}]


def test_enter_in_a_field_goes_on_and_not_back(world: World) -> None:
    survey = world.surveys.add([NAME], [NAME])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    page = read.open(read.send(name="Ann").headers["Location"])
    first = re.findall(r"<button[^>]*>", page.partition('<form class="survey')[2])[0]
    assert "-move" not in first


def test_saving_gives_a_private_link_that_leads_back(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    page = read.open(read.send(**{"-move": "keep", "name": "Ann"}).headers["Location"])
    link = f"http://127.0.0.1:8080/surveys/{survey.number}/answers/draft-1"
    assert link in page
    assert 'value="Ann"' in read.open(f"/surveys/{survey.number}/answers/draft-1")


def test_script_keeps_what_is_written_and_hears_when(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    answer = read.send({"Accept": "application/json"}, **{"-move": "keep", "name": "Ann"})
    assert answer.get_json()["action"] == f"/surveys/{survey.number}/answers/draft-1/pages/page1"
    assert re.fullmatch(r"\d\d:\d\d", answer.get_json()["at"])


def test_repeat_grows_and_shrinks_by_buttons(world: World) -> None:
    inside = pb.InstanceView(items=[pb.ItemView(question=question(pb.QUESTION_KIND_TEXT, "child"))])
    group = pb.GroupView(name="children", label="Children", instances=[inside], is_repeat=True, can_add=True,
                         can_remove=True)  # fmt: skip
    survey = world.surveys.add([group], [PARK])
    read = reader(world)
    page = read.open(f"/surveys/{survey.number}/answer")
    assert 'name="children.count" value="1"' in page
    answer = read.send(**{"-move": "add:children"})
    assert answer.headers["Location"].endswith("/pages/page1#g-children")
    asked = world.surveys.asked[-1]
    assert (asked.move, asked.group) == (pb.SaveAnswerPageRequest.MOVE_ADD, "children")


def test_person_signs_in_first_and_is_known_by_a_pseudonym(world: World) -> None:
    survey = world.surveys.add([NAME], settings=PERSON)
    answer = reader(world).client.get(f"/surveys/{survey.number}/answer")
    assert answer.headers["Location"] == f"/sign-in?next=/surveys/{survey.number}/answer"
    read = reader(world, "ann")
    read.open(f"/surveys/{survey.number}/answer")
    read.send(name="Ann")
    assert world.surveys.asked[-1].respondent.scope_token == f"ann survey:{survey.id}"


@pytest.mark.parametrize(
    ("reason", "code", "status", "said"),
    [
        ("ALREADY_ANSWERED", Code.ALREADY_EXISTS, 409, "You have answered this survey already"),
        ("NOT_OPEN", Code.FAILED_PRECONDITION, 409, "takes no answers now"),
        ("QUOTA_FULL", Code.RESOURCE_EXHAUSTED, 409, "Enough people like you"),
        ("OTHER_TERRITORY", Code.PERMISSION_DENIED, 403, "Only people who live here may answer this survey"),
        ("ASSURANCE_TOO_LOW", Code.PERMISSION_DENIED, 403, "To answer this survey you must show who you are"),
        ("INVITATION_USED", Code.ALREADY_EXISTS, 409, "has been used to answer already"),
        ("DRAFT_OUTDATED", Code.FAILED_PRECONDITION, 409, "The questions were changed"),
    ],
)
def test_refusal_has_a_page_of_its_own(world: World, reason: str, code: Code, status: int, said: str) -> None:
    survey = world.surveys.add([NAME])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    world.surveys.refusals[survey.number] = refusal(code, reason)
    answer = read.send(name="Ann")
    assert answer.status_code == status
    assert said in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("reason", ["UNAVAILABLE", "TOO_MANY_REQUESTS", "OUTDATED_VERSION"])
def test_what_may_be_mended_carries_the_answers_to_the_next_press(world: World, reason: str) -> None:
    survey = world.surveys.add([NAME])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    world.surveys.refusals[survey.number] = refusal(Code.UNAVAILABLE, reason)
    assert "What you wrote is still here." in read.send(name="Ann").text
    del world.surveys.refusals[survey.number]
    assert read.send().status_code == 303
    assert world.surveys.taken == [{"name": ["Ann"]}]


def test_closed_survey_takes_nothing(world: World) -> None:
    survey = world.surveys.add([NAME], state=surveys_pb2.SURVEY_STATE_CLOSED)
    answer = reader(world).client.get(f"/surveys/{survey.number}/answer")
    assert answer.status_code == 409
    assert "This survey has closed" in answer.text


def test_programs_are_thanked_and_not_counted(world: World) -> None:
    survey = world.surveys.add([NAME], settings=HUMAN)
    read = reader(world)
    assert "data-challenge" in read.open(f"/surveys/{survey.number}/answer")
    assert read.send(**{"-homepage": "http://spam.example", "name": "x"}).status_code == 303
    assert world.surveys.taken == []


def test_few_answers_without_a_solved_challenge_are_taken(world: World) -> None:
    survey = world.surveys.add([NAME], settings=HUMAN)
    read = reader(world, rate_factor=0.1)
    for _ in range(2):
        read.open(f"/surveys/{survey.number}/answer")
        assert read.send(name="Ann").status_code == 303
    read.open(f"/surveys/{survey.number}/answer")
    answer = read.send(name="Ann")
    assert answer.status_code == 429
    assert "What you wrote is still here." in answer.text
    assert len(world.surveys.taken) == 2


def test_who_is_signed_in_solves_no_challenge(world: World) -> None:
    survey = world.surveys.add([NAME], settings=HUMAN)
    assert "data-challenge" not in reader(world, "ann").open(f"/surveys/{survey.number}/answer")


def test_file_is_stored_and_its_id_is_the_answer(world: World) -> None:
    survey = world.surveys.add([question(pb.QUESTION_KIND_FILE, "photo")])
    read = reader(world)
    assert "multipart/form-data" in read.open(f"/surveys/{survey.number}/answer")
    assert read.send(photo=(io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 900_000), "tree.png")).status_code == 303
    (file_id,) = world.surveys.taken[0]["photo"]
    assert world.surveys.uploads[0].media_type == "image/png"
    with world.objects.open(f"surveys/{survey.number}/{file_id}") as stored:
        assert b"".join(stored).startswith(b"\x89PNG")


def test_files_bring_no_more_text_along_than_a_form_without_them(world: World) -> None:
    survey = world.surveys.add([NAME, question(pb.QUESTION_KIND_TEXT, "why"), question(pb.QUESTION_KIND_FILE, "photo")])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    tree = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"x" * 900), "tree.png")
    assert read.send(name="x" * 140_000, why="y" * 140_000, photo=tree).status_code == 413
    assert world.surveys.taken == []


PHOTO = question(pb.QUESTION_KIND_FILE, "photo")
MEGABYTE = b"\x89PNG\r\n\x1a\n" + b"x" * 1_000_000


def test_a_survey_without_files_takes_no_large_body(world: World) -> None:
    survey = world.surveys.add([NAME])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    answer = read.send(name="Ann", photo=(io.BytesIO(MEGABYTE), "tree.png"))
    answer.request.environ["wsgi.input"].close()  # nobody has read it to its end
    assert answer.status_code == 413
    assert "Then write a little less." in answer.text
    assert world.surveys.taken == []


@pytest.mark.parametrize("framed", [False, True])
def test_too_much_is_refused_before_it_is_read_with_the_way_back_to_what_is_kept(
    world: World, framed: bool
) -> None:  # fmt: skip
    survey = world.surveys.add([NAME], [PHOTO])
    if framed:
        world.partners.add(ORIGIN)
    read = reader(world)
    start = f"/embed/surveys/{survey.number}?origin={ORIGIN}" if framed else f"/surveys/{survey.number}/answer"
    read.open(start)
    next_page = read.send(name="Ann").headers["Location"]
    read.open(next_page)
    body = Unread(uploading.MOST_FORM_BYTES + 1)

    answer = read.client.post(
        next_page,
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(body.size_bytes)},
    )

    assert answer.status_code == 413
    assert not body.is_read
    assert "Then choose smaller files" in answer.text
    assert "All that you sent before is kept." in answer.text


class Unread(io.RawIOBase):
    """A body that says how long it is, and whether anybody looked."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self.is_read = False

    def readinto(self, buffer: Any) -> int:
        self.is_read = True
        return 0


def test_refused_file_keeps_all_that_was_written(world: World) -> None:
    survey = world.surveys.add([NAME, question(pb.QUESTION_KIND_FILE, "photo")])
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer")
    answer = read.send(name="Ann", photo=(io.BytesIO(b"MZ program"), "tree.png"))
    assert answer.status_code == 400
    assert "does not take files of this kind" in answer.text
    assert 'value="Ann"' in answer.text
    assert world.surveys.taken == []


def test_language_that_the_portal_lacks_is_marked_and_explained(world: World) -> None:
    survey = world.surveys.add([NAME], languages=["ro", "hu"])
    page = reader(world).open(f"/surveys/{survey.number}/answer")
    assert 'lang="ro"' in page
    assert "Română" in page
    assert f'href="/surveys/{survey.number}/answer?lang=hu"' in page


def test_invitation_stays_on_the_way(world: World) -> None:
    survey = world.surveys.add(
        [NAME], [PARK], settings=surveys_pb2.SurveySettings(admission=surveys_pb2.ADMISSION_LINK)
    )
    read = reader(world)
    read.open(f"/surveys/{survey.number}/answer?invitation=secret")
    answer = read.send(name="Ann")
    assert world.surveys.asked[-1].respondent.invitation == "secret"
    assert answer.headers["Location"].endswith("/pages/page2?invitation=secret")


def test_inside_a_partners_page_there_is_no_cookie_and_the_partner_is_told(world: World) -> None:
    partner = world.partners.add(ORIGIN)
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world, "ann")
    read.open(f"/embed/surveys/{survey.number}/answer?origin={ORIGIN}&lang=en")
    assert read.page.headers.getlist("Set-Cookie") == []
    answer = read.send(name="Ann")
    assert answer.headers["Location"].startswith(f"/embed/surveys/{survey.number}/answers/draft-1/pages/page2?")
    assert world.surveys.asked[-1].respondent.partner_id == partner.id
    read.open(answer.headers["Location"])
    thanks = read.open(read.send(park="lamps").headers["Location"])
    assert "data-answered" in thanks
    assert read.page.headers.getlist("Set-Cookie") == []


def test_survey_of_persons_leads_out_of_the_frame(world: World) -> None:
    world.partners.add(ORIGIN)
    survey = world.surveys.add([NAME], settings=PERSON)
    page = reader(world, "ann").open(f"/embed/surveys/{survey.number}/answer?origin={ORIGIN}&lang=en")
    assert f'href="/surveys/{survey.number}/answer" target="_blank"' in page


def test_draft_of_another_survey_is_not_shown_under_this_one(world: World) -> None:
    first, second = world.surveys.add([NAME], [PARK]), world.surveys.add([NAME], [PARK])
    read = reader(world)
    read.open(f"/surveys/{first.number}/answer")
    read.send(name="Ann")
    assert reader(world).client.get(f"/surveys/{second.number}/answers/draft-1").status_code == 404


def many_places(world: World) -> None:
    """More than a select takes, three of them called alike."""
    names = [f"Place {number}" for number in range(60)] + ["Кам’янка", "Кам'янське", "Нова Кам'янка"]
    for number, name in enumerate(names):
        text = identity_pb2.LocalizedText(texts={"en": name})
        world.identity.territories.append(identity_pb2.Territory(code=f"P{number}", parent_code="R", name=text))


def test_a_place_among_many_is_found_by_a_part_of_its_name_and_nothing_is_lost(world: World) -> None:
    many_places(world)
    town = question(pb.QUESTION_KIND_TERRITORY, "town", levels=["2"])
    survey = world.surveys.add([NAME, town])
    read = reader(world)
    assert "<select" not in read.open(f"/surveys/{survey.number}/answer")
    page = read.send(**{"name": "Ann", "-find.town": "КАМЯН", "-move": "find:town"}).text
    assert re.findall(r'type="radio"[^>]* value="(\w+)"', page) == ["P61", "P60", "P62"]
    assert 'value="Ann"' in page
    assert 'value="КАМЯН"' in page
    assert not world.surveys.taken
    chosen = {"name": "Ann", "town": "P61"}
    page = read.send(**{**chosen, "-find.town": "place"}).text  # Enter, with another part of a name
    found = re.findall(r'type="radio"[^>]* value="(\w+)"( checked)?', page)
    assert (found[0], len(found)) == (("P61", " checked"), 13)
    assert "Write more of the name" in page
    assert "No place has “xyz”" in read.send(**{"name": "Ann", "-find.town": "xyz", "-move": "find:town"}).text
    read.send(**{**chosen, "-find.town": "xyz"})
    assert world.surveys.taken == [{"name": ["Ann"], "town": ["P61"]}]


def test_list_that_opens_while_one_types_finds_as_the_step_does(world: World) -> None:
    many_places(world)
    client = world.app().test_client()
    found = client.get("/surveys/places", query_string={"part": "камян", "levels": "2"}).get_json()
    assert ([code for code, _ in found["places"]], found["has_more"]) == (["P61", "P60", "P62"], False)
    assert found["places"][0][1] == "Кам'янське (Dibrova Region)"
    many = client.get("/uk/surveys/places", query_string={"part": "place", "levels": "2"}).get_json()
    assert (len(many["places"]), many["has_more"]) == (12, True)
    assert client.get("/surveys/places", query_string={"part": "камян", "levels": "1"}).get_json()["places"] == []
    assert client.get("/surveys/places").get_json()["places"] == []


def test_what_strangers_ask_for_is_not_kept_in_memory(world: World) -> None:
    many_places(world)
    app = world.app()
    client = app.test_client()
    for level in range(2, 30):
        asked = {"part": "камян", "levels": f"2,{level}"}
        assert len(client.get("/surveys/places", query_string=asked).get_json()["places"]) == 3
    assert len(app.extensions["viche.regions"].get().worked_out) == 1


def test_place_among_many_can_be_looked_for_in_an_opening_list(world: World) -> None:
    many_places(world)
    survey = world.surveys.add([question(pb.QUESTION_KIND_TERRITORY, "town", levels=["2"])])
    page = html.unescape(reader(world).open(f"/surveys/{survey.number}/answer"))
    assert 'data-places="/surveys/places?levels=2"' in page
    assert re.search(r'data-lookup="/static/built/lookup-\w+\.js"', page)
