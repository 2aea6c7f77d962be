"""A solved challenge of ours lifts stricter limits once."""

import base64
import json
import time

import altcha
import pytest

from viche_gateway import human
from viche_gateway.human import LIFE_S, HumanCheck
from viche_gateway.testing import make_world

SECRET = b"s" * 32


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(human, "COST", 1)


def solve(challenge: altcha.Challenge) -> str:
    """What the widget sends."""
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_a_solution_is_good_once() -> None:
    check = HumanCheck(SECRET)
    payload = solve(check.challenge())
    assert [check.is_solved(payload), check.is_solved(payload)] == [True, False]


def test_a_challenge_of_somebody_else_is_refused() -> None:
    payload = solve(HumanCheck(b"x" * 32).challenge())
    assert not HumanCheck(SECRET).is_solved(payload)


def test_a_challenge_expires() -> None:
    check = HumanCheck(SECRET, lambda: time.time() - LIFE_S - 60)
    assert not check.is_solved(solve(check.challenge()))


def test_a_changed_challenge_is_refused() -> None:
    check = HumanCheck(SECRET)
    solved = json.loads(base64.b64decode(solve(check.challenge())))
    solved["challenge"]["parameters"]["expiresAt"] += 3600
    assert not check.is_solved(base64.b64encode(json.dumps(solved).encode()).decode())


def test_a_wrong_solution_is_refused() -> None:
    check = HumanCheck(SECRET)
    payload = altcha.Payload(check.challenge(), altcha.Solution(0, "00" * 32)).to_base64()
    assert not check.is_solved(payload)


@pytest.mark.parametrize(
    "payload", ["", "x", "bnVsbA==", "W10=", "e30=", "ъ", "x" * 5000, base64.b64encode(b'{"challenge":1}').decode()]
)
def test_rubbish_is_refused(payload: str) -> None:
    assert not HumanCheck(SECRET).is_solved(payload)


def test_the_api_tells_petitions_that_it_was_checked() -> None:
    world = make_world()
    client = world.app().test_client()
    address = f"/api/v1/petitions/{world.petitions.add().number}/email-signatures"
    given = client.get("/altcha/challenge").json
    assert given is not None
    body = {
        "email": "eve@example.org",
        "name": "Eve",
        "language": "en",
        "altcha": solve(altcha.Challenge.from_dict(given)),
    }
    statuses = [client.post(address, json=body).status_code for _ in range(2)]
    assert statuses == [202, 202]
    assert [signature.human_checked for signature in world.petitions.email_signatures] == [True, False]


def test_a_program_fills_in_the_field_that_people_do_not_see() -> None:
    assert human.is_program({human.HONEYPOT: "https://example.org"})
    assert not human.is_program({"email": "ann@example.org"})
