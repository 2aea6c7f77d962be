"""Every reason that a contract names has a sentence of its own, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from viche_gateway import sentences
from viche_gateway.testing import World

ROOT = Path(__file__).resolve().parents[3]
PROTOS = [path for path in (ROOT / "proto" / "viche").rglob("*.proto") if "events" not in path.name]
REASON = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
OF_OPERATORS = {"NUMBER_TAKEN", "BAD_ROW"}
SIGNING = ("NOT_OPEN", "ALREADY_SIGNED", "ASSURANCE_TOO_LOW", "OTHER_TERRITORY")


def reasons() -> list[str]:
    """Reasons in the sentences "Fails with …" and "Reasons: …" of the contracts."""
    found: set[str] = set()
    for path in PROTOS:
        for told in re.findall(r"// (?:.*?)(?:Fails with|Reasons:)((?:.|\n\s*//)*?)\.\n", path.read_text("utf-8")):
            found |= set(REASON.findall(told))
    return sorted(found)


def test_contracts_name_reasons() -> None:
    assert {"ALREADY_SIGNED", "LINK_EXPIRED", "STALE_VERSION"} <= set(reasons())


@pytest.mark.parametrize("reason", reasons())
def test_reason_has_its_sentence(reason: str) -> None:
    assert reason in sentences.SENTENCES


@pytest.mark.parametrize("language", ["", "/uk", "/bg", "/ru"])
def test_refusals_of_signing_differ(world: World, language: str) -> None:
    with world.app().test_request_context("/", environ_overrides={"viche.language": language[1:] or "en"}):
        told = {sentences.sentence(reason, {"territory_code": "R1"}) for reason in SIGNING}
    assert len(told) == len(SIGNING)


def test_values_are_said_as_people_say_them(world: World) -> None:
    with world.app().test_request_context("/"):
        assert sentences.sentence("TOO_LONG", {"limit": "3000"}) == "This is too long. At most 3,000 characters fit."
        assert sentences.sentence("TOO_MANY_REQUESTS", {"retry_after_s": "300"}).endswith("again in 5 minutes.")
        assert "Verbiv" in sentences.sentence("OTHER_TERRITORY", {"territory_code": "R1"})


def test_unknown_reason_still_says_something(world: World) -> None:
    with world.app().test_request_context("/"):
        assert sentences.sentence("NEVER_HEARD_OF") == "This could not be done."
