"""`viche up` starts everything, keeps it running, keeps the data, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import nats as nats_client
import psutil
import pytest

from tests.suite import Suite, runs, viche
from viche_cli.demo.life import counted
from viche_cli.demo.petitions import Stage
from viche_cli.demo.stories import PETITIONS
from viche_cli.infra import process
from viche_cli.infra.nats import NatsServer
from viche_cli.infra.postgres import PostgresServer

CHILDREN = {"postgresql", "nats", "mailbox", "identity", "petitions", "surveys", "social", "notifications", "gateway"}


@pytest.fixture(scope="module")
def suite(engine_folder: Path) -> Iterator[Suite]:
    one = Suite(engine_folder / "up")
    one.start()
    yield one
    if one.process is not None and one.process.poll() is None:
        one.stop()


def answers(suite: Suite, path: str = "/petitions.json") -> bool:
    try:
        return suite.get(path).status_code == 200
    except httpx.HTTPError:
        return False


def tree(suite: Suite) -> list[psutil.Process]:
    assert suite.process is not None
    top = psutil.Process(suite.process.pid)
    return [top, *top.children(recursive=True)]


def test_first_start_shows_the_demo_and_where_to_go(suite: Suite) -> None:
    said = suite.said()
    assert f"{suite.url}/" in said
    assert suite.details()["mail_url"] in said
    assert "officer@example.org" in said
    assert suite.get("/").status_code == 200


def test_demo_petitions_are_public_with_their_counts(suite: Suite) -> None:
    wanted = {one.title: counted(one) for one in PETITIONS if one.stage is Stage.OPEN}

    def are_shown() -> bool:
        shown = {one["attributes"]["action"]: one["attributes"] for one in suite.get("/petitions.json").json()["data"]}
        return {title: shown[title]["signature_count"] for title in wanted} == wanted

    assert process.wait_until(are_shown, 60)  # signatures that are taken out of the count are so within a moment


def test_signers_are_told_by_mail_that_the_threshold_is_reached(suite: Suite) -> None:
    reached = next(one.signatures for one in PETITIONS if one.key == "crossing")
    assert process.wait_until(lambda: len(suite.mails("citizen")) >= reached, 120)


def test_services_may_do_on_nats_all_that_they_do(suite: Suite) -> None:
    assert suite.refused_by_nats() == []
    asyncio.run(overstep(suite.details()["nats_urls"]["surveys"]))
    assert process.wait_until(lambda: len(suite.refused_by_nats()) == 1, 60)  # so the log would have told


async def overstep(url: str) -> None:
    client = await nats_client.connect(url)
    await client.publish("viche.identity.v1.PersonErased")
    await client.close()


def test_direct_sessions_end_with_the_loading_of_the_demo(suite: Suite) -> None:
    identity = psutil.Process(suite.details()["pids"]["identity"])
    assert "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS" not in identity.environ()


def test_body_over_the_bound_gets_its_page(suite: Suite) -> None:
    for _ in range(5):  # a connection that is reset is not reset each time
        body = b"email=" + b"x" * 40_000_000
        refused = httpx.post(
            f"{suite.url}/sign-in", content=body, timeout=60, trust_env=False,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert refused.status_code == 413
        assert "</html>" in refused.text


def test_second_up_over_the_same_folder_is_refused(suite: Suite) -> None:
    done = suite.command("up")
    assert done.returncode == 1
    assert "in use by another running viche" in done.stderr
    assert "Traceback" not in done.stderr


def test_port_in_use_is_refused(suite: Suite, engine_folder: Path) -> None:
    other = Suite(engine_folder / "other-port")
    other.port = suite.port
    assert other.spawn().wait(120) == 1
    assert f"Port {suite.port}" in other.said()
    assert "Traceback" not in other.said()


def test_operator_is_added_to_the_running_instance(suite: Suite) -> None:
    done = suite.command("operator", "add", "new-operator@example.org", "--json")
    assert done.returncode == 0, done.stderr
    assert {grant["role"] for grant in json.loads(done.stdout)} == {"operator"}


def test_databases_are_up_to_date(suite: Suite) -> None:
    done = suite.command("migrate", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["applied"] == {
        "identity": [], "petitions": [], "surveys": [], "social": [], "notifications": [],
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_killed_child_is_started_again_and_said_so(suite: Suite, name: str) -> None:
    before = suite.details()["pids"][name]
    os.kill(before, signal.SIGKILL)
    assert process.wait_until(lambda: suite.details()["pids"][name] != before, 60)
    assert process.wait_until(lambda: answers(suite), 60)
    assert f"{name} ended (killed by SIGKILL)" in suite.said()


def test_stopped_suite_leaves_no_process_and_starts_again_with_its_data(suite: Suite) -> None:
    petitions = suite.get("/petitions.json").json()["data"]
    family = tree(suite)
    assert suite.stop() == 0
    # what ended last, by force, may need a moment for it
    assert process.wait_until(lambda: not any(map(runs, family)), 10), [one for one in family if runs(one)]
    suite.start()
    assert len(suite.get("/petitions.json").json()["data"]) == len(petitions)


def test_killed_supervisor_leaves_no_process(suite: Suite) -> None:
    family = tree(suite)
    assert suite.process is not None
    suite.process.kill()
    suite.process.wait()
    assert process.wait_until(lambda: not any(map(runs, family)), 60)
    # the file of the killed one must not pass for an instance
    done = suite.command("operator", "add", "x@example.org")
    assert done.returncode == 1
    assert "No viche runs over" in done.stderr


def test_provided_engines_are_used_instead_of_ours(
    engine_folder: Path, postgres: PostgresServer, nats: NatsServer
) -> None:
    provided = {
        "VICHE_POSTGRES_URL": postgres.url,
        "VICHE_NATS_URL": nats.url,
        "VICHE_SMTP_URL": "smtp://127.0.0.1:9?tls=none",
    }
    other = Suite(engine_folder / "provided", "--no-demo", environment=provided)
    other.start()
    try:
        assert set(other.details()["pids"]) == CHILDREN - {"postgresql", "nats", "mailbox"}
        assert answers(other, "/")
    finally:
        other.stop()


def test_help_names_every_command() -> None:
    for words in ([], ["up"], ["migrate"], ["demo"], ["operator", "add"], ["plugins", "list"]):
        done = subprocess.run(viche(*words, "--help"), capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0
        assert "Usage: viche" in done.stdout
