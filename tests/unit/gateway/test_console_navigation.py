"""The console leads each role to what it can open, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, World

Browse = Callable[..., Browser]
HIDDEN = {
    "press": {"Templates", "Rules", "People and roles", "Pauses", "Notices"},
    "moderator": {"Events", "Partners", "Rules", "People and roles", "Pauses", "Notices"},
    "officer": {"Rules", "People and roles", "Pauses", "Notices"},
    "operator": set[str](),
}
ALL = {
    "Today", "Templates", "Surveys", "Presence", "Posts", "Events", "Inbox", "Accounts", "Partners", "Rules",
    "People and roles", "Pauses", "Notices", "Simulator", "Petitions", "My participation",
}  # fmt: skip


def menu(page: str) -> str:
    """The main menu of a page."""
    found = re.search(r'<nav aria-label="Main menu">.*?</nav>', page, re.S)
    assert found is not None
    return found[0]


def links(page: str) -> dict[str, str]:
    """Address by text of what the menu of a page leads to."""
    return {text: address for address, text in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', menu(page))}


@pytest.mark.parametrize("role", sorted(HIDDEN))
def test_every_role_opens_all_that_it_is_led_to(world: World, browse: Browse, role: str) -> None:
    world.identity.add_person("rosa", COUNCIL, role=role, name="Rosa")
    browser = browse("rosa")

    found = links(browser.open("/console").text)

    assert set(found) == ALL - HIDDEN[role]
    for address in found.values():
        assert browser.open(address).status_code == 200, address


def test_who_cannot_take_appeals_is_shown_none(world: World, browse: Browse) -> None:
    world.petitions.add(state=pb.PETITION_STATE_CLOSED)
    world.identity.add_person("rosa", COUNCIL, role="press", name="Rosa")

    assert "becomes an appeal" not in browse("rosa").open("/console").text


def test_the_page_where_one_is_is_marked_alone(browse: Browse) -> None:
    for path, text in (("/console", "Today"), ("/console/inbox", "Inbox"), ("/console/people", "People and roles")):
        page = browse("olga").open(path).text
        assert re.findall(r'aria-current="true">([^<]+)</a>', menu(page)) == [text]
