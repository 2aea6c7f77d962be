"""What is written from the code is up to date: tables in pages, dashboards, descriptions in the chart's schema."""

from __future__ import annotations

import pytest

from tools.docs import wanted
from tools.parts import with_part


def test_what_is_written_from_the_code_is_up_to_date() -> None:
    stale = [path.name for path, text in wanted().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run make docs"


def test_a_page_that_has_lost_a_mark_is_not_written() -> None:
    page = "a\n<!-- x: begin (make docs) -->\nold\n<!-- x: end -->\nb"
    assert with_part(page, "x", "new") == page.replace("old", "new")
    with pytest.raises(ValueError, match="unpack"):
        with_part(page.replace("end", "and"), "x", "new")
