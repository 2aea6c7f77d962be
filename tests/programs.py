"""Programs in Go that tests need, or the reason to go without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.gotools import Missing, program


def needed(name: str) -> Path:
    """The program. Skips the test where it cannot be had; with CI=true that is a failure."""
    try:
        return program(name)
    except Missing as reason:
        pytest.fail(str(reason)) if os.environ.get("CI") == "true" else pytest.skip(str(reason))
