"""Programs that tests need, or the reason to go without."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from tools.gotools import Missing, cache, program


def cannot(reason: object) -> NoReturn:
    """Skips a test that misses something; with CI=true that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(reason))
    pytest.skip(str(reason))


def needed(name: str) -> Path:
    """A program in Go of tools/gotools.py, or the end of the test."""
    try:
        return program(name)
    except Missing as reason:
        cannot(reason)


def promtool() -> str:
    """The system's, or that of tools/promtool; or the end of the test."""
    found = shutil.which("promtool") or shutil.which("promtool", path=cache())
    return found or cannot("promtool, which comes with Prometheus, is missing: run `sh tools/promtool`")
