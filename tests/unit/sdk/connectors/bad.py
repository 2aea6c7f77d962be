"""The list of connectors that are bad in one way each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.unit.sdk.connectors.brama import (
    BramaFake,
)
from viche_sdk.connectors.types import (
    ConnectorSpec,
)

BAD: list[tuple[str, ConnectorSpec, Any, set[str], str]] = []
"""Name, declaration, fake, the checks that fail, and words of what is said."""


def bad(spec: ConnectorSpec, fake: Any, *checks: str, says: str) -> Callable[[type], type]:
    """Lists a connector that differs from a good one in one thing."""

    def add(connector: type) -> type:
        BAD.append((connector.__name__, replace(spec, connector=connector), fake, set(checks), says))
        return connector

    return add


def declares(name: str, spec: ConnectorSpec, *checks: str, says: str) -> None:
    """Lists a declaration that differs from a good one in one thing."""
    BAD.append((name, spec, BramaFake, set(checks), says))
