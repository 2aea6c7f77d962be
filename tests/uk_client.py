"""A client as somebody would write it for petition.parliament.uk, knowing nothing of Viche."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Json = dict[str, Any]
DATES = (
    "created_at", "updated_at", "rejected_at", "opened_at", "closed_at", "moderation_threshold_reached_at",
    "response_threshold_reached_at", "government_response_at", "debate_threshold_reached_at", "debate_outcome_at",
)  # fmt: skip


class UkClient:
    """Reads petitions.

    Args:
        get: the JSON at an address.
        base: address of the site.
    """

    def __init__(self, get: Callable[[str], Any], base: str) -> None:
        self._get = get
        self._base = base

    def petitions(self, state: str = "all", path: str = "/petitions.json") -> Iterator[Json]:
        """All petitions in a state, page by page."""
        url: str | None = f"{self._base}{path}?state={state}"
        while url:
            page = self._get(url)
            assert set(page["links"]) >= {"self", "first", "last", "next", "prev"}
            yield from page["data"]
            url = page["links"]["next"]

    def petition(self, entry: Json) -> Json:
        """The whole of a petition of a list."""
        return self._get(entry["links"]["self"])["data"]


def headline(petition: Json) -> str:
    """A line of text about a petition, in the way of a bot that posts them."""
    facts = petition["attributes"]
    return f"#{petition['id']} {facts['action']}: {facts['signature_count']:,} signatures ({facts['state']})"


def days_open(petition: Json) -> int:
    """For how many days it collected."""
    facts = petition["attributes"]
    return (instant(facts["closed_at"] or facts["updated_at"]) - instant(facts["opened_at"])).days


def instant(text: str) -> datetime:
    """A date as the site writes them."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def strongest_constituency(petition: Json) -> tuple[str, int] | None:
    """Where most signatures come from."""
    rows = petition["attributes"]["signatures_by_constituency"]
    best = max(rows, key=lambda row: row["signature_count"], default=None)
    return (f"{best['name']} ({best['ons_code']}, {best['mp']})", best["signature_count"]) if best else None


def check_types(attributes: Json) -> None:
    """What a client with types relies on."""
    for key in ("action", "background", "additional_details", "state"):
        assert isinstance(attributes[key], str), key
    assert isinstance(attributes["signature_count"], int)
    for key in DATES:
        if attributes[key] is not None:
            instant(attributes[key])
    for key in ("rejection", "government_response", "debate"):
        assert attributes[key] is None or isinstance(attributes[key], dict), key
    assert attributes["scheduled_debate_date"] is None or len(attributes["scheduled_debate_date"]) == 10
    for key in ("departments", "topics"):
        assert isinstance(attributes[key], list), key
