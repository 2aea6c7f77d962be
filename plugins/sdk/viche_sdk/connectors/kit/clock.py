"""A clock that is put forward by hand."""

from datetime import UTC, datetime, timedelta

STARTS_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class KitClock:
    """Answers `context.Clock`; the fake platform goes by it, too."""

    def __init__(self) -> None:
        self._now = STARTS_AT

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Puts the clock forward."""
        self._now += timedelta(seconds=seconds)


class SkewedClock:
    """The host's clock where it is not the platform's: by so many seconds before it, or behind it."""

    def __init__(self, clock: KitClock, ahead_s: float) -> None:
        self._clock = clock
        self._ahead = timedelta(seconds=ahead_s)

    def now(self) -> datetime:
        """What the host takes for the present instant, in UTC."""
        return self._clock.now() + self._ahead
