"""What the columns of an export mean: as lines of a table and as a JSON document. `ddi.py` says it in DDI."""

from collections.abc import Iterator
from typing import Any

from viche_surveys.exports.table import Table, Variable

HEAD = ("variable", "kind", "label", "question", "value", "value_label", "is_missing", "is_personal")


def lines(table: Table) -> Iterator[tuple[str, ...]]:
    """A line for each variable, and below it one for each of its values that has a meaning."""
    for each in table.variables:
        asked = table.said(each.asked or each.label) if each.question else ""
        personal = "yes" if each.is_personal else ""
        yield (each.name, each.kind.value, table.said(each.label), asked, "", "", "", personal)
        for value in each.values:
            missing = "yes" if value.code == each.dont_know else ""
            yield (each.name, "", "", "", str(value.code), table.said(value.label), missing, "")


def document(table: Table) -> dict[str, Any]:
    """The codebook with the texts of all languages."""
    return {
        "format": "viche-codebook/1",
        "survey": table.identifier,
        "title": dict(table.title),
        "languages": list(table.languages),
        "made_at": table.made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "variables": [_variable(each) for each in table.variables],
    }


def _variable(variable: Variable) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": variable.name,
        "kind": variable.kind.value,
        "level": variable.level.value,
        "label": dict(variable.label),
    }
    if variable.question:
        said["question"] = variable.question
    if variable.values:
        said["values"] = [{"code": value.code, "label": dict(value.label)} for value in variable.values]
    if variable.dont_know is not None:
        said["dont_know"] = variable.dont_know
    if variable.is_personal:
        said["is_personal"] = True
    return said
