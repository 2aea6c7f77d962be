"""Real servers of platforms, for tests alone; each in an environment of its own, which nothing of ours depends on."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def cannot(reason: object) -> NoReturn:
    """Ends a test whose platform cannot be had: with CI=true that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(reason))
    pytest.skip(str(reason))
