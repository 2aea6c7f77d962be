"""The README of the chart and the descriptions in its schema, written from the `# --` comments of its values.

A comment that begins with `# --` describes the value below it; comment lines after it go on with it. A group, such as
`services`, has one too; a value below a described one may go without where the description is of the whole.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.parts import with_part

CHART = Path(__file__).parents[1] / "charts" / "viche"
README = CHART / "README.md"
VALUES = CHART / "values.yaml"
SCHEMA = CHART / "values.schema.json"
KEY = re.compile(r"^(?P<indent> *)(?P<key>[A-Za-z0-9_.-]+|\"[^\"]+\"):(?P<rest>.*)$")
MARK = "# --"
# heading of values that belong to no group
ALONE = "General"


@dataclass(frozen=True, slots=True)
class Value:
    """A key of values.yaml; `path` has dots, `text` is its description, empty where it has none."""

    path: str
    text: str
    default: Any


def described(source: str) -> Iterator[Value]:
    """Every key of the file in its order, groups included. Lists are values, not groups."""
    defaults: Mapping[str, Any] = yaml.safe_load(source)
    trail: list[tuple[int, str]] = []
    text = ""
    skipped_from: int | None = None
    for line in source.splitlines():
        stripped = line.strip()
        if stripped.startswith("#"):
            text = _with_comment(text, stripped)
            continue
        found = KEY.match(line)
        if found is None:
            text = "" if not stripped else text
            continue
        indent = len(found["indent"])
        if skipped_from is not None and indent > skipped_from:
            continue
        skipped_from = None
        trail = [(at, name) for at, name in trail if at < indent] + [(indent, found["key"].strip('"'))]
        names = [name for _, name in trail]
        default = _at(defaults, names)
        if isinstance(default, list):
            skipped_from = indent
        yield Value(".".join(names), text, default)
        text = ""


def table(source: str) -> str:
    """A table for each top-level group, and one for the values outside of any; described keys alone."""
    values = [value for value in described(source) if value.text]
    parents = {value.path.rpartition(".")[0] for value in values}
    sections: dict[str, list[str]] = {ALONE: []}
    intros: dict[str, str] = {}
    for value in values:
        group, _, rest = value.path.partition(".")
        if not rest and value.path in parents:
            intros[group] = value.text
            continue
        default = "see below" if value.path in parents else _default(value)
        row = f"| `{value.path}` | {_cell(value.text)} | {default} |"
        sections.setdefault(group if rest else ALONE, []).append(row)
    return "\n".join(_section(group, intros.get(group, ""), rows) for group, rows in sections.items() if rows)


def _section(group: str, intro: str, rows: list[str]) -> str:
    head = [f"### {group}", "", *([intro, ""] if intro else [])]
    return "\n".join([*head, "| value | meaning | default |", "|---|---|---|", *rows, ""])


def page_with_tables(page: str) -> str:
    """The page with its tables brought up to date."""
    return with_part(page, "values", "\n" + table(VALUES.read_text(encoding="utf-8")))


def schema_with_descriptions(text: str) -> str:
    """The schema with its descriptions brought up to date; parts that several groups share have none."""
    schema = json.loads(text)
    for value in described(VALUES.read_text(encoding="utf-8")):
        at = _in_schema(schema, value.path.split("."))
        if value.text and "description" in at:
            at["description"] = value.text.replace("`", "")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _with_comment(text: str, line: str) -> str:
    if line.startswith(MARK):
        return line.removeprefix(MARK).strip()
    return f"{text} {line.lstrip('#').strip()}".strip() if text else ""


def _at(defaults: Any, names: list[str]) -> Any:
    for name in names:
        defaults = defaults[name]
    return defaults


def _in_schema(schema: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """What the schema says of a value; empty where it leaves it to a pattern."""
    at = schema
    for name in names:
        if "properties" not in at:
            shared = at if "$ref" in at else at.get("allOf", [{}])[0]
            at = schema["definitions"].get(shared.get("$ref", "").removeprefix("#/definitions/"), {})
        at = at.get("properties", {}).get(name, {})
    return at


def _default(value: Value) -> str:
    if value.default is None or value.default == "":
        return "none"
    return f"`{_cell(json.dumps(value.default, ensure_ascii=False))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
