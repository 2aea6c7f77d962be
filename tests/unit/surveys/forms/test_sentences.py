"""Every finding of a form says something, with its values in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from viche_surveys import forms
from viche_surveys.forms.report import Finding
from viche_surveys.forms.sentences import SENTENCES, sentence


def _reasons() -> Iterator[str]:
    for path in Path(forms.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and re.fullmatch(r"(?!MAX_)[A-Z][A-Z]+(_[A-Z]+)+", value):
                yield value


@pytest.mark.parametrize("reason", sorted({*_reasons()}))
def test_a_reason_has_its_sentence(reason: str) -> None:
    assert SENTENCES[reason]


def test_a_sentence_has_its_values() -> None:
    assert sentence(Finding("sheet survey, row 2", "UNKNOWN_TYPE", {"type": "riddle"})) == "there is no type riddle"
    assert sentence(Finding("", "UNKNOWN_TYPE")) == "there is no type "
