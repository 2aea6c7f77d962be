"""What Italian initiatives came to, by the numbers of each day.

The rules are those of the data: a law proposed by the people needs 50,000 and has six months, a referendum that repeals
a law 500,000 and three months. Who reaches the number may go on collecting until the end.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.recomputed.reading import named, objects, rules
from viche_sdk.types import Situation, Terms, Unit

ROME = ZoneInfo("Europe/Rome")
LAW = rules("initiative-it", "1", date(2024, 7, 1), {"quorum": 50_000}, (6, Unit.MONTH))
REFERENDUM = rules("referendum-it", "1", date(2024, 7, 1), {"quorum": 500_000}, (3, Unit.MONTH))
BY_KIND = {4: LAW, 1: REFERENDUM}
LAST_DAY_OF_THE_FILE = date(2026, 8, 22)
NO_END = "9999-12-31"
FIRST_WITH_AN_END = "2025-09-10"
"""Those that opened before have no end in the file as long as they collect."""

REACHED_ON: Mapping[int, str] = {
    4100011: "2025-08-12",
    4100009: "2025-07-06",  # the file begins with this day
    4200000: "2025-10-24",
    4900001: "2025-12-14",
    5700000: "2026-01-31",
    6100007: "2026-06-29",
    6500014: "2026-06-06",
    6900002: "2026-07-26",
}
REACHED_BEFORE_THE_FILE = {2500001}
WITHOUT_DAYS = {500013, 900002, 1200000, 1800000, 2500001}
"""Closed before the file of days begins."""

ONLY_DAYS = {2900000, 2900003, 2900005, 3600000, 4000001, 4000002, 4000006, 4800001, 5400034}
"""Not in the list of initiatives."""

OTHER_STATUS = named(
    {
        "reached its number, and is shown as closed instead of handed over": [
            "2500001", "4100009", "4100011", "4200000",
        ],
        "no end is published, and it still collects": [
            "700000", "1400001", "1600012", "2100000", "2300000", "2600005", "3700000", "3900019", "4400002", "4500001",
            "4600001", "4600002",
        ],
        "still shown as collecting after the end that is published": [
            "5200003", "5500012", "5600004", "5600005", "5600006", "5600011",
        ],
    }
)  # fmt: skip

OTHER_END = named(
    {
        "no end is published": [
            "700000", "1400001", "1600012", "2100000", "2300000", "2600005", "3700000", "3900019", "4400002", "4500001",
            "4600001", "4600002",
        ],
        "closed after reaching its number": [
            "2500001", "4100009", "4100011", "4200000", "4900001", "5700000",
        ],
        "closed later, when no end was published yet": [
            "500013", "900002", "1200000", "1800000", "1800001", "2000002", "2700001", "2800000",
        ],
        "closed on the day after its last": ["4300012", "4300013", "5000003"],
        "the first day counted": ["6200004"],
    }
)  # fmt: skip

Days = Mapping[int, Mapping[str, int]]


def terms_of(initiative: Any) -> Terms:
    """By its kind: a law proposed by the people, or a referendum."""
    return BY_KIND[initiative["idDecTipoIniziativa.id"]].terms({}, Situation())


def last_day(initiative: Any) -> date:
    opened_at = datetime.combine(date.fromisoformat(initiative["dataApertura"]), time(12), tzinfo=UTC)
    return terms_of(initiative).deadline("collect", opened_at, ROME).last_day


def status(initiative: Any) -> str:
    """What must have become of it by the last day of the file."""
    is_reached = bool(terms_of(initiative).reached(initiative["sostenitori"], {}))
    if initiative.get("dataChiusura") or last_day(initiative) < LAST_DAY_OF_THE_FILE:
        return "MESSA A DISPOSIZIONE CAMERA" if is_reached else "CHIUSA"
    return "IN RACCOLTA FIRME"


def why_another_end(initiative: Any) -> str:
    """Which of the reasons of OTHER_END fits its days and numbers."""
    if initiative["dataFineRaccolta"] == NO_END:
        return "no end is published"
    if terms_of(initiative).reached(initiative["sostenitori"], {}):
        return "closed after reaching its number"
    match (date.fromisoformat(initiative["dataFineRaccolta"]) - last_day(initiative)).days:
        case 1:
            return "closed on the day after its last"
        case -1:
            return "the first day counted"
        case days:
            is_early = days > 0 and initiative["dataApertura"] < FIRST_WITH_AN_END
            return "closed later, when no end was published yet" if is_early else "unexplained"


@pytest.fixture(scope="module")
def initiatives(shared_data: Path) -> list[Any]:
    found = objects(shared_data / "petitions" / "it_initiatives.jsonl")
    assert len(found) == 55
    return found


@pytest.fixture(scope="module")
def days(shared_data: Path) -> Days:
    """Signatures by initiative and day."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in objects(shared_data / "petitions" / "it_initiatives_daily.jsonl"):
        found[row["id"]][row["data"]] = row["sostenitori"]
    assert sum(map(len, found.values())) == 9_601
    return found


def test_the_kind_gives_the_quorum(initiatives: list[Any]) -> None:
    other = [each["id"] for each in initiatives if terms_of(each).thresholds[0].signatures != each["quorum"]]

    assert other == []


def test_the_two_files_differ_in_these_initiatives(initiatives: list[Any], days: Days) -> None:
    listed = {each["id"] for each in initiatives}

    assert listed - days.keys() == WITHOUT_DAYS
    assert days.keys() - listed == ONLY_DAYS


def test_the_numbers_of_each_day_give_the_day_of_the_quorum(initiatives: list[Any], days: Days) -> None:
    reached_on: dict[int, str] = {}
    for each in initiatives:
        terms = terms_of(each)
        crossed = [day for day, signatures in sorted(days.get(each["id"], {}).items()) if terms.reached(signatures, {})]
        if crossed:
            reached_on[each["id"]] = crossed[0]

    assert reached_on == REACHED_ON
    assert min(min(each) for each in days.values()) == REACHED_ON[4100009]


def test_who_has_reached_the_quorum_by_the_days_has_it_in_the_list_too(initiatives: list[Any]) -> None:
    reached = {each["id"] for each in initiatives if terms_of(each).reached(each["sostenitori"], {})}

    assert reached == REACHED_ON.keys() | REACHED_BEFORE_THE_FILE


def test_the_number_of_signatures_never_falls(days: Days) -> None:
    fallen = [
        id for id, of_days in days.items() if (counts := [of_days[day] for day in sorted(of_days)]) != sorted(counts)
    ]

    assert fallen == []


def test_numbers_and_days_give_the_status(initiatives: list[Any]) -> None:
    other = {str(each["id"]) for each in initiatives if each["idDecStatoIniziativa.nome"] != status(each)}

    assert sorted(other) == sorted(OTHER_STATUS)


def test_months_give_the_end(initiatives: list[Any]) -> None:
    other = {str(each["id"]): each for each in initiatives if each["dataFineRaccolta"] != str(last_day(each))}

    assert {id: why_another_end(each) for id, each in other.items()} == OTHER_END
