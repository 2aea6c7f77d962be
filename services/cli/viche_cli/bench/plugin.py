"""Plugins of the benchmark: distributions without code of their own, found as any other plugin is."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType


def install(folder: Path, plugin: str, module: ModuleType) -> None:
    """Processes that have `folder` on their path find the module under this name, and no others do."""
    info = folder / f"viche_bench_{plugin.replace('-', '_')}-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: viche-bench-{plugin}\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[viche]\n{plugin} = {module.__name__}\n", encoding="utf-8")
