"""`viche workflow`: the rules of plugins, and what would become of a petition, without an instance."""

from __future__ import annotations

import json
import logging

import pytest
from click.testing import CliRunner, Result

from viche_cli.commands.workflow import LEVELS, workflow
from viche_cli.faults import Fault
from viche_sdk.types import Level

LOCAL = ("petition-local", "--territory", "UA59080270000073662", "--from", "2026-03-02")
SET = ("--set", "threshold=250", "--set", "open_days=45")


def run(*words: str) -> Result:
    return CliRunner().invoke(workflow, words, catch_exceptions=True)


def said(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def fault(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, Fault), result.output
    return " ".join(str(result.exception).split())


def test_list_names_version_and_day() -> None:
    assert "petition-local 1 Petition to the local authority (valid from 2026-01-01)" in said("list")
    assert "petition-local" in [each["name"] for each in json.loads(run("list", "--json").output)]


def test_version_of_a_day_is_shown() -> None:
    assert "petition-eci 1" in said("show", "petition-eci", "--on", "2023-01-01")
    assert "petition-eci 2" in said("show", "petition-eci", "--on", "2026-01-01")


def test_show_tells_what_must_be_set_and_where_to_find_it() -> None:
    text = said("show", "petition-local")
    assert "threshold NUMBER (1 to 10000000); must be set" in text
    assert "answer_days NUMBER (1 to 365); may be left out" in text
    assert "min_assurance email or substantial or high; default email" in text
    assert "The number that your charter or council decision gives." in text


def test_show_gives_json() -> None:
    shown = json.loads(run("show", "petition-local", "--json").output)
    assert shown["events"] == ["submitted", "collection_ended", "threshold_reached:answer", "answered"]


def test_dates_are_shown_with_their_explanations() -> None:
    text = said("simulate", *LOCAL, *SET, "--set", "answer_days=30", "--timezone", "Europe/Sofia")
    assert "250 answer: The authority considers the petition and answers it publicly." in text
    assert "2026-04-16 Collecting signatures" in text
    assert "45 calendar days from 2026-03-02, when it opened; ends with 2026-04-16 in Europe/Sofia" in text
    assert "2026-05-16 Answer of the authority" in text


def test_event_on_a_given_day_moves_what_follows() -> None:
    given = ("--set", "answer_days=30", "--at", "threshold_reached:answer=2026-03-10")
    assert "2026-04-09 Answer of the authority" in said("simulate", *LOCAL, *SET, *given)


def test_json_is_that_of_the_simulation() -> None:
    answer = json.loads(run("simulate", *LOCAL, *SET, "--json").output)
    assert [each["last_day"] for each in answer["deadlines"]] == ["2026-04-16"]
    assert answer["terms"]["thresholds"][0]["signatures"] == 250


def test_day_of_registration_chooses_the_version() -> None:
    words = ("simulate", "petition-eci", "--set", "answer_months=6", "--from", "2024-08-01")
    assert "petition-eci 1" in said(*words, "--registered", "2024-07-01")
    assert "petition-eci 2" in said(*words)


def test_what_does_not_happen_by_itself_is_named() -> None:
    text = said("simulate", "petition-ua-president", "--from", "2026-03-02")
    assert "moderation: when it was submitted (submitted)" in text


def test_missing_settings_are_named_with_help_and_the_way_to_set_them() -> None:
    text = fault("simulate", *LOCAL)
    assert "threshold must be set. Signatures needed for an answer." in text
    assert "Add --set threshold=NUMBER (1 to 10000000)" in text
    assert "Add --set open_days=NUMBER (1 to 730)" in text


def test_missing_territory_names_its_option() -> None:
    assert "Add --territory CODE." in fault("simulate", "petition-local", *SET)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nope",), "There is no workflow 'nope'; there are: petition-"),
        (("petition-local", "--from", "2020-01-01"), "No version of petition-local is in force on 2020-01-01"),
        ((*LOCAL, *SET, "--set", "x=1"), "x is not a setting of this workflow"),
        (
            (*LOCAL, *SET, "--at", "debated=2026-05-01"),
            "there are: submitted, collection_ended, threshold_reached:answer, answered",
        ),
        ((*LOCAL, *SET, "--at", "answered=soon"), "--at answered: 'soon' is not a day; write it like 2026-03-01."),
        ((*LOCAL, *SET, "--at", "opened=2026-05-01"), "say with --from when it opens"),
        (("petition-ua-president", "--from", "9999-12-01"), "The dates cannot be counted from 9999-12-01 on"),
    ],
)
def test_fault_says_what_is_wrong_and_what_there_is(words: tuple[str, ...], sentence: str) -> None:
    assert sentence in fault("simulate", *words)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--from", "2026-02-30"), "'2026-02-30' is not a day"),
        (("--timezone", "Mars"), "'Mars' is not a time zone"),
        (("--set", "threshold"), "'threshold' is not of the form name=value"),
        (("--population", "0"), "--population"),
        (("--level", "town"), "--level"),
    ],
)
def test_option_that_cannot_be_read_is_refused(option: tuple[str, str], sentence: str) -> None:
    result = run("simulate", "petition-local", *option)
    assert result.exit_code == 2
    assert sentence in result.output


def test_levels_are_those_of_the_sdk() -> None:
    assert tuple(Level) == LEVELS


def test_a_command_that_keeps_log_lines_out_gives_them_back() -> None:
    said("list")
    assert logging.root.manager.disable == logging.NOTSET
