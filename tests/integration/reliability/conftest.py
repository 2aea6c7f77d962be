"""One suite for all fault tests: what one test breaks must not harm the next."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.reliability.dam import Dam, dam


@pytest.fixture(scope="package")
def built(engine_folder: Path) -> Iterator[Dam]:
    """The running suite with a region, a ledger and a mail server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="reliability-", dir=engine_folder))  # built anew when others ran in between
    folder.chmod(0o755)
    with dam(folder) as one:
        yield one
