"""Operators' commands reach an instance by its address and a token, and nobody else's do."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest

from tests.suite import Suite, viche

ROW = {
    "_about": "http://data.example.org/1",
    "created": {"_value": "2015-07-20T08:02:12.106Z"},
    "identifier": {"_value": "104309"},
    "label": {"_value": "Keep the old bridge"},
    "numberOfSignatures": 22,
    "status": "closed",
}


@pytest.fixture(scope="module")
def suite(with_demo: Callable[..., Suite]) -> Iterator[Suite]:
    suite = with_demo("remote")
    suite.start()
    yield suite
    suite.stop()


@pytest.fixture(scope="module")
def session_of(suite: Suite) -> Callable[[str], str]:
    """Sessions by address; each person signs in once."""
    return cache(suite.sign_in)


def run(suite: Suite, token: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VICHE_URL": suite.url, "VICHE_TOKEN": token}
    return subprocess.run(viche(*words), env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_an_operator_imports_and_gives_roles_from_afar(
    suite: Suite, session_of: Callable[[str], str], tmp_path: Path
) -> None:
    token = session_of("operator@example.org")
    file = tmp_path / "list.json"
    file.write_text(json.dumps([ROW]))
    imported = run(suite, token, "import", "petitions", str(file), "--json")
    assert imported.returncode == 0, imported.stderr
    assert suite.get("/petitions/104309.json").json()["data"]["attributes"]["signature_count"] == 22
    added = run(suite, token, "operator", "add", "new.operator@example.org")
    assert added.returncode == 0, added.stderr


def test_an_officer_of_one_town_can_do_neither(suite: Suite, session_of: Callable[[str], str], tmp_path: Path) -> None:
    token = session_of("officer.kalynove@example.org")
    file = tmp_path / "list.json"
    file.write_text(json.dumps([{**ROW, "identifier": {"_value": "104310"}, "_about": "http://data.example.org/2"}]))
    for words in (("import", "petitions", str(file)), ("operator", "add", "me@example.org")):
        answer = run(suite, token, *words)
        assert answer.returncode == 1
        assert "no operator" in answer.stderr
    assert suite.get("/petitions/104310.json").status_code == 404


def test_an_operator_sets_the_figures_of_an_authority(suite: Suite, session_of: Callable[[str], str]) -> None:
    token = session_of("operator@example.org")
    words = ("workflow", "set", "petition-local", "--authority", "kalynove")
    figures = ("threshold=77", "open_days=40", "answer_days=20")
    tried = run(suite, token, *words, *figures, "--check", "--json")
    assert (tried.returncode, json.loads(tried.stdout)["stored"]) == (0, False)
    stored = run(suite, token, *words, *figures)
    assert "At 77 signatures" in stored.stdout, stored.stderr
    changed = run(suite, token, *words, "threshold=78", "answer_days=", "--json")
    figures_now = json.loads(changed.stdout)["settings"]
    assert (figures_now["threshold"], figures_now["open_days"], "answer_days" in figures_now) == ("78", "40", False)
    assert "threshold" in run(suite, token, *words, "threshold=0").stderr
    assert "There is no authority 'atlantis'" in run(suite, token, *words[:-1], "atlantis").stderr
    officer = run(suite, session_of("officer.kalynove@example.org"), *words, "threshold=1")
    assert (officer.returncode, "no operator" in officer.stderr) == (1, True)


def test_a_token_that_does_not_hold_is_said_so(suite: Suite) -> None:
    answer = run(suite, "nonsense", "operator", "add", "me@example.org")
    assert answer.returncode == 1
    assert "VICHE_TOKEN does not hold" in answer.stderr


@pytest.mark.parametrize(
    "method",
    [
        "/viche.petitions.v1.SignaturesService/ListSigners",
        "/viche.petitions.v1.PetitionsService/ListPetitions",
        "/viche.identity.v1.PeopleService/BatchCreateSessions",
        "/viche.nothing.v1.Service/Nothing",
    ],
)
def test_the_door_is_closed_for_all_other_rpcs(suite: Suite, session_of: Callable[[str], str], method: str) -> None:
    headers = {"Authorization": f"Bearer {session_of('operator@example.org')}"}
    answer = httpx.post(f"{suite.url}/rpc{method}", headers=headers, content=b"", timeout=60, trust_env=False)
    assert answer.status_code == 404


def test_a_missing_token_and_a_wrong_address_are_one_sentence_each(suite: Suite) -> None:
    assert "VICHE_TOKEN is not set" in run(suite, "", "operator", "add", "me@example.org").stderr
    environment = {**os.environ, "VICHE_URL": "http://127.0.0.1:9", "VICHE_TOKEN": "x"}
    answer = subprocess.run(
        viche("operator", "add", "me@example.org"), env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "look at VICHE_URL" in answer.stderr
