"""What the first petitions to the President of Ukraine came to, by petition-ua-president.

The site opened on the evening of 28 August 2015 and had 34 petitions after its first night (24tv.ua, n606533); the
file was taken two days later and gives the days left of each.
"""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.recomputed.reading import objects
from viche_petition_ua_president.workflow import PETITION_TO_THE_PRESIDENT
from viche_sdk.types import Situation, in_force

KYIV = ZoneInfo("Europe/Kyiv")
FIRST_EVENING = datetime(2015, 8, 28, 18, tzinfo=UTC)
TAKEN_ON = date(2015, 8, 30)
OPENED = {date(2015, 8, 28): 34, date(2015, 8, 29): 517, date(2015, 8, 30): 189}
MOST_VOTES = 10_036


@pytest.fixture(scope="module")
def petitions(shared_data: Path) -> list[Any]:
    found = objects(shared_data / "petitions" / "ua_president_petitions_2015.json")
    assert len(found) == 740
    return found


def test_three_months_give_the_days_left(petitions: list[Any]) -> None:
    terms = PETITION_TO_THE_PRESIDENT.terms({}, Situation())
    left: Counter[int] = Counter()
    for opened_on, number in OPENED.items():
        opened_at = datetime.combine(opened_on, FIRST_EVENING.timetz())
        left[(terms.deadline("collect", opened_at, KYIV).last_day - TAKEN_ON).days] += number

    assert Counter(each["daysLeft"] for each in petitions) == left


def test_no_petition_has_reached_its_signatures_in_two_days(petitions: list[Any]) -> None:
    terms = PETITION_TO_THE_PRESIDENT.terms({}, Situation())

    assert [each["title"] for each in petitions if terms.reached(each["votes"], {})] == []
    assert max(each["votes"] for each in petitions) == MOST_VOTES


def test_the_rules_held_when_the_first_petitions_opened() -> None:
    assert in_force([PETITION_TO_THE_PRESIDENT], FIRST_EVENING.astimezone(KYIV).date()) is PETITION_TO_THE_PRESIDENT
