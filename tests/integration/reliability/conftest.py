"""One suite for all fault tests: what one test breaks must not harm the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.reliability.dam import Dam, dam


@pytest.fixture(scope="package")
def built(engine_folder: Path) -> Iterator[Dam]:
    """The running suite with a region, a ledger and a mail server of its own."""
    folder = engine_folder / "reliability"
    folder.mkdir(mode=0o755)
    with dam(folder) as one:
        yield one
