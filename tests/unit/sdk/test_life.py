"""Every rule has the stage, the clock and the channel that it needs."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.sdk.workflows import choice, number, text, workflow
from viche_sdk.events import EXPLAINED
from viche_sdk.life import USUAL, stage_of
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Clock,
    ClosingEvent,
    Committee,
    Complaint,
    Event,
    Expression,
    Failed,
    Failure,
    FixedCommittee,
    FromSetting,
    InvalidWorkflow,
    LegalBasis,
    Localized,
    Moderation,
    Reached,
    Reason,
    Situation,
    Sponsors,
    Stage,
    Terms,
    Unit,
    Vocabulary,
    collecting,
)

HERE = Situation("UA80000000000093317", population=1_000)
CHECK = Clock("check", text(), 2, Unit.CALENDAR_DAY, Event.SUBMITTED, Event.OPENED)
COMPLAINT = Clock("complaint", text(), 5, Unit.CALENDAR_DAY, Event.COMPLAINT_MADE, Event.COMPLAINT_DECIDED)
CLOCKS = (collecting(30), CHECK, COMPLAINT)
PAPER = Channel(ChannelKind.PAPER, Assurance.SUBSTANTIAL)
EID = Channel(ChannelKind.EID, Assurance.SUBSTANTIAL)
EMAIL = Channel(ChannelKind.EMAIL, Assurance.EMAIL)
REASONS = (Reason("hate", text(), text()),)

ENGLISH = Localized.of(en="In English only")

WHOLE: dict[str, Any] = {
    "stages": tuple(Stage),
    "clocks": CLOCKS,
    "channels": (EID, PAPER),
    "votes_against": True,
    "author_counts": Expression("population < 5000"),
    "author_shown": False,
    "sponsors": Sponsors(5),
    "committee": Committee(Expression("percent(population, 0.3)"), 7, 2, protocol=True),
    "moderation": Moderation("check", REASONS),
    "complaint": Complaint(text("the ombudsman"), "complaint"),
    "closing_events": (ClosingEvent("dissolution", text(), text(), LegalBasis(text("Act"), "9")),),
    "failed": Failure(Failed.APPEAL, text("It is considered as an appeal."), LegalBasis(text("Act"), "10")),
    "vocabulary": Vocabulary(petition=text("initiative")),
}
"""A workflow that has every rule."""


def test_terms_fix_every_rule_and_survive_storage() -> None:
    terms = workflow(**WHOLE).terms({"debate": "50"}, HERE)

    assert Terms.from_json(terms.to_json()) == terms
    assert (terms.stages, terms.channels, terms.min_assurance) == (tuple(Stage), (EID, PAPER), Assurance.SUBSTANTIAL)
    assert (terms.votes_against, terms.author_counts, terms.author_shown, terms.sponsors) == (True, True, False, 5)
    assert terms.committee == FixedCommittee(3, 7, 2, protocol=True)
    assert [event.name for event in terms.closing_events] == ["dissolution"]
    assert terms.failed == WHOLE["failed"]


@pytest.mark.parametrize(
    ("differences", "fault"),
    [
        ({"stages": (Stage.OPEN, Stage.DRAFT, Stage.CLOSED)}, "stages must stand once each in the order draft"),
        ({"stages": (*USUAL, Stage.ARCHIVED)}, "stages must stand once each"),
        ({"stages": USUAL[1:]}, "every workflow has the stage draft; add it"),
        ({"stages": USUAL, "sponsors": Sponsors(5)}, "sponsors needs the stage sponsoring; add it"),
        ({"stages": tuple(Stage), "sponsors": None}, "the stage sponsoring needs sponsors"),
        ({"stages": (Stage.DRAFT, Stage.OPEN, Stage.CLOSED)}, "moderation needs the stage moderation"),
        ({"stages": (Stage.DRAFT, Stage.OPEN, Stage.CLOSED)}, "complaint needs the stage rejected"),
        (
            {"stages": (Stage.DRAFT, Stage.OPEN, Stage.CLOSED)},
            "clock complaint: complaint_made never happens without the stage rejected",
        ),
        (
            {
                "clocks": (*CLOCKS, Clock("a", text(), 1, Unit.MONTH, Event.SPONSORED)),
                "stages": USUAL,
                "sponsors": None,
            },
            "clock a: sponsored never happens without the stage sponsoring",
        ),
        ({"complaint": None}, "clock complaint never starts without complaint"),
        ({"moderation": Moderation("chek", REASONS)}, "moderation names the clock 'chek', which is not there"),
        ({"moderation": Moderation("collect", REASONS)}, "clock collect must start at submitted or sponsored"),
        ({"moderation": Moderation("check", ())}, "list the reasons for which a draft may be rejected"),
        ({"moderation": Moderation("check", REASONS * 2)}, "two reasons are called 'hate'"),
        ({"complaint": Complaint(text(), "check")}, "complaint: clock check must start at complaint_made"),
        ({"sponsors": Sponsors(0)}, "sponsors must be at least 1"),
        ({"sponsors": Sponsors(FromSetting("five"))}, "sponsors takes setting 'five', which is not declared"),
        ({"committee": Committee(8, 7)}, "members_min 8 must not be above members_max 7"),
        ({"committee": Committee(1, 2, 0)}, "territories_min of committee must be at least 1"),
        ({"votes_against": 1}, "votes_against must be True or False, not 1"),
        ({"author_counts": Expression("population")}, "author_counts: expression 'population' must give true or false"),
        ({"closing_events": (ClosingEvent("The End", text(), text()),)}, "name closing event 'The End'"),
        ({"failed": Failure(Failed.APPEAL)}, "say in effect what becoming an appeal means"),
        ({"channels": (EID, EID)}, "each kind of channel stands once"),
        ({"channels": ()}, "min_assurance email leaves no channel"),
        ({"channels": (EMAIL,), "min_assurance": Assurance.HIGH}, "min_assurance high leaves no channel"),
        ({"channels": (replace(EMAIL, min_assurance=Assurance.HIGH),)}, "channel email cannot give assurance high"),
    ],
)
def test_a_rule_without_what_it_needs_is_refused(differences: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(**{**WHOLE, **differences})

    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("differences", "place"),
    [
        (
            {"moderation": Moderation("check", (Reason("hate", Localized.of(en="Hate"), text()),))},
            "title of reason hate",
        ),
        ({"moderation": Moderation("check", (Reason("hate", text(), Localized.of(en="No")),))}, "help of reason hate"),
        ({"complaint": Complaint(ENGLISH, "complaint")}, "complaint"),
        ({"closing_events": (ClosingEvent("a", ENGLISH, text()),)}, "title of closing event a"),
        ({"closing_events": (ClosingEvent("a", text(), ENGLISH),)}, "effect of closing event a"),
        ({"failed": Failure(Failed.APPEAL, ENGLISH)}, "effect of failed"),
        ({"vocabulary": Vocabulary(sign=ENGLISH)}, "vocabulary sign"),
        ({"sponsors": Sponsors(5, LegalBasis(ENGLISH))}, "legal_basis of sponsors"),
        ({"clocks": (*CLOCKS[:2], replace(COMPLAINT, notice=ENGLISH))}, "notice of clock complaint"),
    ],
)
def test_every_text_is_in_four_languages(differences: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(**{**WHOLE, **differences})

    assert refused.value.faults == (f"{place}: write it in uk, bg, ru too",)


@pytest.mark.parametrize(
    ("asked", "channels"),
    [
        ("email", (EMAIL, EID, PAPER)),
        ("substantial", (EID, PAPER)),
        ("high", (replace(EID, min_assurance=Assurance.HIGH), replace(PAPER, min_assurance=Assurance.HIGH))),
    ],
)
def test_the_assurance_that_is_asked_for_narrows_the_channels(asked: str, channels: tuple[Channel, ...]) -> None:
    level = choice("level", "email", "substantial", "high")
    of = workflow(
        channels=(EMAIL, EID, PAPER), min_assurance=FromSetting("level"), settings=(number("debate"), level)
    )  # fmt: skip

    terms = of.terms({"debate": "50", "level": asked}, HERE)

    assert (terms.channels, terms.min_assurance) == (channels, asked)


def test_every_event_has_a_stage_and_an_explanation() -> None:
    assert {stage_of(event) for event in Event} <= set(Stage)
    assert stage_of(Reached("answer")) is Stage.OPEN
    assert list(EXPLAINED) == list(Event)
