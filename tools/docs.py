"""What is written from the code: tables in pages, dashboards, descriptions in the schema of the chart's values.

python -m tools.docs     writes all of it, as `make docs` does; tests hold it up to date
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tools import access_page, chart_docs, dashboards, metrics, settings

PARTS: Sequence[tuple[Path, Callable[[str], str]]] = (
    (settings.PAGE, settings.page_with_table),
    (metrics.PAGE, metrics.page_with_table),
    (access_page.PAGE, access_page.page_with_tables),
    (chart_docs.README, chart_docs.page_with_tables),
    (chart_docs.SCHEMA, chart_docs.schema_with_descriptions),
)


def wanted() -> dict[Path, str]:
    """What is to be in each file."""
    files = dashboards.files()
    for path, fresh in PARTS:
        files[path] = fresh(files.get(path) or path.read_text(encoding="utf-8"))
    return files


if __name__ == "__main__":
    for path, text in wanted().items():
        path.write_text(text, encoding="utf-8")
