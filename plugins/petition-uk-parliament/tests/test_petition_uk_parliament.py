"""petition-uk-parliament conforms, and gives the figures that the site states and the times that it published."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from viche_petition_uk_parliament.workflow import UK_PARLIAMENT_PETITION
from viche_sdk.testing import Figures, GoldenCase, Outcome, plugin_test
from viche_sdk.types import Assurance, Event, SignersShown, Situation, simulate

LONDON = ZoneInfo("Europe/London")
FOUND = "found on the page itself"
THRESHOLDS = {"response": 10_000, "debate": 100_000}

GOLDEN = [
    GoldenCase(
        "the thresholds",
        f"https://petition.parliament.uk/help ({FOUND})",
        {},
        Figures(
            THRESHOLDS,
            min_assurance=Assurance.EMAIL,
            resident_of="",
            minima={},
            outcomes=(
                Outcome(9_999, ()),
                Outcome(10_000, ("response",)),
                Outcome(99_999, ("response",)),
                Outcome(100_000, ("response", "debate")),
            ),
        ),
    ),
    GoldenCase(
        "petition 241584, opened on 20 February 2019, open for six months",
        "https://petition.parliament.uk/petitions/241584.json for the opening and the count of 24 March 2019; "
        f"https://petition.parliament.uk/petitions/327661 for the six months ({FOUND})",
        {},
        Figures(
            THRESHOLDS,
            deadlines={"collect": date(2019, 8, 20)},
            outcomes=(Outcome(5_156_603, ("response", "debate")),),
        ),
        opened_at=datetime(2019, 2, 20, 10, 25, 2, tzinfo=UTC),
        zone=LONDON,
    ),
    GoldenCase(
        "a check within a week, where whoever runs it promises one",
        "the published rules set no term, so that the setting alone decides",
        {"check_days": "7"},
        Figures(THRESHOLDS, deadlines={"check": date(2019, 2, 21), "collect": date(2019, 8, 20)}),
        opened_at=datetime(2019, 2, 20, 10, 25, 2, tzinfo=UTC),
        zone=LONDON,
        events={Event.SPONSORED: datetime(2019, 2, 14, 14, 57, 53, tzinfo=UTC)},
    ),
]

test_petition_uk_parliament_conforms = plugin_test("petition-uk-parliament", golden=GOLDEN)


def test_five_supporters_beside_the_creator_come_before_the_check() -> None:
    terms = UK_PARLIAMENT_PETITION.terms({}, Situation())

    assert (terms.sponsors, terms.author_counts) == (5, True)


def test_the_creator_is_named_and_signers_are_not() -> None:
    terms = UK_PARLIAMENT_PETITION.terms({}, Situation())

    assert terms.author_shown
    assert terms.signers_shown is SignersShown.TERRITORIES


def test_dissolution_closes_petitions() -> None:
    assert [each.name for each in UK_PARLIAMENT_PETITION.terms({}, Situation()).closing_events] == ["dissolution"]


def test_no_term_is_promised_for_the_check_unless_it_is_set() -> None:
    opened_at = datetime(2019, 2, 20, 12, tzinfo=UTC)

    course = simulate(UK_PARLIAMENT_PETITION, Situation(), {}, opened_at=opened_at, zone=LONDON)

    assert [deadline.clock for deadline in course.deadlines] == ["collect"]


def test_texts_are_hidden_for_the_reasons_for_which_the_site_hides_them() -> None:
    # HIDDEN_CODES in app/models/rejection.rb of alphagov/e-petitions: libellous and offensive
    assert UK_PARLIAMENT_PETITION.moderation is not None
    hidden = [reason.code for reason in UK_PARLIAMENT_PETITION.moderation.reasons if reason.hides_text]
    assert hidden == ["false_or_defamatory", "offensive"]
