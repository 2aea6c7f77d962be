"""petition-eci conforms, and gives the minima and terms that the Commission has published.

`answer_months` is set in each case because it has no default; what follows from it is not taken from a source.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from viche_petition_eci.seats import SEATS_2020, SEATS_2024, minima_of
from viche_petition_eci.workflow import INITIATIVE_2020, INITIATIVE_2024
from viche_sdk.testing import Figures, GoldenCase, Outcome, Refused, plugin_test
from viche_sdk.types import ChannelKind, Event, Happening, Level, Minima, SettingReason, Situation, Unit, simulate

BRUSSELS = ZoneInfo("Europe/Brussels")
FOUND = "found on the page itself"
SECONDARY = "found in secondary sources only"
DERIVED = "derived from the rule found"
SETTINGS = {"answer_months": "6"}
MILLION = {"valid": 1_000_000}
TABLE_705 = (
    "https://europa.eu/citizens-initiative/how-it-works/regulatory-framework-european-citizens-initiative/thresholds_bg"
)
NEWS_720 = "https://citizens-initiative.europa.eu/news_it?etrans=sk&page=1"


def registered(year: int, month: int, day: int) -> Situation:
    """The Union, and the day of registration."""
    return Situation(level=Level.UNION, registered_on=date(year, month, day))


def at(year: int, month: int, day: int) -> datetime:
    """Noon of a day."""
    return datetime(year, month, day, 12, tzinfo=UTC)


def signed(minima: Mapping[str, int], *states: str) -> Mapping[str, int]:
    """Exactly the minimum in each of these states."""
    return {state: minima[state] for state in states}


SEVEN = ("MT", "LU", "CY", "EE", "SI", "LV", "LT")
OLD, NEW = minima_of(SEATS_2020), minima_of(SEATS_2024)

GOLDEN = [
    GoldenCase(
        "registered until 15 July 2024",
        f"{TABLE_705} ({FOUND})",
        SETTINGS,
        Figures(
            MILLION,
            resident_of="",
            minima={"valid": Minima(7, OLD)},
            outcomes=(
                Outcome(999_999, (), signed(OLD, *SEVEN)),
                Outcome(1_000_000, (), signed(OLD, *SEVEN[:6])),
                Outcome(1_000_000, ("valid",), signed(OLD, *SEVEN)),
                Outcome(5_000_000, (), {**signed(OLD, *SEVEN[:6]), "DE": 67_679}),
                Outcome(5_000_000, ("valid",), {**signed(OLD, *SEVEN[:6]), "DE": 67_680}),
            ),
        ),
        registered(2024, 7, 15),
    ),
    GoldenCase(
        "registered from 16 July 2024",
        f"{NEWS_720} ({FOUND}) for the rule, the minima {DERIVED}",
        SETTINGS,
        Figures(
            MILLION,
            minima={"valid": Minima(7, NEW)},
            outcomes=(
                Outcome(1_000_000, (), {**signed(NEW, *SEVEN[:6]), "BG": 12_239}),
                Outcome(1_000_000, ("valid",), {**signed(NEW, *SEVEN[:6]), "BG": 12_240}),
            ),
        ),
        registered(2024, 7, 16),
    ),
    GoldenCase(
        "registered before the change and open after it: 2024/000006, opened on 16 December 2024",
        f"the Commission's open data on initiatives; {NEWS_720}: earlier ones keep the old figures ({FOUND})",
        SETTINGS,
        Figures(MILLION, minima={"valid": Minima(7, OLD)}, deadlines={"collect": date(2025, 12, 16)}),
        registered(2024, 6, 19),
        opened_at=at(2024, 12, 16),
        zone=BRUSSELS,
    ),
    GoldenCase(
        "the terms until verification: 2021/000006, registered on 30 June 2021, opened on 31 August 2021",
        "the Commission's open data on initiatives for the days; https://citizens-initiative.europa.eu/how-it-works_en "
        f"and http://ec.europa.eu/citizens-initiative/public/how-it-works/collection for the terms ({FOUND})",
        SETTINGS,
        Figures(
            MILLION,
            deadlines={"start": date(2021, 12, 30), "collect": date(2022, 8, 31), "verification": date(2023, 1, 13)},
        ),
        registered(2021, 6, 30),
        opened_at=at(2021, 8, 31),
        zone=BRUSSELS,
        events={Event.REGISTERED: at(2021, 6, 30), Event.HANDED_OVER: at(2022, 10, 13)},
    ),
    GoldenCase(
        "two months for the decision on registration",
        f"https://citizens-initiative.europa.eu/how-it-works_en ({FOUND})",
        SETTINGS,
        Figures(MILLION, deadlines={"registration": date(2024, 9, 30)}),
        registered(2024, 9, 30),
        opened_at=at(2024, 11, 4),
        zone=BRUSSELS,
        events={Event.SUBMITTED: at(2024, 7, 30)},
    ),
    GoldenCase(
        "nobody has looked up the term for the answer",
        "the article on the Commission's answer was not at hand, so that its term has no default",
        {},
        Refused({"answer_months": SettingReason.MISSING}),
        registered(2024, 9, 30),
    ),
]

test_petition_eci_conforms = plugin_test("petition-eci", golden=GOLDEN)


@pytest.mark.parametrize(("seats", "total"), [(SEATS_2020, 705), (SEATS_2024, 720)])
def test_the_seats_add_up_to_the_whole_parliament(seats: Mapping[str, int], total: int) -> None:
    assert sum(seats.values()) == total
    assert len(seats) == 27


@pytest.mark.parametrize(
    ("minima", "state", "number"),
    [
        (OLD, "DE", 67_680),
        (OLD, "BG", 11_985),
        (OLD, "MT", 4_230),
        (OLD, "FR", 55_695),
        (NEW, "DE", 69_120),
        (NEW, "BG", 12_240),
    ],
)
def test_a_state_needs_its_seats_times_all_seats(minima: Mapping[str, int], state: str, number: int) -> None:
    assert minima[state] == number


def test_seven_citizens_of_seven_states_organise_it() -> None:
    committee = INITIATIVE_2024.terms(SETTINGS, registered(2024, 9, 30)).committee

    assert committee
    assert (committee.members_min, committee.territories_min) == (7, 7)


def test_a_decision_in_two_steps_takes_four_months() -> None:
    terms = INITIATIVE_2024.terms(SETTINGS, registered(2024, 9, 30))

    deadline = terms.deadline("registration", at(2024, 7, 30), BRUSSELS, extended=True)

    assert deadline.last_day == date(2024, 11, 30)


def test_the_answer_runs_from_the_day_on_which_the_commission_received_the_initiative() -> None:
    received: dict[Happening, datetime] = {Event.CONSIDERATION_STARTED: at(2023, 1, 25)}
    opened_at = at(2021, 8, 31)

    course = simulate(
        INITIATIVE_2020, registered(2021, 6, 30), SETTINGS, opened_at=opened_at, zone=BRUSSELS, until=received
    )

    assert course.deadline("answer").last_day == date(2023, 7, 25)
    assert course.terms.clock("answer").period.unit is Unit.MONTH


def test_people_sign_online_and_on_paper() -> None:
    assert ChannelKind.PAPER in [channel.kind for channel in INITIATIVE_2024.channels]
