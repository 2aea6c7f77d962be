"""The table of settings in docs/operating.md, written from the settings themselves.

python -m tools.settings update | check
"""

import sys
from importlib import import_module
from pathlib import Path

from viche_chassis.config import describe

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
BEGIN, END = "<!-- settings: begin (make docs) -->", "<!-- settings: end -->"
SERVICES = ("identity", "petitions", "surveys", "social", "notifications", "gateway")


def table() -> str:
    """Every setting of every service as a Markdown table, by name."""
    rows: dict[str, tuple[str, str, list[str]]] = {}
    for service in SERVICES:
        for item in describe(import_module(f"viche_{service}.config").Settings):
            default = "required" if item["required"] else _shown(item["default"])
            _, _, users = rows.setdefault(item["variable"], (item["help"], default, []))
            users.append(service)
    lines = ["| setting | meaning | default | read by |", "|---|---|---|---|"]
    for variable, (help_text, default, users) in sorted(rows.items()):
        readers = "all" if len(users) == len(SERVICES) else ", ".join(users)
        meaning = help_text.replace("|", "\\|")
        lines.append(f"| `{variable}` | {meaning} | {default} | {readers} |")
    return "\n".join(lines)


def page_with_table(page: str) -> str:
    """The page with its table brought up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        default = ",".join(default)
    if isinstance(default, bool):
        default = str(default).lower()
    return f"`{default}`" if str(default) else "none"


def main() -> int:
    """Writes the table, or says that it is out of date."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = page_with_table(page)
    if sys.argv[1:] == ["update"]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif page != fresh:
        print("docs/operating.md: the table of settings is out of date; run make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
