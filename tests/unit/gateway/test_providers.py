"""Signing in through providers: where the browser goes, what it comes back with, and what people are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import providers_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from viche_gateway.testing import World, make_world
from viche_gateway.testing.providers import AT

BACK = "/sign-in/with/diia/back?state=s&code={}&iss=https://id.example"


@pytest.fixture
def world() -> World:
    """A portal with one provider; Nora has an account there and no address here."""
    world = make_world()
    world.providers.add("diia", "Diia")
    world.identity.add_person("nora", name="Nora").email = ""
    return world


@pytest.fixture
def client(world: World) -> Iterator[FlaskClient]:
    """Somebody's browser, whose forms need no token."""
    app = world.app()
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_client() as client:
        yield client


def signed_in(client: FlaskClient, name: str) -> FlaskClient:
    client.set_cookie("viche_session", name)
    return client


def begin(client: FlaskClient, path: str = "/sign-in/with/diia?next=/petitions/7") -> Any:
    return client.get(path)


def test_sign_in_page_offers_the_providers(client: FlaskClient) -> None:
    page = client.get("/sign-in?next=/petitions/7").text
    assert "Sign in with Diia" in page
    assert 'href="/sign-in/with/diia?next=/petitions/7"' in page


def test_sign_in_page_without_identity_still_offers_mail(world: World, client: FlaskClient) -> None:
    world.channels["identity"].is_down = True
    assert "Send me a link" in client.get("/sign-in").text


def test_the_browser_goes_to_the_provider_and_back_to_where_it_came_from(world: World, client: FlaskClient) -> None:
    gone = begin(client, "/uk/sign-in/with/diia?next=/petitions/7")
    back = client.get(BACK.format("ann"))
    came = world.providers.came[0]
    assert (gone.status_code, gone.headers["Location"].partition("?")[0]) == (303, AT)
    assert (world.providers.begun[0].language, back.headers["Location"]) == ("uk", "/uk/petitions/7")
    assert client.get_cookie("viche_session").value == "ann"  # pyright: ignore[reportOptionalMemberAccess]
    assert (came.state, came.code, came.issuer) == ("s", "ann", "https://id.example")


def test_another_site_is_no_way_back(world: World, client: FlaskClient) -> None:
    begin(client, "/sign-in/with/diia?next=https://evil.example/")
    assert world.providers.begun[0].return_path == "/me"


def test_another_browser_comes_back_with_nothing(world: World, client: FlaskClient) -> None:
    begin(client)
    with world.app().test_client() as other:
        back = other.get(BACK.format("ann"))
        assert back.headers["Location"] == "/sign-in/with/diia/failed"
        assert other.get_cookie("viche_session") is None


@pytest.mark.parametrize(
    ("reason", "said", "status"),
    [("TURNED_BACK", "You turned back", 400), ("PROVIDER_UNAVAILABLE", "does not answer", 503)],
)
def test_people_are_told_what_did_not_work_in_their_language(
    world: World, client: FlaskClient, reason: str, said: str, status: int
) -> None:
    begin(client, "/uk/sign-in/with/diia?next=/petitions/7")
    world.providers.refuses = reason
    back = client.get(BACK.format("ann"))
    assert back.headers["Location"] == "/uk/sign-in/with/diia/failed"
    page = client.get("/sign-in/with/diia/failed")
    assert (page.status_code, said in page.text) == (status, True)
    assert 'href="/sign-in/with/diia?next=/petitions/7"' in page.text


def test_a_provider_that_is_not_listed_is_named_as_such(client: FlaskClient) -> None:
    gone = begin(client, "/sign-in/with/elsewhere")
    assert gone.headers["Location"] == "/sign-in/with/elsewhere/failed"
    assert "not offered here any more" in client.get(gone.headers["Location"]).text


def test_pages_about_a_visit_without_one_lead_to_sign_in(client: FlaskClient) -> None:
    for page in ("failed", "mailbox"):
        assert client.get(f"/sign-in/with/diia/{page}").headers["Location"] == "/sign-in"
    assert client.post("/sign-in/with/diia/mailbox").headers["Location"] == "/sign-in"


def test_who_must_show_a_mailbox_can_go_on_without_it(world: World, client: FlaskClient) -> None:
    world.providers.unconfirmed.add("nora")
    begin(client)
    back = client.get(BACK.format("nora"))
    assert "nora@example.org" in client.get(back.headers["Location"]).text
    assert client.get_cookie("viche_session") is None
    assert client.post("/sign-in/with/diia/mailbox").headers["Location"] == "/me"
    assert client.get_cookie("viche_session").value == "nora"  # pyright: ignore[reportOptionalMemberAccess]


def test_a_mailed_link_is_used_with_what_the_browser_knows(world: World, client: FlaskClient) -> None:
    begin(client)
    client.post("/sign-in/ann")
    assert world.identity.browsers == [world.providers.begun[0].browser]


