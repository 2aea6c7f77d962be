"""What the petitions of We the People came to, by its thresholds as they were raised.

The site raised its threshold twice, in the course of a day: rows of those days show both.
"""

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.integration.recomputed.reading import named, rows, rules
from viche_sdk.types import Situation, Terms, Unit, in_force

WASHINGTON = ZoneInfo("America/New_York")
TAKEN_ON = date(2013, 6, 10)
"""The only day that fits: a petition of the 9th is closed, one of the 10th open."""

THIRTY_DAYS = (30, Unit.CALENDAR_DAY)
VERSIONS = (
    rules("we-the-people", "1", date(2011, 9, 22), {"response": 5_000}, THIRTY_DAYS),
    rules("we-the-people", "2", date(2011, 10, 3), {"response": 25_000}, THIRTY_DAYS),
    rules("we-the-people", "3", date(2013, 1, 15), {"response": 100_000}, THIRTY_DAYS),
)

OTHER_THRESHOLD = named(
    {
        "created on the day of the change, before it": [
            "4e8a02a0fb75282e4f0000a4", "50f4e777688938d04900000c", "50f4fb2a0aa04dba78000005",
            "50f5806f0aa04dfc02000008", "50f5ae5700e5794051000015", "50f5c0f8adfd955572000015",
        ],
        "created nine days before the change, and shown with the new threshold": ["4e7e98268d8c37da170002da"],
    }
)  # fmt: skip

OTHER_STATUS = named(
    {
        "answered below the threshold, together with a petition that reached it": [
            "4f8fa47ab25636b340000003", "50cb73680aa04d993b000015", "50cb7553704301d569000011",
            "50cb7dafc988d40545000000", "50cba05ceab72a4c1f000018", "50cbc221cde5b8d309000003",
            "50cbd3b90aa04d6369000016", "50cbe2196ce61ceb0c000011", "50cd07126ce61ce80700001f",
            "50cddd112bcfa39404000008", "50ceb247ee140fe937000010", "50cf53c4b15a7a3f27000012",
            "50cf9dc42f2c88eb71000001", "50cfb654b15a7aaf75000001", "50cfeb21688938874a00000f",
            "50d212bca9a0b17b2b00001f",
        ],
        "answered below the threshold, alone": [
            "4ef20dbe4cce2724470000ba", "4f2c6dfb2ee8d0034d000007", "50d1bdc1cde5b84622000016",
            "50d6da596ce61c1940000018",
        ],
        "reached the threshold that held before the change of the day": [
            "4e8a02a0fb75282e4f0000a4", "50f5806f0aa04dfc02000008", "50f5ae5700e5794051000015",
        ],
        "shown as open seven weeks after its last day": ["514c6eefb15a7ad845000000"],
    }
)  # fmt: skip

MORE_DAYS = named(
    {
        "the site gave it one more day": [
            "4fcbfdb02704294103000020", "4fd6397b11fb9cb935000011", "4fd7a1964bd5046c0c000006",
            "4fec91cc8d8c37ab70000013", "4ff493b30353f31049000000", "4ff8dcfabc45ed7343000003",
            "4ffafc24fb7528a243000001", "4ffed17c53b2cfd06600000e", "5018e10d2f2c880513000002",
            "501ad824ee140ff52c000000", "501cb76200e579c95b00000a", "5020b3d76ce61cc57b000005",
            "502b0ec12bcfa3983f000014", "502d4b2b00e579a636000000", "502eb61d2f2c88a777000000",
            "502fe708ee140fda6e000012", "50306b45ee140f4551000000", "50371b5dee140fa90600000d",
            "5038b089688938792f00000d",
        ],
        "the site gave it two more days": [
            "4fde28104bd504db43000001", "4fe211ee8d8c37c950000003", "4fe347e8cf436a5d36000003",
            "4fe3eb0a709f031c5e000004", "4fe53fab4bd504dd3e000007", "4fe8abf2709f03d927000000",
            "4fefb35e709f031c7a000005", "506bc22f00e579f04b000001", "506e6c886889388151000008",
            "50757bae688938d11a000004", "507ab7d9ee140fc74800000f", "507e32e7eab72a6a79000004",
            "507f0c242bcfa3504800000a", "50819444a9a0b1243e000008", "5083f0baee140f395e000001",
            "50862414eab72ad143000009", "508b70146ce61c7217000002",
        ],
    }
)  # fmt: skip

Row = dict[str, str]


def instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), WASHINGTON)


def terms_of(row: Row) -> Terms:
    """The terms of the version in force when the petition was created."""
    version = in_force(VERSIONS, instant(row["created"]).date())
    assert version
    return version.terms({}, Situation())


def threshold(row: Row) -> int:
    return terms_of(row).thresholds[0].signatures


def last_day(row: Row) -> date:
    return terms_of(row).deadline("collect", instant(row["created"]), WASHINGTON).last_day


def status(row: Row) -> str:
    """What must have become of the petition."""
    if terms_of(row).reached(int(float(row["signatureCount"])), {}):
        return "answered or to be answered"
    return "open" if last_day(row) >= TAKEN_ON else "closed"


PUBLISHED = {"responded": "answered or to be answered", "pending response": "answered or to be answered"}


@pytest.fixture(scope="module")
def petitions(shared_data: Path) -> list[Row]:
    found = rows(shared_data / "petitions" / "us_wethepeople_petitions_2013.csv")
    assert len(found) == 970
    return found


def test_the_day_of_creation_gives_the_threshold(petitions: list[Row]) -> None:
    other = [row for row in petitions if threshold(row) != float(row["signatureThreshold"])]

    assert sorted(row["id"] for row in other) == sorted(OTHER_THRESHOLD)
    changes = [version.valid_from for version in VERSIONS]
    assert {row["id"] for row in other if instant(row["created"]).date() in changes} == {
        id for id, reason in OTHER_THRESHOLD.items() if "on the day of the change" in reason
    }


def test_counts_and_days_give_the_status(petitions: list[Row]) -> None:
    other = [row["id"] for row in petitions if status(row) != PUBLISHED.get(row["status"], row["status"])]

    assert sorted(other) == sorted(OTHER_STATUS)
    assert Counter(row["status"] for row in petitions)["responded"] == 96


def test_who_was_answered_with_others_shares_the_answer_with_one_that_reached_the_threshold(
    petitions: list[Row],
) -> None:
    answers_to_reached = {
        row["response.id"] for row in petitions if float(row["signatureCount"]) >= float(row["signatureThreshold"])
    }
    below = [row for row in petitions if OTHER_STATUS.get(row["id"], "").startswith("answered below")]

    together = {row["id"] for row in below if row["response.id"] in answers_to_reached}

    assert together == {id for id, reason in OTHER_STATUS.items() if "together" in reason}
    assert len(below) == 20


def test_collecting_ends_after_thirty_days(petitions: list[Row]) -> None:
    more = {row["id"]: (instant(row["deadline"]).date() - last_day(row)).days for row in petitions}

    in_words = {1: "the site gave it one more day", 2: "the site gave it two more days"}
    assert {id: in_words.get(days, days) for id, days in more.items() if days} == MORE_DAYS
