"""Every consumer in the code has its permission, and there is none without a consumer (ADR 0029)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from viche_cli.infra.nats_users import ANY, READS, Reads, permissions
from viche_cli.services import SERVICES

ROOT = Path(__file__).parents[2] / "services"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_read_what_its_consumers_read_and_nothing_else(service: str) -> None:
    made = list(consumers(service))
    assert sorted(made, key=repr) == sorted(READS[service], key=repr), "bring READS in infra/nats_users.py up to date"


def test_nobody_else_talks_to_nats() -> None:
    """What goes past Consumer and OutboxRelay has no permission."""
    for file in ROOT.glob("*/viche_*/**/*.py"):
        if "viche_cli" not in str(file) and file.name not in ("bus.py", "consuming.py"):
            assert "jetstream(" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_may_delete_or_publish_for_others(service: str) -> None:
    allowed = permissions(service)
    assert not [each for each in allowed.publish if ".DELETE." in each or ".PURGE." in each or each in (">", "*")]
    assert [each for each in allowed.publish if each.startswith("viche.")] == [f"viche.{service}.v1.>"]
    assert list(allowed.subscribe) == [f"_INBOX_{service}.>"]


def consumers(service: str) -> Iterator[Reads]:
    """The consumers that the code of a service makes, read from the calls that make them."""
    for file in sorted((ROOT / service / f"viche_{service}").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Consumer":
                module = import_module(".".join(file.relative_to(ROOT / service).with_suffix("").parts))
                area, name, handlers = node.args[2:5]
                yield Reads(value(area, module), value(name, module), single(handlers, module))


def value(node: ast.expr, module: Any) -> str:
    """A name as it is in the code; ANY where it is made at run time."""
    if isinstance(node, ast.JoinedStr):
        return ANY
    return node.value if isinstance(node, ast.Constant) else getattr(module, ast.unparse(node))


def single(handlers: ast.expr, module: Any) -> str:
    """The one message that is handled; empty for several."""
    if not isinstance(handlers, ast.Dict) or len(handlers.keys) != 1 or not isinstance(handlers.keys[0], ast.Attribute):
        return ""
    kind = handlers.keys[0]
    return getattr(getattr(module, ast.unparse(kind.value)), kind.attr).DESCRIPTOR.full_name
