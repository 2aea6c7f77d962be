"""The versions of Kubernetes whose schemas are known."""

from __future__ import annotations

from pathlib import Path

import kubernetes_validate

KUBERNETES = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
# what the chart says in kubeVersion
OLDEST = "1.27"


def versions() -> list[str]:
    """Every version from the oldest that the chart takes to the newest that is known, as 1.27."""
    known = [path.name.removeprefix("v").removesuffix(".0-local") for path in KUBERNETES.glob("*-local")]
    return sorted((each for each in known if _number(each) >= _number(OLDEST)), key=_number)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
