"""Pauses: for a time nobody signs, or no petition opens, at an authority and all below it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.errors import DomainError, FieldViolation, NotFound, invalid
from viche_petitions.domain.texts import Texts, check_texts
from viche_sdk.types import Deadline, Period, Unit

MOST_REASON = 200
MOST_REASON_LANGUAGES = 8
"""The reason travels with each refusal, and what travels with it may have 8 kB in all."""
_DAY = timedelta(days=1)


class SigningPaused(DomainError):
    """Nobody can sign until ``until``; ``why.LANGUAGE`` says why."""

    reason = "SIGNING_PAUSED"


class PetitionsPaused(DomainError):
    """No petition opens until ``until``; ``why.LANGUAGE`` says why."""

    reason = "PETITIONS_PAUSED"


class PauseNotFound(NotFound):
    """There is no such pause."""

    reason = "PAUSE_NOT_FOUND"


class PauseOver(DomainError):
    """The pause is over, so nothing is left to end or to give back."""

    reason = "PAUSE_OVER"


@dataclass(frozen=True, slots=True)
class Stop:
    """Something that a pause stops now: until when, and why."""

    until_at: datetime
    reason: Texts

    @property
    def values(self) -> dict[str, str]:
        """What a refusal says of it."""
        return {"until": self.until_at.isoformat(), **{f"why.{code}": text for code, text in self.reason.items()}}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator decides.

    Args:
        authorities: the authority and all below it.
        from_at: None where it begins at once.
        except_numbers: public numbers of petitions that collect all the same.
    """

    authority_id: UUID
    authorities: tuple[UUID, ...]
    from_at: datetime | None
    until_at: datetime
    reason: Texts
    stops_signing: bool
    stops_opening: bool
    except_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause as it was decided; ``ended_at`` is None unless somebody ended it, ``holds`` whether it does now."""

    id: UUID
    authority_id: UUID
    authorities: tuple[UUID, ...]
    from_at: datetime
    until_at: datetime
    reason: Texts
    stops_signing: bool
    stops_opening: bool
    excepted: tuple[UUID, ...]
    except_numbers: tuple[int, ...]
    decided_at: datetime
    ended_at: datetime | None
    holds: bool


def check_signing(stop: Stop | None) -> None:
    """Lets somebody sign.

    Raises:
        SigningPaused: a pause stops it.
    """
    if stop is not None:
        raise SigningPaused(**stop.values)


def check_opening(stop: Stop | None) -> None:
    """Lets a petition open.

    Raises:
        PetitionsPaused: a pause stops it.
    """
    if stop is not None:
        raise PetitionsPaused(**stop.values)


def violations(wish: Wish, languages: tuple[str, ...], now: datetime) -> Iterator[FieldViolation]:
    """What keeps a pause from being decided.

    Args:
        languages: in one of which the reason must be.
    """
    if not (wish.stops_signing or wish.stops_opening):
        yield invalid("stops_signing", "REQUIRED")
    if wish.until_at <= max(now, wish.from_at or now):
        yield invalid("until_at", "TOO_EARLY")
    yield from check_texts("reason", wish.reason, MOST_REASON, languages)
    if len(wish.reason) > MOST_REASON_LANGUAGES:
        yield invalid("reason", "TOO_MANY", limit=MOST_REASON_LANGUAGES)


def check_not_over(pause: Pause, now: datetime) -> None:
    """Lets a pause be ended, or its time be given back.

    Raises:
        PauseOver: it is over.
    """
    if pause.ended_at is not None or pause.until_at <= now:
        raise PauseOver()


def given_back(deadline: Deadline, pause: Pause) -> Deadline:
    """A deadline, later by the days that a pause takes of its term. It ends at a midnight, as it did."""
    zone, since = ZoneInfo(deadline.zone), max(pause.from_at, deadline.started_at)
    # the hour by which clocks are changed meanwhile is no day, whether the pause was decided by them or by UTC
    lost = min(pause.until_at - since, _on_the_wall(pause.until_at, zone) - _on_the_wall(since, zone))
    days = max(1, math.ceil(lost / _DAY))
    day = deadline.ends_at.astimezone(zone).date() + timedelta(days=days)
    ends_at = datetime.combine(day, time(), zone).astimezone(UTC)
    return replace(deadline, ends_at=ends_at, extended_by=Period(days, Unit.CALENDAR_DAY), at_most=None)


def _on_the_wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
