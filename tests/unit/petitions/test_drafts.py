"""What a draft may say."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from viche_chassis.errors import InvalidFields, TooManyRequests
from viche_petitions.domain import drafts
from viche_petitions.domain.drafts import Draft, check_draft, check_number_of_drafts, clean_line, clean_text
from viche_petitions.domain.errors import TooManyDrafts

GOOD = Draft("Repair the bridge", "It is closed.", "", "uk", UUID(int=1), "", True)


def faults(draft: Draft) -> list[tuple[str, str]]:
    try:
        check_draft(draft)
    except InvalidFields as refused:
        return [(each.field, each.reason) for each in refused.violations]
    return []


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("title", "x" * 9, "TOO_SHORT"),
        ("title", "x" * 10, None),
        ("title", "ї" * 150, None),
        ("title", "ї" * 151, "TOO_LONG"),
        ("title", "", "REQUIRED"),
        ("background", "x" * 9, "TOO_SHORT"),
        ("background", "", "REQUIRED"),
        ("background", "ї" * 3_000, None),
        ("background", "ї" * 3_001, "TOO_LONG"),
        ("details", "x" * 3_001, "TOO_LONG"),
        ("author_name", "x" * 101, "TOO_LONG"),
        ("language", "", "BAD_LANGUAGE"),
        ("language", "uk_UA", "BAD_LANGUAGE"),
        ("language", "sr-Latn", None),
    ],
)
def test_texts_have_their_lengths_in_characters(field: str, text: str, reason: str | None) -> None:
    assert faults(replace(GOOD, **{field: text})) == ([(field, reason)] if reason else [])


def test_background_may_wait_until_the_draft_is_handed_in() -> None:
    assert faults(replace(GOOD, background="", is_submitted=False)) == []
    assert faults(replace(GOOD, background="short", is_submitted=False)) == []


def test_every_fault_is_named_at_once() -> None:
    found = faults(replace(GOOD, title="", background="", details="x" * 4_000))
    assert [field for field, _ in found] == ["title", "background", "details"]


def test_titles_are_one_line_and_texts_keep_their_paragraphs() -> None:
    assert clean_line("  Repair\r\n the \t bridge ") == "Repair the bridge"
    assert clean_text("\r\nOne  \r\n\r\nTwo\r") == "One\n\nTwo"


def test_number_of_drafts_is_limited_and_so_is_a_day() -> None:
    check_number_of_drafts(drafts.MAX_OPEN_DRAFTS - 1, 0, 1.0)
    with pytest.raises(TooManyDrafts):
        check_number_of_drafts(drafts.MAX_OPEN_DRAFTS, 0, 1.0)
    with pytest.raises(TooManyRequests):
        check_number_of_drafts(0, drafts.MAX_DRAFTS_PER_DAY, 1.0)
    check_number_of_drafts(0, drafts.MAX_DRAFTS_PER_DAY, 2.0)
