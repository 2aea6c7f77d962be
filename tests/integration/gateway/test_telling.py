"""Author and follower are told by mail what happens to a petition, over the real services."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.suite import Suite
from tests.unit.gateway.atom_rules import complaints
from viche_cli.infra import process

OFFICER, AUTHOR, FOLLOWER = "officer@example.org", "iryna@example.org", "follower@example.org"


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite]) -> Iterator[Suite]:
    suite = with_demo("telling", environment={"VICHE_RATE_FACTOR": "1000"})
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def sessions(suite: Suite) -> dict[str, str]:
    tokens = {email: suite.sign_in(email) for email in (OFFICER, AUTHOR, FOLLOWER)}
    for email in (AUTHOR, FOLLOWER):
        headers, change = bearer(tokens[email]), {"language": "en"}
        httpx.patch(
            f"{suite.url}/api/v1/me", headers=headers, json=change, timeout=60, trust_env=False
        ).raise_for_status()
    return tokens


def bearer(session: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}"}


def browser(suite: Suite, session: str) -> httpx.Client:
    return httpx.Client(base_url=suite.url, trust_env=False, timeout=60, cookies={"viche_session": session})


def send(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Opens a page and sends its form."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.get(path).text))
    answer = client.post(path, data={**hidden, **fields})
    assert answer.status_code == 303, answer.text
    return answer


def got(suite: Suite, to: str, subject: str) -> dict[str, Any]:
    """The one mail with that in its subject."""

    def found() -> list[dict[str, Any]]:
        return [mail for mail in suite.mails(to) if subject in mail["subject"]]

    process.wait_until(lambda: bool(found()), 60)
    (mail,) = found()
    return mail


def hand_in(suite: Suite, session: str, title: str) -> dict[str, Any]:
    with httpx.Client(base_url=f"{suite.url}/api/v1", trust_env=False, timeout=60, headers=bearer(session)) as api:
        authorities = api.get("/authorities").json()["authorities"]
        home = api.get("/me").json()["residence_code"]
        authority = next(each for each in authorities if each["territory_code"] == home)
        draft = {
            "title": title, "background": "It is dark there from October on.", "authority_id": authority["id"],
            "author_name": "Iryna", "language": "en", "submit": True,
        }  # fmt: skip
        return api.post("/petitions", json=draft).raise_for_status().json()


def test_from_handing_in_to_closing_everybody_hears_once(suite: Suite, sessions: dict[str, str]) -> None:
    title = "Light the path to the school"
    made = hand_in(suite, sessions[AUTHOR], title)
    assert "/drafts/" in got(suite, AUTHOR, "Handed in")["text"]
    path = f"{suite.url}/api/v1/petitions/{made['id']}/open"
    opened = httpx.post(path, headers=bearer(sessions[OFFICER]), timeout=60, trust_env=False)
    number = opened.raise_for_status().json()["number"]
    assert f"/petitions/{number}" in got(suite, AUTHOR, f"Open: {title}")["text"]
    with browser(suite, sessions[FOLLOWER]) as follower:
        send(follower, f"/petitions/{number}/follow")
        assert title in follower.get("/me/following").text
    with browser(suite, sessions[OFFICER]) as officer:
        send(officer, f"/console/petitions/{made['id']}/close")
    assert "because you follow this petition" in got(suite, FOLLOWER, f"Closed: {title}")["text"]
    assert "because you started this petition" in got(suite, AUTHOR, f"Closed: {title}")["text"]
    feed = suite.get(f"/petitions/{number}/feed.atom")
    assert complaints(feed.content) == []


def test_a_rejected_petition_is_told_of_to_its_author(suite: Suite, sessions: dict[str, str]) -> None:
    made = hand_in(suite, sessions[AUTHOR], "Repair the road to the station")
    with browser(suite, sessions[OFFICER]) as officer:
        path = f"/console/petitions/{made['id']}/reject"
        form = officer.get(f"{path}/letter?reason=not_responsible").text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        note = "The road belongs to the state."
        officer.post(path, data={**hidden, "reason": "not_responsible", "note": note, "language": "en"})
    mail = got(suite, AUTHOR, "Not published")
    assert note in mail["text"]
    assert f"/drafts/{made['id']}/rejected" in mail["text"]
