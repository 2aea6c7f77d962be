"""No text is missing, uncertain or left over in any language."""

from __future__ import annotations

import pytest

from tools import messages


def test_catalogues_are_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main(["check"]) == 0, capsys.readouterr().out
