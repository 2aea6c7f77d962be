"""When a term ends."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def closes_at(opened_at: datetime, open_days: int, zone: ZoneInfo) -> datetime:
    """The instant at which a petition stops collecting: the end of its last full day where the authority is.

    The day of opening is not counted, so that nobody gets less than the days promised; a day is a day of the wall
    calendar, however many hours daylight saving gives it. Where the clock jumps over midnight, the day ends at the
    jump; where midnight comes twice, at the first.

    Args:
        opened_at: when it opened; aware.
        open_days: how many full days it stays open, 1 or more.
        zone: of the authority.

    Returns:
        An aware UTC time; the petition is open while now < closes_at.

    Raises:
        ValueError: `opened_at` is naive, or `open_days` is less than 1.
    """
    if opened_at.tzinfo is None:
        raise ValueError("opened_at has no time zone; give an aware UTC time")
    if open_days < 1:
        raise ValueError(f"open_days must be at least 1, not {open_days}")
    last_day = opened_at.astimezone(zone).date() + timedelta(days=open_days)
    return datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)
