"""The table of metrics in docs/operating.md, written from what the code declares."""

from pathlib import Path

from tools.parts import with_part
from viche_chassis.metrics import DECLARED, Kind, Metric

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"


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
    return with_part(page, "metrics", table())


def _kind(metric: Metric) -> str:
    return Kind.GAUGE if metric.kind is Kind.SUM else metric.kind


def _labels(metric: Metric) -> str:
    return ", ".join(f"`{label}`" for label in metric.exported_labels)
