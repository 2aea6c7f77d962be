"""When tokens of a consent are renewed. Pure: the clock and the chance are arguments."""

from collections.abc import Mapping
from datetime import datetime, timedelta

SHARE = 0.2
"""So much of a token's life is left when it is renewed, or more."""
LONGEST_MARGIN = timedelta(days=2)
WITHOUT_AN_END = timedelta(days=1)
"""Tokens of which the platform does not say when they end."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)


def renew_in(tokens: Mapping[str, str], now: datetime, chance: float) -> timedelta | None:
    """After which time tokens are to be renewed; None where they cannot be.

    Args:
        tokens: what is kept of a consent: refresh_token, and expires_at (ISO 8601) where the platform names an end.
        now: the present instant.
        chance: from 0 to 1, so that accounts that were connected together are not renewed together.
    """
    if not tokens.get("refresh_token"):
        return None
    ends_at = tokens.get("expires_at")
    if not ends_at:
        return WITHOUT_AN_END * (0.5 + chance / 2)
    lasts = max(timedelta(), datetime.fromisoformat(ends_at) - now)
    margin = min(lasts * SHARE, LONGEST_MARGIN)
    return lasts - margin * (1 + chance)


def pause_after(failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row."""
    return min(FIRST_PAUSE * 2 ** min(failures, 10), LONGEST_PAUSE) * (0.75 + chance / 2)


def merged(before: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    """Secrets with newer ones in their places; the end of a token does not outlive it."""
    whole = {**before, **secrets}
    if "access_token" in secrets and "expires_at" not in secrets:
        whole.pop("expires_at", None)
    return whole
