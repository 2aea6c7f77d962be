"""Following a petition by mail, and the list of what one follows."""

from __future__ import annotations

from collections.abc import Callable

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]


def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(browse: Browse, world: World) -> None:
    world.petitions.add(number=700_001)
    answer = browse().open("/petitions/700001/follow")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/petitions/700001/follow"


def test_one_follows_by_a_button_and_stops_by_another(browse: Browse, world: World) -> None:
    petition = world.petitions.add(number=700_001)
    browser = browse("ann")
    assert "Follow this petition?" in browser.open("/petitions/700001/follow").text
    assert world.audience.followers == set()
    assert browser.send("/petitions/700001/follow").status_code == 303
    ((followed, scope_token),) = world.audience.followers
    ((listed, list_token),) = world.audience.followings
    assert followed == listed == petition.id
    assert scope_token.endswith(f" petition:{petition.id}")
    assert list_token.endswith(" followings")
    assert "You follow this petition" in browser.open("/petitions/700001/follow").text
    browser.send("/petitions/700001/follow", stop="1")
    assert world.audience.followers == world.audience.followings == set()


def test_following_anew_lets_stopped_mails_go_on(browse: Browse, world: World) -> None:
    petition = world.petitions.add(number=700_001)
    browser = browse("ann")
    browser.open("/petitions/700001/follow")
    browser.send("/petitions/700001/follow")
    email = world.identity.people["ann"].email
    world.notifications.stopped_by_address.add((email, f"petition:{petition.id}"))
    assert "Follow this petition?" in browser.open("/petitions/700001/follow").text
    browser.send("/petitions/700001/follow")
    assert world.notifications.stopped_by_address == set()


def test_the_list_has_a_switch_for_each(browse: Browse, world: World) -> None:
    petition = world.petitions.add(number=700_001, title="Plant more trees")
    browser = browse("ann")
    assert "You follow no petition yet." in browser.open("/me/following").text
    browser.open("/petitions/700001/follow")
    browser.send("/petitions/700001/follow")
    page = browser.open("/me/following").text
    assert "Plant more trees" in page
    assert "Send me its mails again" not in page
    world.notifications.stopped_by_address.add((world.identity.people["ann"].email, f"petition:{petition.id}"))
    assert "Send me its mails again" in browser.open("/me/following").text
    browser.send("/me/following")
    assert world.notifications.stopped_by_address == set()
    browser.open("/me/following")
    browser.send("/me/following", stop="1")
    assert world.audience.followings == set()


def test_a_number_that_is_none_is_refused(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/petitions/start")
    assert browser.send("/me/following", number="x").status_code == 400


def test_the_page_of_a_petition_leads_to_following(browse: Browse, world: World) -> None:
    world.petitions.add(number=700_001)
    assert 'href="/petitions/700001/follow"' in browse().open("/petitions/700001").text
    assert 'href="/me/following"' in browse("ann").open("/me").text
