"""Rules of answers, steps and hearings: pure, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.unit.sdk.workflows import BASIS, text
from viche_chassis.errors import DomainError, InvalidFields
from viche_petitions.domain import answers, hearings, steps
from viche_petitions.domain.deadlines import NotedDeadline
from viche_petitions.domain.petition import Happened, Petition, State
from viche_petitions.domain.texts import clean_texts
from viche_sdk.types import (
    Assurance,
    Event,
    Failed,
    Failure,
    FixedClock,
    FixedExtension,
    FixedThreshold,
    Period,
    Reached,
    Stage,
    Terms,
    Unit,
)

ZONE = ZoneInfo("Europe/Kyiv")
NOON = datetime(2026, 3, 10, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def clock(name: str, starts_at: Any, ends_with: Event | None = None, **fields: Any) -> FixedClock:
    return FixedClock(name, text(name), Period(10, Unit.CALENDAR_DAY), starts_at, ends_with, **fields)


def terms(*clocks: FixedClock, **fields: Any) -> Terms:
    return Terms(
        "council", "1", (FixedThreshold("answer", 2, text("an answer")),),
        (clock("collect", Event.OPENED, Event.COLLECTION_ENDED), *clocks), Assurance.EMAIL, "", 1, BASIS, **fields,
    )  # fmt: skip


def petition(**fields: Any) -> Petition:
    values: dict[str, Any] = {
        "id": UUID(int=1), "number": 7, "state": State.THRESHOLD_REACHED, "title": "", "background": "", "details": "",
        "language": "uk", "authority_id": UUID(int=2), "author": None, "author_name": "", "workflow": "council",
        "terms": terms(), "version": 1, "created_at": NOON - 9 * DAY, "submitted_at": NOON - 8 * DAY,
        "opened_at": NOON - 7 * DAY, "closes_at": NOON + 9 * DAY, "closed_at": None, "updated_at": NOON,
        "is_archived": False, "source_url": "", "source_state": "", "signature_count": 2,
        "reached": {"answer": NOON - 2 * DAY},
    }  # fmt: skip
    return Petition(**(values | fields))


def content(**fields: Any) -> answers.Content:
    said = answers.Content(answers.Decision.ACCEPTED, {"uk": "Так."}, {}, "Мер")
    return replace(said, **fields)


def wrong(said: answers.Content, *, is_correction: bool = False) -> dict[str, str]:
    try:
        answers.check_content(said, ("uk", "en"), is_correction=is_correction)
    except InvalidFields as refused:
        return {each.field: each.reason for each in refused.violations}
    return {}


@pytest.mark.parametrize("decision", list(answers.Decision))
def test_reasons_are_needed_where_not_all_is_done(decision: answers.Decision) -> None:
    is_needed = decision in (answers.Decision.DECLINED, answers.Decision.PARTLY_ACCEPTED)
    assert wrong(content(decision=decision)) == ({"reasons.uk": "REQUIRED"} if is_needed else {})


def test_text_in_the_second_language_will_do_and_one_in_a_third_will_not() -> None:
    assert wrong(content(summary={"en": "Yes."})) == {}
    assert wrong(content(summary={"bg": "Да."})) == {"summary.uk": "REQUIRED"}


def test_texts_and_files_have_limits() -> None:
    files = tuple(answers.Attached(UUID(int=number), {"uk": "План"}) for number in range(11))
    assert wrong(content(summary={"uk": "x" * 2001}, documents=files)) == {
        "summary.uk": "TOO_LONG", "documents": "TOO_MANY",
    }  # fmt: skip
    assert wrong(content(documents=(answers.Attached(UUID(int=1), {}),))) == {"documents.0": "REQUIRED"}


def test_only_a_correction_says_what_changed() -> None:
    assert wrong(content(), is_correction=True) == {"correction_note.uk": "REQUIRED"}
    assert wrong(content(correction_note={"uk": "Дата."})) == {"correction_note": "UNKNOWN_FIELD"}


def test_texts_lose_blanks_and_empty_languages() -> None:
    assert clean_texts({"uk": "  Так \n", "en": " "}) == {"uk": "Так"}


def test_terms_know_steps_by_their_clocks_and_by_the_stage_of_consideration() -> None:
    assert steps.steps_of(terms(stages=(Stage.OPEN,))) == ()
    assert steps.steps_of(terms(stages=(Stage.OPEN, Stage.CONSIDERATION))) == (Event.CONSIDERATION_STARTED,)
    check = clock("check", Event.HANDED_OVER, Event.VERIFIED)
    assert steps.steps_of(terms(check, stages=(Stage.OPEN,))) == (Event.HANDED_OVER, Event.VERIFIED)


def test_step_waits_for_what_starts_the_clock_that_it_ends() -> None:
    rules = terms(clock("check", Event.HANDED_OVER, Event.VERIFIED))
    with pytest.raises(DomainError, match="STEP_TOO_EARLY"):
        steps.check_step(petition(terms=rules), Event.VERIFIED)
    handed = petition(terms=rules, happenings=(Happened("handed_over", NOON - DAY),))
    assert steps.check_step(handed, Event.VERIFIED) == NOON - DAY


def test_day_of_a_step_is_its_noon_but_never_before_its_cause_or_after_now() -> None:
    earliest = datetime(2026, 3, 8, 20, tzinfo=UTC)
    assert steps.moment_of(date(2026, 3, 9), earliest, NOON, ZONE) == datetime(2026, 3, 9, 12, tzinfo=ZONE)
    assert steps.moment_of(date(2026, 3, 8), earliest, NOON, ZONE) == earliest
    assert steps.moment_of(date(2026, 3, 10), earliest, NOON - timedelta(hours=5), ZONE) == NOON - timedelta(hours=5)
    assert steps.moment_of(None, earliest, NOON, ZONE) == NOON
    with pytest.raises(DomainError, match="STEP_TOO_EARLY"):
        steps.moment_of(date(2026, 3, 7), earliest, NOON, ZONE)
    with pytest.raises(DomainError, match="IN_THE_FUTURE"):
        steps.moment_of(date(2026, 3, 11), earliest, NOON, ZONE)


def test_day_begins_where_the_authority_is() -> None:
    late_evening = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)  # the 11th in Kyiv
    assert steps.moment_of(date(2026, 3, 11), NOON, late_evening, ZONE) == late_evening


def running(**fields: Any) -> Petition:
    extension = FixedExtension(Period(5, Unit.CALENDAR_DAY), text("the council"), notice=True)
    rules = terms(clock("answer", Reached("answer"), Event.ANSWERED, extension=extension))
    deadline = rules.deadline("answer", NOON - 2 * DAY, ZONE)
    return petition(terms=rules, deadlines=(NotedDeadline(deadline),), **fields)


def test_prolonged_term_ends_as_much_later_as_its_rule_says() -> None:
    before, after = steps.prolonged(running(), "answer", NOON, ZONE)
    assert after.last_day - before.last_day == 5 * DAY
    with pytest.raises(DomainError, match="TOO_LATE"):
        steps.prolonged(running(), "answer", before.ends_at, ZONE)
    steps.prolonged(running(), "answer", before.last_moment, ZONE)


def test_only_what_failed_and_becomes_an_appeal_is_taken_as_one() -> None:
    rules = terms(failed=Failure(Failed.APPEAL))
    failed = petition(terms=rules, state=State.CLOSED, closed_at=NOON, reached={})
    steps.check_appeal(failed)
    others = (
        replace(failed, closed_at=None), replace(failed, reached={"answer": NOON}), replace(failed, terms=terms()),
    )  # fmt: skip
    for other in others:
        with pytest.raises(DomainError, match="NOT_AN_APPEAL"):
            steps.check_appeal(other)


@pytest.mark.parametrize("url", ["", "https://video.example/1", "http://video.example"])
def test_address_of_a_recording_may_be_empty_or_of_the_web(url: str) -> None:
    assert refused_hearing(video_url=url) == {}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "video.example", "https://", "https://a b", "ftp://a.example"])
def test_other_addresses_are_refused(url: str) -> None:
    assert refused_hearing(video_url=url) == {"video_url": "BAD_ADDRESS"}


def test_cancelling_and_moving_ask_for_a_reason_and_an_outcome_does_not() -> None:
    last = hearing()
    assert refused_hearing(last, held_at=last.held_at + DAY) == {"note.uk": "REQUIRED"}
    assert refused_hearing(last, is_cancelled=True) == {"note.uk": "REQUIRED"}
    assert refused_hearing(last, place={"uk": "Інша зала"}) == {}
    over = replace(last, held_at=NOON - DAY)
    assert refused_hearing(over, held_at=over.held_at, outcome={"uk": "Погодили."}) == {}


def hearing(**fields: Any) -> hearings.Hearing:
    values: dict[str, Any] = {
        "version": 1, "hearing": 1, "title": {"uk": "Слухання"}, "held_at": NOON + DAY, "place": {"uk": "Зала"},
        "watch_url": "", "outcome": {}, "transcript_url": "", "video_url": "", "is_cancelled": False, "note": {},
        "published_at": NOON,
    }  # fmt: skip
    return hearings.Hearing(**(values | fields))


def refused_hearing(last: hearings.Hearing | None = None, **fields: Any) -> dict[str, str]:
    try:
        hearings.check_hearing(hearing(**fields), last, ("uk", "en"))
    except InvalidFields as refused:
        return {each.field: each.reason for each in refused.violations}
    return {}
