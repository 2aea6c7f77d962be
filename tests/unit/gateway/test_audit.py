"""What was done: the trails of the services as one list, with names."""

from __future__ import annotations

from collections.abc import Callable

from viche.identity.v1 import audit_pb2 as identity
from viche.petitions.v1 import audit_pb2 as petitions
from viche.social.v1 import audit_pb2 as social

from tests.unit.gateway.conftest import Browser
from tools.access import methods, rpc_path
from viche_chassis.access import access_of
from viche_chassis.acts import is_act
from viche_gateway.console.audit import ACTIONS
from viche_gateway.testing import World

Browse = Callable[..., Browser]
PETITION = "018f5c1e-0000-7000-8000-00000000000f"


def id_of(number: int) -> str:
    return f"018f5c1e-0000-7000-8000-{number:012d}"


def fill(world: World) -> None:
    """Otto opens a petition between two roles that the command line gives."""
    world.identity_trail.officers.append(identity.Officer(pseudonym=b"otto", email="otto@example.org", name="Otto"))
    for number in (1, 3):
        entry = identity.OfficerAction(id=id_of(number), service="cli", action="CreateGrant", object="grant:x")
        entry.at.seconds = 1_790_000_000 + number
        world.identity_trail.actions.append(entry)
    opened = petitions.OfficerAction(
        id=id_of(2), service="gateway", person=b"otto", action="OpenPetition", object=f"petition:{PETITION}"
    )
    opened.at.seconds = 1_790_000_002
    world.petitions_trail.actions.append(opened)


def test_the_trails_of_all_services_are_one_list(browse: Browse, world: World) -> None:
    fill(world)
    page = browse("olga").open("/console/audit").text
    rows = page.split("<tbody")[1].split("<tr")[1:]
    assert [("Gave a role" in row, "Otto" in row) for row in rows] == [(True, False), (False, True), (True, False)]
    assert f'/console/petitions/{PETITION}"' in rows[1]
    assert "The command line" in rows[0]


def test_acts_on_posts_and_accounts_lead_to_them(browse: Browse, world: World) -> None:
    for number, kind in ((4, "post"), (5, "channel")):
        done = social.OfficerAction(
            id=id_of(number), service="gateway", action="CreatePost", object=f"{kind}:{PETITION}"
        )
        done.at.seconds = 1_790_000_000 + number
        world.social_trail.actions.append(done)
    page = browse("olga").open("/console/audit").text
    assert f'/console/posts/{PETITION}"' in page
    assert f'/console/channels/{PETITION}"' in page


def test_what_one_person_did_is_found_by_the_address(browse: Browse, world: World) -> None:
    fill(world)
    page = browse("olga").open("/console/audit?email=otto@example.org").text
    assert "Opened a petition" in page
    assert "Gave a role" not in page


def test_answers_that_name_nobody_and_no_day_are_told(browse: Browse, world: World) -> None:
    fill(world)
    browser = browse("olga")
    assert "holds or held a role" in browser.open("/console/audit?email=nobody@example.org").text
    assert "This is not an e-mail address" in browser.open("/console/audit?email=nobody").text
    assert "Write a day of the calendar" in browser.open("/console/audit?since=yesterday").text


def test_the_list_goes_on_where_the_page_ends(browse: Browse, world: World) -> None:
    for number in range(60):
        entry = identity.OfficerAction(id=id_of(number), service="cli", action="CreateGrant")
        entry.at.seconds = 1_790_000_000
        world.identity_trail.actions.append(entry)
    browser = browse("olga")
    first = browser.open("/console/audit").text
    assert first.count("Gave a role") == 50
    assert f"before={id_of(10)}" in first
    assert browser.open(f"/console/audit?before={id_of(10)}").text.count("Gave a role") == 10


def test_officers_who_operate_nothing_do_not_see_it(browse: Browse) -> None:
    assert browse("otto").open("/console/audit").status_code == 403


def test_there_are_words_for_everything_that_officers_do() -> None:
    assert {each.name for each in methods() if is_act(access_of(rpc_path(each)), rpc_path(each))} == set(ACTIONS)
