"""The table of settings in docs/operating.md, written from the settings themselves."""

from importlib import import_module
from pathlib import Path

from tools.parts import with_part
from viche_chassis.config import describe

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
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
    return with_part(page, "settings", table())


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        default = ",".join(default)
    if isinstance(default, bool):
        default = str(default).lower()
    return f"`{default}`" if str(default) else "none"
