"""docs/reliability.md names only tests that exist: a promise whose test is gone is no promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reliability.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED.findall(PAGE.read_text(encoding="utf-8")))))
def test_named_test_exists(file: str, test: str) -> None:
    assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8") if test else (ROOT / file).is_file()


def test_every_fault_test_is_named() -> None:
    page = PAGE.read_text(encoding="utf-8")
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/integration/reliability").glob("test_*.py")}
    assert {module for module in modules if module not in page} == set()
