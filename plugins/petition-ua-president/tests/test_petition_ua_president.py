"""petition-ua-president conforms, and counts its terms as the law and the decree do.

Last days are counted by hand. In 2026 no day off but the weekend is left in Ukraine: under martial law public
holidays are working days. In August 2021 they were not yet.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from viche_petition_ua_president.workflow import PETITION_TO_THE_PRESIDENT
from viche_sdk.testing import Figures, GoldenCase, Outcome, plugin_test
from viche_sdk.types import Assurance, ChannelKind, Event, Failed, Happening, Reached, SignersShown, Situation, simulate

KYIV = ZoneInfo("Europe/Kyiv")
FOUND = "found on the page itself"
SECONDARY = "found in this secondary source only"
OPENED_AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
REACHED: dict[Happening, datetime] = {Reached("answer"): datetime(2026, 2, 4, 10, tzinfo=UTC)}

GOLDEN = [
    GoldenCase(
        "the number of signatures",
        "Law of Ukraine 393/96-ВР, article 23-1, and https://www.president.gov.ua/documents/5232015-19384; unchanged "
        f"on 3 January 2025 by https://ua.interfax.com.ua/news/general/1038335.html ({FOUND})",
        {},
        Figures(
            {"answer": 25_000},
            min_assurance=Assurance.EMAIL,
            resident_of="",
            minima={},
            outcomes=(Outcome(24_999, ()), Outcome(25_000, ("answer",))),
        ),
    ),
    GoldenCase(
        "three calendar months, of which the last has fewer days",
        f"https://www.president.gov.ua/documents/5232015-19384 for the three months ({FOUND})",
        {},
        Figures({"answer": 25_000}, deadlines={"collect": date(2026, 2, 28)}),
        opened_at=datetime(2025, 11, 30, 9, tzinfo=UTC),
        zone=KYIV,
    ),
    GoldenCase(
        "two working days for the check, over a weekend",
        f"http://chmr.gov.ua/ua/newsread.php?s=1&s1=17&view=23584 ({SECONDARY})",
        {},
        Figures({"answer": 25_000}, deadlines={"moderation": date(2026, 1, 13), "collect": date(2026, 4, 12)}),
        opened_at=OPENED_AT,
        zone=KYIV,
        events={Event.SUBMITTED: datetime(2026, 1, 9, 15, tzinfo=UTC)},
    ),
    GoldenCase(
        "three working days to the announcement",
        f"https://babel.ua/news/30859, citing the decree ({SECONDARY})",
        {},
        Figures({"answer": 25_000}, deadlines={"announcement": date(2026, 2, 9)}),
        opened_at=OPENED_AT,
        zone=KYIV,
        events=REACHED,
    ),
    GoldenCase(
        "ten working days from the announcement, not from the threshold",
        f"https://24tv.ua/poroshenko_pochav_priymati_elektronni_petitsiyi_n606533/amp ({FOUND})",
        {},
        Figures({"answer": 25_000}, deadlines={"answer": date(2026, 2, 20)}),
        opened_at=OPENED_AT,
        zone=KYIV,
        events={**REACHED, Event.CONSIDERATION_STARTED: datetime(2026, 2, 6, 10, tzinfo=UTC)},
    ),
    GoldenCase(
        "seven working days for the draft of the answer",
        f"fakty.ua, article 306240 ({SECONDARY})",
        {},
        Figures({"answer": 25_000}, deadlines={"draft_answer": date(2026, 2, 17)}),
        opened_at=OPENED_AT,
        zone=KYIV,
        events={**REACHED, Event.CONSIDERATION_STARTED: datetime(2026, 2, 6, 10, tzinfo=UTC)},
    ),
    GoldenCase(
        "Independence Day counted as a day off before martial law, here on Tuesday, 24 August 2021, and on Monday, "
        "23 August, which was made one",
        "calendar of the package holidays; that holidays are working days since 2022: "
        f"https://el.mk.court.gov.ua/sud1410/pres-centr/new/1273983 ({FOUND})",
        {},
        Figures({"answer": 25_000}, deadlines={"announcement": date(2021, 8, 25)}),
        opened_at=datetime(2021, 8, 2, 9, tzinfo=UTC),
        zone=KYIV,
        events={Reached("answer"): datetime(2021, 8, 18, 10, tzinfo=UTC)},
    ),
]

test_petition_ua_president_conforms = plugin_test("petition-ua-president", golden=GOLDEN)


def test_the_chain_of_terms_explains_itself() -> None:
    course = simulate(PETITION_TO_THE_PRESIDENT, Situation(), {}, opened_at=OPENED_AT, zone=KYIV, until=REACHED)

    assert [(each.clock, each.last_day) for each in course.deadlines] == [
        ("announcement", date(2026, 2, 9)),
        ("draft_answer", date(2026, 2, 18)),
        ("answer", date(2026, 2, 23)),
        ("collect", date(2026, 4, 12)),
    ]
    assert "Decree of the President of Ukraine 523/2015" in course.deadline("answer").explain()


def test_signers_are_published_by_name() -> None:
    assert PETITION_TO_THE_PRESIDENT.signers_shown is SignersShown.NAMES


def test_a_failed_petition_becomes_an_appeal() -> None:
    assert PETITION_TO_THE_PRESIDENT.failed.becomes is Failed.APPEAL


def test_only_officers_see_the_term_for_the_draft() -> None:
    terms = PETITION_TO_THE_PRESIDENT.terms({}, Situation())

    assert [clock.name for clock in terms.clocks if not clock.public] == ["draft_answer"]


def test_people_sign_by_mail_or_electronic_identification() -> None:
    terms = PETITION_TO_THE_PRESIDENT.terms({}, Situation())

    assert [channel.kind for channel in terms.channels] == [ChannelKind.EMAIL, ChannelKind.EID]
