"""What a person has answered or begun: listed, found again without the link, and mailed to oneself."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.test_surveys_answering import NAME, ORIGIN, PARK, PERSON, Reader, reader
from viche_chassis.errors import Code, InvalidFields, invalid
from viche_gateway.testing import World
from viche_gateway.testing.channel import refusal, stamp

Browse = Callable[..., Browser]


def begin(read: Reader, survey: surveys_pb2.Survey) -> str:
    """Keeps the first page; returns the path of the page with the link."""
    read.open(f"/surveys/{survey.number}/answer")
    read.send(**{"name": "Ann", "-move": "keep"})
    return read.page.location


def answered(world: World, who: str, survey: surveys_pb2.Survey, *, shows_results: bool = True) -> None:
    world.participation.answers[f"{who} survey:{survey.id}"] = pb.MyResponse(
        survey_id=survey.id, number=survey.number, title=survey.title, answers_json='{"name": "Ann"}',
        submitted_at=stamp(datetime(2026, 11, 22, 10, tzinfo=UTC)), shows_results=shows_results,
    )  # fmt: skip


def test_my_participation_leads_on_to_drafts_and_to_results(browse: Browse, world: World) -> None:
    begun, sent, quiet = [
        world.surveys.add([NAME], [PARK], settings=PERSON, title={"en": title}) for title in ("Roads", "Parks", "Pools")
    ]
    begin(reader(world, "ann"), begun)
    answered(world, "ann", sent)
    answered(world, "ann", quiet, shows_results=False)
    answered(world, "otto", begun)

    page = browse("ann").open("/me").text

    assert f'href="/surveys/{begun.number}/answers/draft-1"' in page
    assert f'href="/surveys/{sent.number}/results"' in page
    assert f'href="/surveys/{quiet.number}"' in page
    assert f'href="/surveys/{begun.number}/results"' not in page
    assert page.index("Begun, not sent") < page.index("Sent on 22 November 2026")


def test_who_has_answered_nothing_is_told_where_to_begin(browse: Browse) -> None:
    page = browse("ann").open("/me").text
    assert "You have not answered a survey under your name here yet." in page
    assert 'href="/surveys"' in page


def test_my_participation_is_there_while_surveys_does_not_answer(browse: Browse, world: World) -> None:
    browser = browse("ann")
    world.channels["surveys"].is_down = True
    page = browser.open("/me")
    assert page.status_code == 200
    assert "Your answers cannot be shown just now." in page.text


def test_everything_about_me_has_answers_and_drafts_without_their_secrets(browse: Browse, world: World) -> None:
    begun, sent = [world.surveys.add([NAME], [PARK], settings=PERSON) for _ in range(2)]
    begin(reader(world, "ann"), begun)
    answered(world, "ann", sent)
    answered(world, "otto", begun)
    browser = browse("ann")
    browser.open("/me/everything")

    with zipfile.ZipFile(io.BytesIO(browser.send("/me/everything").data)) as archive:
        answers = json.loads(archive.read("answers.json"))
        drafts = json.loads(archive.read("answers_begun.json"))

    assert [(each["survey_id"], each["answers"]) for each in answers] == [(sent.id, {"name": "Ann"})]
    assert [(each["survey_id"], each["fields"]["name"]) for each in drafts] == [(begun.id, ["Ann"])]
    assert "draft-1" not in json.dumps(drafts)


def test_a_person_who_begins_again_goes_on(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK], settings=PERSON)
    begin(reader(world, "ann"), survey)

    page = reader(world, "ann").client.get(f"/surveys/{survey.number}/answer")

    assert (page.status_code, page.location) == (303, f"/surveys/{survey.number}/answers/draft-1/pages/page1")
    assert reader(world, "otto").client.get(f"/surveys/{survey.number}/answer").status_code == 200


def test_the_link_stands_in_a_field_that_needs_no_script(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    page = read.open(begin(read, survey))
    assert f'value="http://127.0.0.1:8080/surveys/{survey.number}/answers/draft-1" readonly' in page


def test_the_link_is_mailed_to_whom_the_form_names(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK], title={"en": "Roads"})
    read = reader(world)
    read.open(begin(read, survey))

    page = read.send(email=" ann@example.org ")

    (mail,) = world.draft_links.sent
    assert (mail.email, mail.token, mail.number, mail.title["en"]) == (
        "ann@example.org", "draft-1", survey.number, "Roads",
    )  # fmt: skip
    assert page.location.endswith("/saved?mailed=1")
    assert "The link is on its way." in read.open(page.location)


def test_the_address_of_who_is_signed_in_is_filled_in_and_surveys_never_hears_of_it(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world, "ann")
    assert 'value="ann@example.org"' in read.open(begin(read, survey))

    read.send(email="ann@example.org")

    assert "ann@example.org" not in str(world.surveys.asked)


@pytest.mark.parametrize(
    ("email", "said"), [("", "This answer is missing."), ("nowhere", "This is not an e-mail address")]
)
def test_what_is_no_address_is_said_beside_the_field(world: World, email: str, said: str) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    read.open(begin(read, survey))
    world.draft_links.refusal = InvalidFields(invalid("email", "BAD_EMAIL"))

    page = read.send(email=email)

    assert page.status_code == 400
    assert said in page.text
    assert world.draft_links.sent == []


def test_few_mails_are_sent_for_one_answer(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world, rate_factor=1)
    saved = begin(read, survey)

    statuses = []
    for number in range(6):
        read.open(saved)
        statuses.append(read.send(email=f"ann{number}@example.org").status_code)

    assert statuses == [303] * 5 + [429]


def test_no_mail_is_sent_for_a_draft_that_is_not_there_or_is_another_surveys(world: World) -> None:
    first, second = [world.surveys.add([NAME], [PARK]) for _ in range(2)]
    read = reader(world)
    read.open(begin(read, first))
    action = f"/surveys/{second.number}/answers/draft-1/saved"

    assert read.client.get(action).status_code == 404
    world.surveys.drafts.clear()
    assert read.send(email="ann@example.org").status_code == 404
    assert world.draft_links.sent == []


def test_a_mail_that_cannot_be_sent_now_is_told(world: World) -> None:
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    read.open(begin(read, survey))
    world.draft_links.refusal = refusal(Code.UNAVAILABLE, "UNAVAILABLE")

    page = read.send(email="ann@example.org")

    assert page.status_code == 503
    assert "What you wrote is still here." in page.text


def test_inside_a_partners_page_the_link_is_copied_and_mailed_without_a_cookie(world: World) -> None:
    world.partners.add(ORIGIN)
    survey = world.surveys.add([NAME], [PARK])
    read = reader(world)
    read.open(f"/embed/surveys/{survey.number}/answer?origin={ORIGIN}&lang=en")
    read.send(**{"name": "Ann", "-move": "keep"})
    page = read.open(read.page.location)
    assert f'value="http://127.0.0.1:8080/surveys/{survey.number}/answers/draft-1" readonly' in page

    read.send(email="ann@example.org")

    assert read.page.location.startswith("/embed/")
    assert "Set-Cookie" not in read.page.headers
    assert [mail.email for mail in world.draft_links.sent] == ["ann@example.org"]