def test_a_person_connects_and_takes_off_a_provider(world: World, client: FlaskClient) -> None:
    signed_in(client, "ann")
    assert "Connect Diia" in client.get("/me/providers").text
    assert client.get("/me/providers/connect/diia").headers["Location"].startswith(AT)
    assert world.providers.begun[0].purpose == pb.VISIT_PURPOSE_CONNECT
    held = world.providers.connect("ann", "diia")
    page = client.get("/me/providers").text
    assert "End the connection" in page
    assert "Connect Diia" not in page
    client.post(f"/me/providers/{held.id}/end")
    assert world.providers.held["ann"] == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_begins_to_connect(world: World, client: FlaskClient, site: str) -> None:
    path, headers = "/me/providers/connect/diia", {"Sec-Fetch-Site": site}
    answer = signed_in(client, "ann").get(path, headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/providers")
    assert world.providers.begun == []
    for own in ("same-origin", "none"):
        assert client.get(path, headers={"Sec-Fetch-Site": own}).headers["Location"].startswith(AT)


def test_who_signed_in_long_ago_confirms_before_connecting(world: World, client: FlaskClient) -> None:
    world.identity.stale.add("ann")
    answer = signed_in(client, "ann").get("/me/providers/connect/diia")
    assert answer.headers["Location"] == "/sign-in/again?next=/me/providers"


def test_the_last_way_in_is_kept_and_said(world: World, client: FlaskClient) -> None:
    held = world.providers.connect("nora", "diia")
    world.providers.refuses = "LAST_WAY_IN"
    answer = signed_in(client, "nora").post(f"/me/providers/{held.id}/end")
    assert (answer.status_code, "This is your only way in" in answer.text) == (400, True)


def test_officers_confirm_through_what_they_are_connected_with(world: World, client: FlaskClient) -> None:
    signed_in(client, "otto")
    assert "Confirm with Diia" not in client.get("/sign-in/again").text
    world.providers.connect("otto", "diia")
    assert "Confirm with Diia" in client.get("/sign-in/again?next=/console").text
    assert client.get("/sign-in/again/with/diia?next=/console").headers["Location"].startswith(AT)
    assert world.providers.begun[0].purpose == pb.VISIT_PURPOSE_CONFIRM


def test_who_has_no_address_is_asked_for_one_where_mail_is_needed(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add()
    signed_in(client, "nora")
    assert "Add an address" in client.get("/me").text
    assert "Send me a link" not in client.get("/sign-in/again").text
    asked = client.get(f"/petitions/{petition.number}/follow").headers["Location"]
    assert asked == f"/me/address?next=/petitions/{petition.number}/follow"
    form = {"email": "nora@example.org", "next": f"/petitions/{petition.number}/follow"}
    assert client.post("/me/address", data=form).headers["Location"] == "/sign-in/sent"
    assert [each.email for each in world.providers.addresses] == ["nora@example.org"]
    assert urlsplit(client.get("/me/following").request.path).path == "/me/following"


def test_address_is_asked_of_nobody_who_has_one(client: FlaskClient) -> None:
    assert signed_in(client, "ann").get("/me/address").headers["Location"] == "/me"


def test_address_of_who_signed_in_long_ago_waits_for_a_confirmation(world: World, client: FlaskClient) -> None:
    world.identity.stale.add("nora")
    answer = signed_in(client, "nora").post("/me/address", data={"email": "nora@example.org"})
    assert answer.headers["Location"] == "/sign-in/again?next=/me/address"
    assert "Sign out and sign in again" in client.get(answer.headers["Location"]).text


def test_address_page_says_what_is_missing(client: FlaskClient) -> None:
    answer = signed_in(client, "nora").post("/me/address", data={"email": ""})
    assert (answer.status_code, "This answer is missing" in answer.text) == (400, True)


def test_everything_about_a_person_without_an_address_holds_the_connections(world: World, client: FlaskClient) -> None:
    world.providers.connect("nora", "diia")
    assert signed_in(client, "nora").post("/me/everything").status_code == 200


def test_a_petition_that_asks_for_more_than_a_mailbox_leads_to_the_providers(world: World, client: FlaskClient) -> None:
    petition = world.petitions.add(terms=petitions_pb2.Terms(min_assurance="substantial"))
    path = f"/petitions/{petition.number}/sign"
    page = client.get(path).text
    assert "Sign by e-mail" not in page
    assert f'href="/sign-in/with/diia?next={path}"' in page
    by_mail = signed_in(client, "ann").get(path).text
    assert f'href="/me/providers/connect/diia?next={path}"' in by_mail
    world.providers.connect("ann", "diia")
    assert f'href="/sign-in/with/diia?next={path}"' in client.get(path).text
    client.get(f"/me/providers/connect/diia?next={path}")
    assert world.providers.begun[0].return_path == path
    world.identity.people["ann"].assurance = identity_pb2.ASSURANCE_SUBSTANTIAL
    with world.app().test_client() as shown:
        assert "Show it with" not in signed_in(shown, "ann").get(path).text


def test_connections_are_asked_for_once_however_many_providers_there_are(world: World, client: FlaskClient) -> None:
    for number in range(5):
        world.providers.add(f"bank-{number}", f"Bank {number}")
    petition = world.petitions.add(terms=petitions_pb2.Terms(min_assurance="high"))
    assert "Bank 4" in signed_in(client, "ann").get(f"/petitions/{petition.number}/sign").text
    assert world.providers.asked == 1


def test_a_petition_that_asks_for_more_than_there_is_says_so(world: World, client: FlaskClient) -> None:
    world.providers.listed.clear()
    petition = world.petitions.add(terms=petitions_pb2.Terms(min_assurance="high"))
    assert "offers no such means yet" in client.get(f"/petitions/{petition.number}/sign").text
