"""Forms of other tools come in, and go out."""

from __future__ import annotations

from viche_surveys.forms.report import Finding, NotAForm, Report

__all__ = ["MAX_BYTES", "Finding", "NotAForm", "Report", "read"]

MAX_BYTES = 3_000_000
"""Of a file; more is no form that a person has written."""
ENDINGS = {
    "xls": "xlsform",
    "xlsx": "xlsform",
    "xlsm": "xlsform",
    "csv": "xlsform",
}


def read(filename: str, content: bytes) -> Report:
    """Reads a form; its file's ending says what it is.

    Raises:
        NotAForm: it is of no format that is read.
    """
    ending = filename.rpartition(".")[2].lower()
    if len(content) > MAX_BYTES:
        raise NotAForm(f"more than {MAX_BYTES} bytes")
    if ENDINGS.get(ending) == "xlsform":
        from viche_surveys.forms import xlsform

        return xlsform.read(filename, content)
    raise NotAForm(f"no format has files that end in .{ending}")
