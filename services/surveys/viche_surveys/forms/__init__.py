"""Forms of other tools come in, and go out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import Definition
from viche_surveys.forms.report import Finding, NotAForm, Report

__all__ = ["MAX_BYTES", "WRITTEN", "Finding", "NotAForm", "Report", "Written", "read", "write"]

MAX_BYTES = 3_000_000
"""Of a file; more is no form that a person has written."""
XLSFORM = frozenset({"xls", "xlsx", "xlsm", "csv"})
LIMESURVEY = frozenset({"lss", "lsg", "lsq"})
WRITTEN = {"viche": "json", "xlsform": "xlsx"}
"""Formats that definitions go out in, and how their files end."""


@dataclass(frozen=True, slots=True)
class Written:
    """A definition as a file.

    Attributes:
        changed: what did not go out as it is.
    """

    content: bytes
    changed: tuple[Finding, ...] = ()


def read(filename: str, content: bytes) -> Report:
    """Reads a form; its file's ending says what it is.

    What keeps the survey from opening is refused too, at its place in the definition, as `checking.py` says it.

    Raises:
        NotAForm: it is of no format that is read.
    """
    report = _read(filename, content)
    if report.definition is None:
        return report
    kept = tuple(Finding(each.place, each.reason, each.values) for each in faults(report.definition))
    return replace(report, refused=(*report.refused, *kept))


def _read(filename: str, content: bytes) -> Report:
    ending = filename.rpartition(".")[2].lower()
    if len(content) > MAX_BYTES:
        raise NotAForm(f"more than {MAX_BYTES} bytes")
    if ending in XLSFORM:
        from viche_surveys.forms import xlsform

        return xlsform.read(filename, content)
    if ending in LIMESURVEY:
        from viche_surveys.forms import limesurvey

        return limesurvey.read(filename, content)
    if ending == "json":
        return _read_json(filename, content)
    raise NotAForm(f"no format has files that end in .{ending}")


def write(definition: Definition, format: str) -> Written:
    """A definition as a file of one of the formats `WRITTEN`."""
    if format == "xlsform":
        from viche_surveys.forms import write_xlsform

        return Written(*write_xlsform.write(definition))
    from viche_surveys.forms import own_document

    return Written(own_document.write(definition))


def _read_json(filename: str, content: bytes) -> Report:
    from viche_surveys.forms import own_document, surveyjs

    document = _json(content)

    if isinstance(document, dict) and str(document.get("format", "")).startswith("viche-survey/"):
        return own_document.read(document)
    return surveyjs.read(filename, document)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise NotAForm(f"no JSON: {error}"[:200]) from error


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
