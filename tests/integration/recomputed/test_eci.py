"""What European citizens' initiatives came to, by petition-eci and, for those before 2020, by rules of this test.

The open data name states in English and print stars beside numbers that the Commission leaves out of the total.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.integration.recomputed.reading import Difference, differing, expected, named, rows, rules
from viche_petition_eci.workflow import INITIATIVE_2020, INITIATIVE_2024
from viche_sdk.types import Level, Minima, Situation, Terms, Unit, in_force

BRUSSELS = ZoneInfo("Europe/Brussels")
SETTINGS = {"answer_months": "6"}

CODES = {
    "Austria": "AT", "Belgium": "BE", "Bulgaria": "BG", "Croatia": "HR", "Cyprus": "CY", "Czechia": "CZ",
    "Denmark": "DK", "Estonia": "EE", "Finland": "FI", "France": "FR", "Germany": "DE", "Greece": "EL",
    "Hungary": "HU", "Ireland": "IE", "Italy": "IT", "Latvia": "LV", "Lithuania": "LT", "Luxembourg": "LU",
    "Malta": "MT", "Netherlands": "NL", "Poland": "PL", "Portugal": "PT", "Romania": "RO", "Slovakia": "SK",
    "Slovenia": "SI", "Spain": "ES", "Sweden": "SE", "United Kingdom": "UK",
}  # fmt: skip

SEATS_2014 = {
    "DE": 96, "FR": 74, "IT": 73, "UK": 73, "ES": 54, "PL": 51, "RO": 32, "NL": 26, "BE": 21, "CZ": 21,
    "EL": 21, "HU": 21, "PT": 21, "SE": 20, "AT": 18, "BG": 17, "DK": 13, "FI": 13, "SK": 13, "HR": 11,
    "IE": 11, "LT": 11, "LV": 8, "SI": 8, "CY": 6, "EE": 6, "LU": 6, "MT": 6,
}  # fmt: skip
"""Of the Parliament of 2014, times 750 under Regulation (EU) 211/2011."""

REGULATION_2011 = rules(
    "initiative-2011",
    "1",
    date(2014, 7, 1),
    {"valid": 1_000_000},
    (12, Unit.MONTH),
    Minima(7, {state: seats * 750 for state, seats in SEATS_2014.items()}),
)
VERSIONS = (REGULATION_2011, INITIATIVE_2020, INITIATIVE_2024)

OTHER_NUMBER_OF_STATES = {
    "2017/000004": Difference(10, 11, "eleven of its published numbers are above the published minima"),
    "2024/000004": Difference(18, 19, "nineteen of its published numbers are above the published minima"),
}
OTHER_TOTAL = {"2017/000002": Difference(1_070_865, 1_187_744, "numbers with a star are left out of the total")}

OTHER_END = named(
    {
        "prolonged to 1 November 2013": ["2012/000008", "2012/000010"],
        "prolonged in the pandemic": [
            "2019/000004", "2019/000006", "2019/000012", "2019/000014", "2019/000016", "2020/000002",
        ],
        "ended early by its organisers": ["2017/000002", "2022/000002"],
        "one day more": ["2022/000008", "2023/000004"],
    }
)  # fmt: skip
"""The days are those of the data; that the pandemic was the reason is not in it."""

VALID = {"Answered initiative", "Valid initiative", "Verification"}


@dataclass(frozen=True, slots=True)
class Initiative:
    """One row of the open data."""

    number: str
    status: str
    days: Mapping[str, date]
    total: int
    states: int
    signed: Mapping[str, int]
    minima: Mapping[str, int]

    @property
    def terms(self) -> Terms:
        """The terms of the version in force when it was registered."""
        situation = Situation(level=Level.UNION, registered_on=self.days["registered"])
        version = in_force(VERSIONS, self.days["registered"])
        assert version
        return version.terms(SETTINGS if version.settings else {}, situation)


def number(printed: str) -> int:
    return int(printed.replace(",", "").rstrip("*") or 0)


def day(printed: str) -> date:
    return datetime.strptime(printed, "%d/%m/%Y").date()  # noqa: DTZ007


def initiative(row: Mapping[str, str]) -> Initiative:
    by_state = json.loads(row["signatures_collected_by_country"] or "{}")
    steps = {step["step"]: step["date"] for step in json.loads(row["timeline"])}
    columns = {
        "registered": row["timeline_registered"],
        "start": row["timeline_collection_start_date"],
        "end": row["timeline_collection_closed"],
        "valid": steps.get("Valid initiative"),
        "answered": steps.get("Answered initiative"),
    }
    return Initiative(
        row["registration_number"],
        row["current_status"],
        {name: day(printed) for name, printed in columns.items() if printed},
        number(row["signatures_collected"]),
        number(row["signatures_threshold_met"]),
        {CODES[state]: number(each["statements_of_support"]) for state, each in by_state.items()},
        {CODES[state]: number(each["threshold"]) for state, each in by_state.items()},
    )


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC)


@pytest.fixture(scope="module")
def initiatives(shared_data: Path) -> list[Initiative]:
    found = [initiative(row) for row in rows(shared_data / "petitions" / "eci_initiatives.csv")]
    assert len(found) == 59
    return found


@pytest.fixture(scope="module")
def counted(initiatives: list[Initiative]) -> list[Initiative]:
    """Those with numbers by state; of all others nothing but days is published."""
    found = [each for each in initiatives if each.signed]
    assert len(found) == 28
    return found


def test_the_day_of_registration_gives_the_minimum_of_every_state(counted: list[Initiative]) -> None:
    other = {
        each.number: state
        for each in counted
        for state, published in each.minima.items()
        if (minima := each.terms.thresholds[0].minima) is None or minima.per_territory[state] != published
    }

    assert other == {}
    assert {each.terms.version + each.terms.workflow for each in counted} == {
        "1initiative-2011", "1petition-eci", "2petition-eci",
    }  # fmt: skip
    assert sum(SEATS_2014.values()) == 751


def test_numbers_by_state_give_how_many_states_have_their_minimum(counted: list[Initiative]) -> None:
    recomputed = {each.number: each.terms.progress(each.total, each.signed)[0].territories for each in counted}
    published = {each.number: each.states for each in counted}

    assert differing(published, recomputed) == expected(OTHER_NUMBER_OF_STATES)


def test_numbers_by_state_add_up_to_the_total(counted: list[Initiative]) -> None:
    recomputed = {each.number: sum(each.signed.values()) for each in counted}
    published = {each.number: each.total for each in counted}

    assert differing(published, recomputed) == expected(OTHER_TOTAL)


def test_a_million_and_seven_states_give_the_outcome(counted: list[Initiative]) -> None:
    reached = {each.number for each in counted if each.terms.reached(each.total, each.signed)}

    assert reached == {each.number for each in counted if each.status in VALID}
    assert len(reached) == 8


def test_a_million_without_seven_states_would_not_have_been_enough(counted: list[Initiative]) -> None:
    """No real initiative tells the two apart, so that one with its six best states stands in for them."""
    best = next(each for each in counted if each.number == "2024/000008")
    six = dict(sorted(best.signed.items(), key=lambda item: item[1] / best.minima[item[0]])[-6:])

    assert best.total >= 1_000_000
    assert best.terms.reached(best.total, six) == ()


def test_twelve_months_give_the_end(initiatives: list[Initiative]) -> None:
    ended = [each for each in initiatives if "end" in each.days]
    collect = INITIATIVE_2024.terms(SETTINGS, Situation()).clock("collect")
    found = {each.number: (each.days["end"] - collect.deadline(noon(each.days["start"]), BRUSSELS).last_day).days
             for each in ended}  # fmt: skip

    assert sorted(number for number, days in found.items() if days) == sorted(OTHER_END)
    assert [number for number in found if found[number] == 1] == [
        number for number, reason in OTHER_END.items() if reason == "one day more"
    ]
    assert {number for number in found if found[number] < 0} == {
        number for number, reason in OTHER_END.items() if "early" in reason
    }


def test_collecting_starts_within_six_months_of_registration(initiatives: list[Initiative]) -> None:
    under_2019 = [each for each in initiatives if each.days["registered"] >= INITIATIVE_2020.valid_from]
    started = [each for each in under_2019 if "start" in each.days]

    late = [
        each.number
        for each in started
        if each.days["start"] > each.terms.deadline("start", noon(each.days["registered"]), BRUSSELS).last_day
    ]

    assert late == []
    assert len(started) == 22


def test_six_months_would_have_been_kept_by_every_answer_under_the_regulation(initiatives: list[Initiative]) -> None:
    under_2019 = [each for each in initiatives if each.days["registered"] >= INITIATIVE_2020.valid_from]
    answered = {each.number: each for each in under_2019 if "answered" in each.days}

    kept = [
        number
        for number, each in answered.items()
        if each.days["answered"] <= each.terms.deadline("answer", noon(each.days["valid"]), BRUSSELS).last_day
    ]

    assert kept == ["2021/000006", "2022/000002"] == list(answered)
