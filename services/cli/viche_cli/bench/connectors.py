"""How long a call of a connector takes on its way: inside the process, and to a child process."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from viche_chassis.connectors.lanes import Lanes
from viche_chassis.connectors.opening import Choice, make_connectors, own_identity
from viche_chassis.connectors.runner import Connectors, Running, Way
from viche_cli.bench import idle_connector, plugin
from viche_cli.faults import Fault
from viche_sdk.connectors.types import Account, Operation, Post, Published, Secret

PLUGIN = "connector-idle"
ROUNDS, CALLS, WARM_UP = 5, 400, 100
# a text in Cyrillic as long as many platforms take it
POST = Post("Площа буде зачинена. " * 20, "uk", "https://example.org/news/1")
ACCOUNT = Account("1", "@town", {"server": "https://example.org"})
SECRETS = {"access_token": Secret("not-a-secret")}


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians over rounds, of one call after the other."""

    inside_ms: float
    child_ms: float


def measure() -> Cost:
    """Both by turns. Raises Fault when the child does not start or answers something else."""
    with tempfile.TemporaryDirectory(prefix="viche-bench-") as folder:
        plugin.install(Path(folder), PLUGIN, idle_connector)
        return asyncio.run(_measure({**os.environ, "PYTHONPATH": folder}))


async def _measure(environment: dict[str, str]) -> Cost:
    identity, _ = own_identity("cli")
    # only a process that has the folder on its path finds the plugin
    child = make_connectors(Choice((PLUGIN,), (f"{PLUGIN}=child",)), identity, environment)
    inside = Connectors([Running(PLUGIN, Way.INSIDE, Lanes([idle_connector.SPEC]))])
    rounds: dict[str, list[float]] = {"inside": [], "child": []}
    try:
        for connectors in (inside, child):
            await connectors.start()
            await _ms_per_call(connectors, WARM_UP)
        for _ in range(ROUNDS):
            rounds["inside"].append(await _ms_per_call(inside, CALLS))
            rounds["child"].append(await _ms_per_call(child, CALLS))
    finally:
        await inside.close()
        await child.close()
    return Cost(median(rounds["inside"]), median(rounds["child"]))


async def _ms_per_call(connectors: Connectors, calls: int) -> float:
    began_at = time.perf_counter()
    for number in range(calls):
        key = str(number)
        answer = await connectors.call("idle", Operation.PUBLISH, ACCOUNT, SECRETS, POST, key)
        if answer != Published(key):
            raise Fault(f"The connector answered {answer} to the key {key}.")
    return (time.perf_counter() - began_at) * 1000 / calls
