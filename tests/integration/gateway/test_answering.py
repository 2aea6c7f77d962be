"""From an open petition to its answer with a document, over the real services and the real web server."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.suite import Suite

OFFICER, IRYNA = "officer@example.org", "iryna@example.org"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20_000
TITLE = "Light the path to the school"


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite]) -> Iterator[Suite]:
    suite = with_demo("answering", environment={"VICHE_RATE_FACTOR": "1000"})
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def sessions(suite: Suite) -> dict[str, str]:
    return {email: suite.sign_in(email) for email in (OFFICER, IRYNA)}


class Console:
    """The officer's browser."""

    def __init__(self, suite: Suite, session: str) -> None:
        self._client = httpx.Client(base_url=suite.url, trust_env=False, timeout=60, follow_redirects=True)
        self._client.cookies.set("viche_session", session)
        self.page = ""

    def open(self, path: str) -> str:
        self.page = self._client.get(path).raise_for_status().text
        return self.page

    def send(self, path: str, files: Any = None, **fields: str) -> httpx.Response:
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        answer = self._client.post(path, data={**hidden, **fields}, files=files)
        self.page = answer.text
        return answer

    def close(self) -> None:
        self._client.close()


@pytest.fixture(scope="module")
def petition(suite: Suite, sessions: dict[str, str]) -> dict[str, Any]:
    with httpx.Client(base_url=f"{suite.url}/api/v1", trust_env=False, timeout=60) as api:
        own = {"Authorization": f"Bearer {sessions[IRYNA]}"}
        home = api.get("/me", headers=own).json()["residence_code"]
        authorities = api.get("/authorities").json()["authorities"]
        authority = next(each for each in authorities if each["territory_code"] == home)
        draft = {
            "title": TITLE, "background": "It is dark there from October on.", "authority_id": authority["id"],
            "author_name": "Iryna", "language": "en", "submit": True,
        }  # fmt: skip
        made = api.post("/petitions", headers=own, json=draft).raise_for_status().json()
        officer = {"Authorization": f"Bearer {sessions[OFFICER]}"}
        return api.post(f"/petitions/{made['id']}/open", headers=officer).raise_for_status().json()


def test_answer_with_a_document_is_published_and_everybody_loads_it(
    suite: Suite, sessions: dict[str, str], petition: dict[str, Any]
) -> None:
    console, path = Console(suite, sessions[OFFICER]), f"/console/petitions/{petition['id']}/answer"
    for step, fields in (
        ("decision", {"decision": "1"}), ("summary", {"summary__en": "The lamps come in May."}),
        ("signed_by", {"signed_by": "Olena Koval, mayor"}),
    ):  # fmt: skip
        console.open(f"{path}/{step}")
        console.send(f"{path}/{step}", **fields).raise_for_status()
    console.open(f"{path}/documents")
    sent = console.send(f"{path}/documents", title="The plan", files={"file": ("план.pdf", PDF)})
    assert (sent.status_code, "план.pdf" in sent.text) == (200, True)
    assert "The lamps come in May." in console.open(f"{path}/check")
    console.send(f"{path}/check", is_early="yes").raise_for_status()
    page = suite.get(f"/petitions/{petition['number']}").text
    assert "The lamps come in May." in page
    (address,) = re.findall(r'href="(/petitions/\d+/documents/[^"]+)"', page)
    loaded = suite.get(address)
    assert hashlib.sha256(loaded.content).digest() == hashlib.sha256(PDF).digest()
    assert loaded.headers["content-length"] == str(len(PDF))
    etag = loaded.headers["etag"]
    again = httpx.get(f"{suite.url}{address}", headers={"If-None-Match": etag}, timeout=60, trust_env=False)
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.head(f"{suite.url}{address}", timeout=60, trust_env=False).headers["etag"] == etag
    console.close()


def test_citizen_cannot_send_files(suite: Suite, sessions: dict[str, str], petition: dict[str, Any]) -> None:
    path = f"{suite.url}/console/petitions/{petition['id']}/answer/documents"
    cookies = {"viche_session": sessions[IRYNA]}
    refused = httpx.post(path, files={"file": ("a.pdf", PDF)}, cookies=cookies, trust_env=False, timeout=60)
    assert refused.status_code in (400, 403)
