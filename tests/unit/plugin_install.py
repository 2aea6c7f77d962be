"""Installs plugins for a test: a real module and a real distribution in a folder of their own."""

import itertools
import textwrap
from pathlib import Path

import pytest

_numbers = itertools.count(1)

IMPORTS = """
from tests.unit.sdk.workflows import workflow
from viche_sdk.hookspecs import hookimpl
"""

GOOD = """
@hookimpl
def viche_workflows():
    return [workflow(name="petition-good")]
"""


def install_plugin(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    name: str,
    source: str,
    *,
    distribution: str = "",
    version: str = "1.0",
    attribute: str = "",
) -> None:
    """Puts a plugin on the path for the length of the test.

    Args:
        name: of the entry point.
        source: of the module; IMPORTS stands before it.
        distribution: its name; by default that of the plugin with "viche-" before it.
        attribute: what the entry point names inside the module; empty for the module itself.
    """
    number = next(_numbers)
    distribution = distribution or f"viche-{name}"
    site, module = folder / f"site{number}", f"installed_plugin_{number}"
    info = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[viche]\n{name} = {module}{':' if attribute else ''}{attribute}\n")
    (site / f"{module}.py").write_text(IMPORTS + textwrap.dedent(source))
    monkeypatch.syspath_prepend(str(site))
