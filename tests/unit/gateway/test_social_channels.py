"""Accounts on platforms in the console: connected, looked after, disconnected."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from viche.social.v1 import channels_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.social_channels import WRONG

Browse = Callable[..., Browser]
SERVER = "https://social.example"


@pytest.fixture
def press(world: World, browse: Browse) -> Browser:
    """Petra of the press office of both authorities."""
    world.identity.add_person("petra", COUNCIL, TOWN, role="press", name="Petra")
    return browse("petra")


def only(world: World) -> pb.Channel:
    (found,) = world.social_channels.known.values()
    return found


def test_platforms_say_what_they_can_cannot_and_cost_and_where(press: Browser) -> None:
    page = press.open("/console/channels/new").text
    assert "publish pictures" in page
    assert "Mastodon lets nobody hide answers." in page
    assert "0.015 USD for each post" in page
    assert "50 units of the day&#39;s quota for each comment that is hidden" in page
    assert "Authorities may be there only with care: Bulgaria. Ask your lawyer. (Media act, article 7)" in page


def test_a_platform_that_the_law_forbids_is_not_offered(press: Browser) -> None:
    page = press.open("/console/channels/new").text
    assert "By the law here authorities may not use it." in page
    assert "/console/channels/new/vk" not in page
    assert press.open("/console/channels/new/vk").status_code == 404


def test_an_account_is_connected_with_what_is_entered(press: Browser, world: World) -> None:
    press.open("/console/channels/new/mastodon")
    answer = press.send("/console/channels/new/mastodon", authority_id=TOWN, language="uk", entered_server=SERVER,
                        entered_access_token="abc")  # fmt: skip
    made = only(world)
    assert answer.headers["Location"] == f"/console/channels/{made.id}?done=connected"
    assert (made.authority_id, made.language, dict(made.values)) == (TOWN, "uk", {"server": SERVER})
    assert world.social_channels.secrets[made.id] == {"access_token": "abc"}
    assert "Works" in press.open(f"/console/channels/{made.id}").text


def test_what_is_missing_is_said_and_no_secret_comes_back(press: Browser, world: World) -> None:
    press.open("/console/channels/new/mastodon")
    answer = press.send("/console/channels/new/mastodon", authority_id=TOWN, entered_access_token="canary")
    assert answer.status_code == 400
    assert 'id="entered_server-error"' in answer.text
    assert "canary" not in answer.text
    assert world.social_channels.known == {}


def test_a_platform_that_refuses_says_why_and_nothing_but_secrets_is_lost(press: Browser) -> None:
    press.open("/console/channels/new/mastodon")
    page = press.send("/console/channels/new/mastodon", authority_id=TOWN, entered_server=SERVER,
                      entered_access_token=WRONG).text  # fmt: skip
    assert "It says: The access token is invalid" in page
    assert SERVER in page
    assert f'value="{WRONG}"' not in page


def test_consent_goes_through_the_platform_and_back(press: Browser, world: World) -> None:
    press.open("/console/channels/new/facebook")
    page = press.send("/console/channels/new/facebook", authority_id=COUNCIL, language="en").text
    assert 'href="https://platform.example/consent?state=state-0"' in page
    answer = press.open("/console/channels/consent?state=state-0&code=given")
    assert answer.headers["Location"] == f"/console/channels/{only(world).id}?done=connected"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("state=state-0", "It was not allowed at the platform, so nothing is connected."),
        ("state=other&code=x", "This took too long, or was begun by somebody else."),
        ("", "This took too long, or was begun by somebody else."),
    ],
)
def test_consent_that_was_not_given_says_so(press: Browser, world: World, query: str, said: str) -> None:
    press.open("/console/channels/new/facebook")
    press.send("/console/channels/new/facebook", authority_id=COUNCIL)
    answer = press.open(f"/console/channels/consent?{query}")
    assert answer.status_code == 400
    assert said in answer.text
    assert world.social_channels.known == {}


def test_an_account_whose_consent_has_ended_comes_first_and_is_connected_anew(press: Browser, world: World) -> None:
    world.social_channels.add(COUNCIL, handle="@good")
    bad = world.social_channels.add(COUNCIL, handle="@ended", state=pb.CHANNEL_STATE_EXPIRED, fault="token revoked")
    page = press.open("/console/channels").text
    assert page.index("@ended") < page.index("@good")
    assert "Connect the account anew: what waits goes out afterwards." in page
    assert "token revoked" in press.open(f"/console/channels/{bad.id}").text
    press.open(f"/console/channels/{bad.id}/renew")
    press.send(f"/console/channels/{bad.id}/renew", entered_access_token="new")
    assert bad.state == pb.CHANNEL_STATE_GOOD
    assert world.social_channels.secrets[bad.id] == {"access_token": "new"}


def test_today_names_accounts_that_must_be_connected_anew_to_those_who_may(
    press: Browser, browse: Browse, world: World
) -> None:
    world.identity.add_person("olga", COUNCIL, role="officer", name="Olga")
    world.social_channels.add(COUNCIL, handle="@good")
    assert "must be connected anew" not in press.open("/console").text
    bad = world.social_channels.add(COUNCIL, handle="@ended", state=pb.CHANNEL_STATE_EXPIRED)
    page = press.open("/console").text
    assert "An account must be connected anew." in page
    assert f'href="/console/channels/{bad.id}">@ended</a>' in page
    assert "@good" not in page
    assert "must be connected anew" not in browse("olga").open("/console").text
    world.channels["social"].is_down = True
    answer = press.open("/console")
    assert (answer.status_code, "must be connected anew" in answer.text) == (200, False)


def test_connecting_anew_needs_something_to_connect_with(press: Browser, world: World) -> None:
    one = world.social_channels.add(COUNCIL, state=pb.CHANNEL_STATE_EXPIRED)
    press.open(f"/console/channels/{one.id}/renew")
    answer = press.send(f"/console/channels/{one.id}/renew", entered_access_token="")
    assert answer.status_code == 400
    assert "This answer is missing." in answer.text


def test_an_account_is_paused_and_goes_on(press: Browser, world: World) -> None:
    one = world.social_channels.add(COUNCIL)
    press.open(f"/console/channels/{one.id}")
    press.send(f"/console/channels/{one.id}/pause", act="pause")
    assert one.state == pb.CHANNEL_STATE_PAUSED
    assert "Let it go on" in press.open(f"/console/channels/{one.id}").text
    press.send(f"/console/channels/{one.id}/pause", act="resume")
    assert one.state == pb.CHANNEL_STATE_GOOD


def test_an_account_is_asked_about_once_before_it_is_disconnected(press: Browser, world: World) -> None:
    one = world.social_channels.add(COUNCIL)
    assert "Disconnect @dibrova@social.example?" in press.open(f"/console/channels/{one.id}/disconnect").text
    press.send(f"/console/channels/{one.id}/disconnect")
    assert one.state == pb.CHANNEL_STATE_DISCONNECTED
    assert "@dibrova" not in press.open("/console/channels").text
    assert "@dibrova" in press.open("/console/channels?all=1").text


def test_who_may_not_connect_sees_how_accounts_are_and_no_buttons(browse: Browse, world: World) -> None:
    one = world.social_channels.add(COUNCIL)
    browser = browse("otto")
    assert "Connect an account" not in browser.open("/console/channels").text
    assert not re.search(r"/pause|/disconnect|/renew", browser.open(f"/console/channels/{one.id}").text)
    assert browser.open("/console/channels/new").headers["Location"] == "/console/channels"
    assert browse("ann").open("/console/channels").status_code == 403
