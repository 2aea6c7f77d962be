"""petition-local conforms, and gives the figures that communities have published.

The figures are examples, as published by the sources named, the newest from 2021; a community's charter may have
changed since. The last days are counted by hand from an opening on 10 January 2026. The territory codes are those of
the Ukrainian codifier (КАТОТТГ).
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from viche_petition_local.workflow import LOCAL_PETITION
from viche_sdk.testing import Figures, GoldenCase, Outcome, Refused, plugin_test
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Event,
    Reached,
    SettingReason,
    SettingsRefused,
    SignersShown,
    Situation,
    simulate,
)

ITSELF = "found on the page itself"
SECONDARY = "found in this secondary source only"
OPENED_AT = datetime(2026, 1, 10, 12, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")
SUMY = "UA59080270000073662"


def community(
    name: str, source: str, found: str, territory_code: str, threshold: int, open_days: int, last_day: date
) -> GoldenCase:
    """A community that sets its two figures and leaves the rest as it is."""
    return GoldenCase(
        name,
        f"{source} ({found})",
        {"threshold": str(threshold), "open_days": str(open_days)},
        Figures(
            {"answer": threshold},
            open_days,
            Assurance.EMAIL,
            territory_code,
            1,
            minima={},
            deadlines={"collect": last_day},
            outcomes=(Outcome(threshold - 1, ()), Outcome(threshold, ("answer",))),
        ),
        Situation(territory_code),
        opened_at=OPENED_AT,
        zone=KYIV,
    )


KYIV_2021 = (
    "https://www.44.ua/news/3126148/kievsovet-umensil-kolicestvo-podpisej-dla-podderzki-peticii-teper-ih-nuzno-6-000"
)

GOLDEN = [
    community("Sumy", "https://smr.gov.ua", ITSELF, SUMY, 250, 45, date(2026, 2, 24)),
    community(
        "Pryluky",
        "https://prk.city/petition/status/process",
        ITSELF,
        "UA74080130000060606",
        150,
        60,
        date(2026, 3, 11),
    ),
    community(
        "Koriukivka", "https://koryukivka-rada.gov.ua/en", ITSELF, "UA74020010000010449", 100, 60, date(2026, 3, 11)
    ),
    community(
        "Zhytomyr",
        "https://zhzh.com.ua/suspilstvo/2019-04-24-3384.html",
        SECONDARY,
        "UA18040190000029215",
        300,
        30,
        date(2026, 2, 9),
    ),
    community("Kramatorsk", "zi.ua, article 5587", SECONDARY, "UA14120090000098500", 250, 30, date(2026, 2, 9)),
    community(
        "Kyiv until June 2021",
        "https://kmr.gov.ua/uk/node/5358 and " + KYIV_2021,
        SECONDARY,
        "UA80000000000093317",
        10_000,
        90,
        date(2026, 4, 10),
    ),
    community("Kyiv since 10 June 2021", KYIV_2021, SECONDARY, "UA80000000000093317", 6_000, 60, date(2026, 3, 11)),
    community(
        "council of the oblast of Zaporizhzhia",
        "zp.depo.ua, 17 November 2016",
        SECONDARY,
        "UA23000000000064947",
        2_000,
        90,
        date(2026, 4, 10),
    ),
    GoldenCase(
        "Zhytomyr with votes against",
        f"https://zhzh.com.ua/suspilstvo/2019-04-24-3384.html ({SECONDARY})",
        {"threshold": "300", "open_days": "30", "votes_against": "true"},
        Figures({"answer": 300}, 30, votes_against=True, outcomes=(Outcome(299, ()), Outcome(300, ("answer",)))),
        Situation("UA18040190000029215"),
    ),
    GoldenCase(
        "a community that has decided nothing",
        "Law of Ukraine 393/96-ВР, article 23-1: number and term are set by the charter of the community "
        f"({ITSELF}: https://petition.e-dem.ua/mykolaivska-otg/Petition/View/8)",
        {},
        Refused({"threshold": SettingReason.MISSING, "open_days": SettingReason.MISSING}),
        Situation("UA59080270000073662"),
    ),
]

test_petition_local_conforms = plugin_test("petition-local", golden=GOLDEN)


def test_residents_cannot_be_asked_for_where_the_authority_has_no_territory() -> None:
    with pytest.raises(SettingsRefused) as refused:
        LOCAL_PETITION.terms({"threshold": "250", "open_days": "45"}, Situation())

    assert [(each.setting, each.reason) for each in refused.value.problems] == [
        ("residents_only", SettingReason.NO_TERRITORY)
    ]


def test_a_community_may_let_anyone_sign_with_a_strong_identity() -> None:
    settings = {
        "threshold": "250",
        "open_days": "45",
        "residents_only": "false",
        "min_assurance": "high",
        "signatures_per_mailbox": "2",
    }

    terms = LOCAL_PETITION.terms(settings, Situation(SUMY))

    assert (terms.resident_of, terms.min_assurance, terms.signatures_per_mailbox) == ("", Assurance.HIGH, 2)
    assert terms.channels == (Channel(ChannelKind.EID, Assurance.HIGH),)


def test_votes_against_are_left_out_unless_they_are_set() -> None:
    settings = {"threshold": "250", "open_days": "45"}

    assert not LOCAL_PETITION.terms(settings, Situation(SUMY)).votes_against
    assert LOCAL_PETITION.terms({**settings, "votes_against": "true"}, Situation(SUMY)).votes_against


@pytest.mark.parametrize(("chosen", "shown"), [("", SignersShown.TERRITORIES), ("names", SignersShown.NAMES)])
def test_names_of_signers_are_public_only_where_the_community_says_so(chosen: str, shown: SignersShown) -> None:
    settings = {"threshold": "250", "open_days": "45", "signers_shown": chosen}
    assert LOCAL_PETITION.terms(settings, Situation(SUMY)).signers_shown is shown


def test_without_a_term_for_the_answer_there_is_no_clock_for_it() -> None:
    terms = LOCAL_PETITION.terms({"threshold": "250", "open_days": "45", "answer_days": ""}, Situation(SUMY))

    assert [clock.name for clock in terms.clocks] == ["collect"]


def test_the_answer_is_due_so_many_days_after_the_signatures() -> None:
    course = simulate(
        LOCAL_PETITION,
        Situation(SUMY),
        {"threshold": "250", "open_days": "45", "answer_days": "10"},
        opened_at=OPENED_AT,
        zone=KYIV,
        until={Reached("answer"): datetime(2026, 1, 20, 12, tzinfo=UTC)},
    )

    assert course.deadline("answer").last_day == date(2026, 1, 30)
    assert course.terms.clock("answer").ends_with is Event.ANSWERED


def test_checking_has_a_term_only_where_the_community_sets_one() -> None:
    settings = {"threshold": "250", "open_days": "45", "residents_only": "false"}
    handed_in_at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    without = LOCAL_PETITION.terms(settings, Situation())
    with_term = LOCAL_PETITION.terms({**settings, "moderation_days": "3"}, Situation())

    assert without.starting_at(Event.SUBMITTED) == ()
    (clock,) = with_term.starting_at(Event.SUBMITTED)
    assert clock.deadline(handed_in_at, KYIV).last_day == date(2026, 1, 8)


def test_checking_counts_working_days_where_the_community_says_so() -> None:
    settings = {"threshold": "250", "open_days": "45", "residents_only": "false", "moderation_days": "3"}
    handed_in_on_thursday_at = datetime(2026, 1, 8, 9, tzinfo=UTC)

    (calendar,) = LOCAL_PETITION.terms(settings, Situation()).starting_at(Event.SUBMITTED)
    terms = LOCAL_PETITION.terms({**settings, "moderation_unit": "UA"}, Situation())
    (working,) = terms.starting_at(Event.SUBMITTED)

    assert calendar.deadline(handed_in_on_thursday_at, KYIV).last_day == date(2026, 1, 11)
    assert working.deadline(handed_in_on_thursday_at, KYIV, terms.calendar).last_day == date(2026, 1, 13)


def test_texts_that_harm_somebody_are_not_shown_when_they_are_rejected() -> None:
    assert LOCAL_PETITION.moderation is not None
    hidden = {reason.code for reason in LOCAL_PETITION.moderation.reasons if reason.hides_text}
    assert hidden == {"insults_or_hatred", "violence", "private_people", "unlawful"}
