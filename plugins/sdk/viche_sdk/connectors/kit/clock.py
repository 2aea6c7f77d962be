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
