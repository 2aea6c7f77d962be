"""What may happen to a survey, and when; instants are arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from viche_chassis.errors import FieldViolation, invalid
from viche_surveys.domain.errors import ClosesTooSoon, SurveyClosed
from viche_surveys.domain.survey import LEAST_K, MOST_K, Admission, Settings, State, Survey

ASSURANCES = ("", "email", "substantial", "high")
"""How surely a person can be asked to be known, least first (eIDAS, Regulation (EU) 910/2014, article 8)."""


def tidied(settings: Settings) -> Settings:
    """The settings without those that say nothing: who may answer is asked of persons alone."""
    if settings.admission is Admission.PERSON:
        return settings
    return replace(settings, assurance="", territory_code="")


def setting_violations(settings: Settings, territories: Collection[str]) -> Iterator[FieldViolation]:
    """What is wrong with settings, whatever the survey is.

    Args:
        territories: codes that there are.
    """
    if not LEAST_K <= settings.k <= MOST_K:
        yield invalid("settings.k", "OUT_OF_RANGE", least=LEAST_K, most=MOST_K)
    if settings.assurance not in ASSURANCES:
        yield invalid("settings.assurance", "UNKNOWN_VALUE", choices=", ".join(ASSURANCES[1:]))
    if settings.territory_code and settings.territory_code not in territories:
        yield invalid("settings.territory_code", "UNKNOWN_TERRITORY")
    if settings.opens_at and settings.closes_at and settings.closes_at <= settings.opens_at:
        yield invalid("settings.closes_at", "CLOSES_TOO_SOON")


def change_violations(
    survey: Survey, wanted: Settings, now: datetime, *, is_answered: bool
) -> Iterator[FieldViolation]:
    """What a survey cannot change any more.

    Who may answer stays once somebody has: otherwise "once per person" would hold for some of the answers only. What
    people were promised about results stays, too: k may grow, and does not shrink.
    """
    former = survey.settings
    if is_answered:
        for name in ("admission", "assurance", "territory_code"):
            if getattr(wanted, name) != getattr(former, name):
                yield invalid(f"settings.{name}", "FIXED_BY_ANSWERS")
        if wanted.k < former.k:
            yield invalid("settings.k", "FIXED_BY_ANSWERS")
    if survey.state is State.OPEN and wanted.opens_at != former.opens_at:
        yield invalid("settings.opens_at", "FIXED_BY_OPENING")
    if survey.state is State.SCHEDULED and wanted.opens_at is None:
        yield invalid("settings.opens_at", "REQUIRED")
    if survey.state is not State.DRAFT and wanted.closes_at not in (None, former.closes_at) and wanted.closes_at <= now:
        yield invalid("settings.closes_at", "CLOSES_TOO_SOON")


def check_not_closed(survey: Survey) -> None:
    """Lets a survey be changed.

    Raises:
        SurveyClosed: it was closed.
    """
    if survey.state is State.CLOSED:
        raise SurveyClosed()


def opens_now(settings: Settings, now: datetime) -> bool:
    """Whether a survey that is to be opened opens at once; otherwise it waits for its time.

    Raises:
        ClosesTooSoon: it would close at once.
    """
    if settings.closes_at and settings.closes_at <= now:
        raise ClosesTooSoon()
    return settings.opens_at is None or settings.opens_at <= now


def takes_answers(survey: Survey, now: datetime) -> bool:
    """Whether a survey takes answers, whether or not its closing has been noted yet."""
    closes_at = survey.settings.closes_at
    return survey.state is State.OPEN and (closes_at is None or now < closes_at)
