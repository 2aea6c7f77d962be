"""The README of the chart, written from the `# --` comments of its values.

python -m tools.chart_docs update | check

A comment that begins with `# --` describes the value below it; comment lines after it go on with it. A group, such as
`services`, has one too; a value below a described one may go without where the description is of the whole.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parents[1] / "charts" / "viche"
README = CHART / "README.md"
VALUES = CHART / "values.yaml"
BEGIN, END = "<!-- values: begin (make docs) -->", "<!-- values: end -->"
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


def page_with_table(page: str, source: str) -> str:
    """The page with its tables brought up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(source)}\n{END}{after}"


def _with_comment(text: str, line: str) -> str:
    if line.startswith(MARK):
        return line.removeprefix(MARK).strip()
    return f"{text} {line.lstrip('#').strip()}".strip() if text else ""


def _at(defaults: Any, names: list[str]) -> Any:
    for name in names:
        defaults = defaults[name]
    return defaults


def _default(value: Value) -> str:
    if value.default is None or value.default == "":
        return "none"
    return f"`{_cell(json.dumps(value.default, ensure_ascii=False))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Writes the tables, or says that they are out of date."""
    page = README.read_text(encoding="utf-8")
    fresh = page_with_table(page, VALUES.read_text(encoding="utf-8"))
    if sys.argv[1:] == ["update"]:
        README.write_text(fresh, encoding="utf-8")
    elif page != fresh:
        print("charts/viche/README.md: the tables of values are out of date; run make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
