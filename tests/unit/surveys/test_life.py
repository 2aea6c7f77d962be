"""What may happen to a survey, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from viche_surveys.domain import life
from viche_surveys.domain.errors import ClosesTooSoon, SurveyClosed
from viche_surveys.domain.survey import Admission, Settings, State, Summary, Survey

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def survey(state: State = State.OPEN, **settings: Any) -> Survey:
    """A survey with the settings that are by default, but for some."""
    return Survey(
        id=UUID(int=1), number=1, state=state, authority_id=UUID(int=2), settings=Settings(**settings), version=1,
        edition=1, summary=Summary(languages=("uk",), title={}, introduction={}, thanks={}, questions=1, pages=1),
        opened_at=NOW, closed_at=None, updated_at=NOW,
    )  # fmt: skip


def refused(former: Survey, *, is_answered: bool = False, **wanted: Any) -> set[tuple[str, str]]:
    settings = replace(former.settings, **wanted)
    return {(v.field, v.reason) for v in life.change_violations(former, settings, NOW, is_answered=is_answered)}


@pytest.mark.parametrize(
    ("state", "closes_at", "takes"),
    [
        (State.OPEN, None, True),
        (State.OPEN, NOW + HOUR, True),
        (State.OPEN, NOW, False),
        (State.SCHEDULED, None, False),
        (State.CLOSED, NOW + HOUR, False),
    ],
)
def test_answers_are_taken_until_the_last_instant(state: State, closes_at: datetime | None, takes: bool) -> None:
    assert life.takes_answers(survey(state, closes_at=closes_at), NOW) is takes


def test_a_survey_opens_now_or_waits_for_its_time() -> None:
    assert life.opens_now(Settings(), NOW)
    assert life.opens_now(Settings(opens_at=NOW), NOW)
    assert not life.opens_now(Settings(opens_at=NOW + HOUR), NOW)
    with pytest.raises(ClosesTooSoon):
        life.opens_now(Settings(closes_at=NOW), NOW)


def test_what_is_closed_stays() -> None:
    life.check_not_closed(survey(State.OPEN))
    with pytest.raises(SurveyClosed):
        life.check_not_closed(survey(State.CLOSED))


@pytest.mark.parametrize("admission", [Admission.OPEN, Admission.LINK])
def test_only_persons_are_asked_who_they_are(admission: Admission) -> None:
    asked = Settings(admission=Admission.PERSON, assurance="high", territory_code="UA05")
    assert life.tidied(asked) == asked
    assert life.tidied(replace(asked, admission=admission)) == Settings(admission=admission)


def test_before_there_are_answers_all_may_change() -> None:
    assert refused(survey(k=20), admission=Admission.PERSON, assurance="high", territory_code="UA05", k=5) == set()


def test_who_may_answer_stays_once_somebody_has() -> None:
    former = survey(admission=Admission.PERSON, assurance="email", k=20)
    wanted = {"admission": Admission.OPEN, "assurance": "", "territory_code": "UA05", "k": 19}
    assert refused(former, is_answered=True, **wanted) == {
        (f"settings.{name}", "FIXED_BY_ANSWERS") for name in ("admission", "assurance", "territory_code", "k")
    }
    assert refused(former, is_answered=True, k=21) == set()


def test_times_that_have_passed_stay() -> None:
    assert refused(survey(State.OPEN), opens_at=NOW) == {("settings.opens_at", "FIXED_BY_OPENING")}
    assert refused(survey(State.OPEN), closes_at=NOW) == {("settings.closes_at", "CLOSES_TOO_SOON")}
    assert refused(survey(State.OPEN, closes_at=NOW), closes_at=NOW) == set()
    assert refused(survey(State.OPEN, closes_at=NOW + HOUR), closes_at=None) == set()
    assert refused(survey(State.DRAFT), closes_at=NOW - HOUR) == set()
    assert refused(survey(State.SCHEDULED, opens_at=NOW), opens_at=None) == {("settings.opens_at", "REQUIRED")}
