"""The console leads each role to what it can open, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.console.navigation import PARTS
from viche_gateway.testing import COUNCIL, World

Browse = Callable[..., Browser]
HIDDEN = {
    "press": {"Templates", "Rules", "People and roles", "Pauses", "Notices"},
    "moderator": {"Events", "Partners", "Rules", "People and roles", "Pauses", "Notices"},
    "officer": {"Rules", "People and roles", "Pauses", "Notices"},
    "operator": set[str](),
}
ALL = {entry.text for part in PARTS for entry in part.entries}
PORTAL = "To the portal"


def menu(page: str, name: str = "Main menu") -> str:
    """A menu of a page; nothing where there is none of this name."""
    found = re.search(rf'<nav[^>]* ?aria-label="{name}">.*?</nav>', page, re.S)
    return found[0] if found else ""


def links(menu: str) -> dict[str, str]:
    """Address by text of what a menu leads to."""
    return {text: address for address, text in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', menu)}


@pytest.mark.parametrize("role", sorted(HIDDEN))
def test_every_role_opens_all_that_it_is_led_to(world: World, browse: Browse, role: str) -> None:
    world.identity.add_person("rosa", COUNCIL, role=role, name="Rosa")
    browser = browse("rosa")
    reached: set[str] = set()

    for text, address in links(menu(browser.open("/console").text)).items():
        answer = browser.open(address)
        assert answer.status_code == 200, address
        inside = links(menu(answer.text, text))
        assert all(browser.open(each).status_code == 200 for each in inside.values())
        reached |= inside.keys() or {text}

    assert reached == ALL - HIDDEN[role] | {PORTAL}


def test_who_cannot_take_appeals_is_shown_none(world: World, browse: Browse) -> None:
    world.petitions.add(state=pb.PETITION_STATE_CLOSED)
    world.identity.add_person("rosa", COUNCIL, role="press", name="Rosa")

    assert "becomes an appeal" not in browse("rosa").open("/console").text


def test_the_part_and_the_page_where_one_is_are_marked_alone(browse: Browse) -> None:
    for path, part, entry in (
        ("/console", "Today", ""),
        ("/console/inbox", "Networks", "Inbox"),
        ("/console/people", "People and notices", "People and roles"),
    ):
        page = browse("olga").open(path).text
        assert re.findall(r'aria-current="true">([^<]+)</a>', menu(page)) == [part]
        assert re.findall(r'aria-current="true">([^<]+)</a>', menu(page, part)) == ([entry] if entry else [])
