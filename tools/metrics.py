"""The table of metrics in docs/operating.md, written from what the code declares.

python -m tools.metrics update | check
"""

import sys
from pathlib import Path

from viche_chassis.metrics import DECLARED, Kind, Metric

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
BEGIN, END = "<!-- metrics: begin (make docs) -->", "<!-- metrics: end -->"


def table() -> str:
    """Every metric as a Markdown table, by name in Prometheus."""
    lines = ["| metric | kind | tells | labels |", "|---|---|---|---|"]
    lines += [
        f"| `{each.exported}` | {_kind(each)} | {each.description} | {_labels(each)} |"
        for each in sorted(DECLARED.values(), key=lambda metric: metric.exported)
    ]
    return "\n".join(lines)


def page_with_table(page: str) -> str:
    """The page with its table brought up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _kind(metric: Metric) -> str:
    return Kind.GAUGE if metric.kind is Kind.SUM else metric.kind


def _labels(metric: Metric) -> str:
    return ", ".join(f"`{label}`" for label in metric.exported_labels)


def main() -> int:
    """Writes the table, or says that it is out of date."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = page_with_table(page)
    if sys.argv[1:] == ["update"]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif page != fresh:
        print("docs/operating.md: the table of metrics is out of date; run make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
