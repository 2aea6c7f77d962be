"""What the UK's petitions came to, by petition-uk-parliament.

The list gives when a petition was created, not when it opened, so that the rules give the first day on which it may
close. That no petition closed before is asserted of all rows; those open for longer are explained. The list says
nothing about responses and debates, and no parliament was dissolved while it was kept.
"""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.recomputed.reading import objects
from viche_petition_uk_parliament.workflow import UK_PARLIAMENT_PETITION
from viche_sdk.types import Situation

LONDON = ZoneInfo("Europe/London")
TERMS = UK_PARLIAMENT_PETITION.terms({}, Situation())
TAKEN_ON = date(2017, 1, 26)
"""The first day that fits: the newest petition is of the 24th, and one of 25 July 2016 is closed already."""

OPEN_FOR_LONGER = {
    "opened up to two months after it was created: it waited for its supporters and the check": 630,
    "opened up to three months after it was created: it waited for its supporters and the check": 10,
    "opened months after it was created; see OPENED_LATE": 12,
}
OPENED_LATE = {
    "105775": 355, "112298": 259, "115392": 230, "116409": 223, "116676": 220, "123476": 147,
    "123639": 145, "124097": 139, "125372": 127, "125551": 125, "126222": 118, "126946": 111,
}  # fmt: skip
"""How many days at least lay between creation and opening, by number."""


def earliest_close(created: str) -> date:
    """The last day of the six months if the petition had opened at once."""
    return TERMS.deadline("collect", datetime.fromisoformat(created), LONDON).last_day


def waited_at_least(petition: Any) -> int:
    """Days by which the six months must have started later, for the petition to be as the list says."""
    return (TAKEN_ON - earliest_close(petition["created"]["_value"])).days


def reason(days: int) -> str:
    """Why a petition is open for longer than six months from its creation."""
    of_weeks, of_months, late = OPEN_FOR_LONGER
    return of_weeks if days <= 61 else of_months if days <= 92 else late


@pytest.fixture(scope="module")
def petitions(shared_data: Path) -> list[Any]:
    return objects(shared_data / "petitions" / "uk_petitions_list.json")


def test_no_petition_closed_before_its_six_months(petitions: list[Any]) -> None:
    assert len(petitions) == 4_245
    closed = [each for each in petitions if each["status"] == "closed"]

    assert len(closed) == 2_640
    assert [each["identifier"]["_value"] for each in closed if waited_at_least(each) < 1] == []


def test_what_is_open_for_longer_is_explained(petitions: list[Any]) -> None:
    longer = [each for each in petitions if each["status"] == "open" and waited_at_least(each) > 0]

    assert Counter(reason(waited_at_least(each)) for each in longer) == OPEN_FOR_LONGER
    late = {each["identifier"]["_value"]: waited_at_least(each) for each in longer if waited_at_least(each) > 92}
    assert late == OPENED_LATE


def test_so_many_petitions_reach_each_threshold(petitions: list[Any]) -> None:
    reached = Counter(TERMS.reached(each["numberOfSignatures"], {}) for each in petitions)

    assert reached == {(): 4_067, ("response",): 163, ("response", "debate"): 15}


def test_every_petition_has_its_five_supporters_and_its_creator(petitions: list[Any]) -> None:
    assert min(each["numberOfSignatures"] for each in petitions) == TERMS.sponsors + TERMS.author_counts


SINGLE = {
    "uk_131215_2016-06-27T00.json": ("2016-05-25", date(2016, 11, 25), 37),
    "uk_241584_2019-03-24.json": ("2019-02-20", date(2019, 8, 20), 2_599),
}
"""Opening, last day by the rules, and by how much the published sum over countries is below the published total."""


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_petition_reaches_what_the_site_says_and_in_that_order(shared_data: Path, name: str) -> None:
    opened_on, last_day, missing = SINGLE[name]
    petition = json.loads((shared_data / "petitions" / name).read_text(encoding="utf-8"))["data"]["attributes"]
    opened_at = petition.get("opened_at") or petition["open_at"]
    total, countries = petition["signature_count"], petition["signatures_by_country"]

    reached = TERMS.reached(total, {})

    assert [f"{threshold}_threshold_reached_at" for threshold in reached] == [
        "response_threshold_reached_at",
        "debate_threshold_reached_at",
    ]
    times = [
        petition["created_at"],
        petition["moderation_threshold_reached_at"],
        opened_at,
        *(petition[f"{threshold}_threshold_reached_at"] for threshold in reached),
        petition["updated_at"],
    ]
    assert times == sorted(times)
    assert opened_at.startswith(opened_on)
    deadline = TERMS.deadline("collect", datetime.fromisoformat(opened_at), LONDON)
    assert deadline.last_day == last_day
    assert (petition["state"] == "open") == (datetime.fromisoformat(petition["updated_at"]) < deadline.ends_at)
    assert total - sum(country["signature_count"] for country in countries) == missing
