"""What operators and authors see of plugins on the command line, and that no child outlives who has started it."""

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.integration.chassis.connectors import plugins

HOST = """
import asyncio, os, sys
from viche_chassis.connectors.opening import Choice, make_connectors, own_identity

async def main():
    choice = Choice(("connector-good",), ("connector-good=child",))
    connectors = make_connectors(choice, own_identity("social")[0], os.environ)
    await connectors.start(60)
    assert "good" in connectors.specs, connectors.reports()
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def viche(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = "from viche_cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, text=True, capture_output=True, check=False
    )


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """With two plugins beside the bundled ones."""
    sites = [
        plugins.install(tmp_path, "connector-good", plugins.source("good")),
        plugins.install(tmp_path, "connector-bad", plugins.RAISES_AT_START),
    ]
    return {**plugins.environment(*sites), "VICHE_PLUGINS": "connector-good,connector-bad,petition-local"}


def test_the_list_names_what_does_not_start(environment: dict[str, str]) -> None:
    said = viche("plugins", "list", "--json", environment=environment)

    listed = {each["name"]: each for each in json.loads(said.stdout)}
    assert (listed["connector-bad"]["state"], listed["connector-good"]["state"]) == ("failed", "loaded")
    assert "it needs a moon" in listed["connector-bad"]["reason"]
    assert listed["petition-local"]["brings"] == ["workflow petition-local 1"]
    [good] = listed["connector-good"]["connectors"]
    assert (good["way"], good["health"], good["capabilities"]) == ("child", "healthy", ["publish.text"])


def test_a_plugin_is_held_against_the_kit(environment: dict[str, str]) -> None:
    workflows = viche("plugins", "check", "petition-local", environment=environment)
    without_fake = viche("plugins", "check", "connector-good", "--json", environment=environment)
    raising = viche("plugins", "check", "connector-bad", environment=environment)

    assert (workflows.returncode, "FAIL" in workflows.stdout) == (0, False)
    [whole, good] = json.loads(without_fake.stdout)
    assert all(each["passed"] for each in whole["checks"])
    assert (good["subject"], [each["passed"] for each in good["checks"]]) == ("good", [False])
    assert "it needs a moon" in raising.stdout
    assert (without_fake.returncode, raising.returncode) == (1, 1)


def test_a_plugin_that_cannot_be_used_is_not_served(environment: dict[str, str], tmp_path: Path) -> None:
    said = viche(
        *("plugins", "serve", "connector-bad", "--listen", "127.0.0.1:0", "--keys", str(tmp_path)),
        environment=environment,
    )

    assert said.returncode == 1
    assert "connector-bad cannot be served: RuntimeError: it needs a moon." in said.stderr


def test_a_child_ends_with_a_parent_that_is_killed(environment: dict[str, str]) -> None:
    host = subprocess.Popen([sys.executable, "-c", HOST], env=environment, stdout=subprocess.PIPE, text=True)
    assert host.stdout is not None
    assert host.stdout.readline() == "ready\n"
    [child] = psutil.Process(host.pid).children()

    host.kill()
    host.wait()
    host.stdout.close()

    deadline = time.monotonic() + 20
    while not has_ended(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # between the two questions
        return True
