"""Calendar files are what RFC 5545 asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_chassis import calendars

ENTRY = calendars.Entry(
    uid="petition-1-answer@example.org",
    day=date(2026, 12, 31),
    title="Answer",
    text="Start: 1 December\nResult: 31 December",
    url="https://example.org/petitions/1",
    changed_at=datetime(2026, 11, 22, 12, 30, tzinfo=UTC),
)


def content_lines(text: str) -> list[str]:
    """Lines as a calendar reads them: unfolded."""
    return text.replace("\r\n ", "").split("\r\n")


def unescaped(value: str) -> str:
    """A text value as a calendar shows it (section 3.3.11)."""
    shown, letters = "", iter(value)
    for letter in letters:
        shown += {"n": "\n", "N": "\n"}.get(after := next(letters), after) if letter == "\\" else letter
    return shown


def test_day_is_a_whole_one_and_its_end_is_the_day_after() -> None:
    lines = content_lines(calendars.calendar("Deadlines", [ENTRY]))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261122T123000Z" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_text_comes_back_whole_from_lines_of_75_octets(text: str) -> None:
    written = calendars.calendar("Deadlines", [replace(ENTRY, title=text)])
    assert all(len(line) <= 75 for line in written.encode().split(b"\r\n"))
    [summary] = [line for line in content_lines(written) if line.startswith("SUMMARY:")]
    assert unescaped(summary.removeprefix("SUMMARY:")) == text


def test_letter_of_several_octets_is_not_cut() -> None:
    written = calendars.calendar("Deadlines", [replace(ENTRY, title="є" * 200)])
    for line in written.encode().split(b"\r\n"):
        line.decode()


def test_control_characters_end_no_line() -> None:
    written = calendars.calendar("Deadlines", [replace(ENTRY, title="a\rEND:VEVENT\x07", text="one\r\ntwo")])
    assert "SUMMARY:aEND:VEVENT" in content_lines(written)
    assert r"DESCRIPTION:one\ntwo" in content_lines(written)


def test_empty_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        calendars.calendar("Deadlines", [])


def test_event_of_hours_ends_at_its_hour_and_a_later_state_has_a_greater_sequence() -> None:
    begins = datetime(2026, 10, 25, 9, 30, tzinfo=UTC)
    moved = replace(ENTRY, starts_at=begins, ends_at=begins.replace(hour=11), sequence=3, is_cancelled=True)
    lines = content_lines(calendars.calendar("Events", [moved]))
    assert {"DTSTART:20261025T093000Z", "DTEND:20261025T113000Z", "SEQUENCE:3", "STATUS:CANCELLED"} <= set(lines)
