"""The engines of a trial: programs of any image, marked, and the Secrets that `viche prepare trial` makes fit them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.chart.rendering import RELEASE, changed, parsed, rendered
from viche_cli.infra.nats import server_binary
from viche_cli.preparing.trial import trial_secrets

ENGINES = ("postgres", "nats", "objects", "mailbox")
FULLNAME = f"{RELEASE}-viche"


def test_they_come_only_when_asked_for() -> None:
    components = {pod.component for pod in rendered("minimal").pods()}
    assert not components & set(ENGINES)


def test_nothing_is_taken_away_before_pods_have_added_what_it_needs() -> None:
    assert migrations("minimal") == {"post": ["--phase", "post"], "pre": ["--phase", "pre"]}
    assert migrations("embedded") == {"post": []}


def test_they_are_marked_as_not_for_production() -> None:
    marked = [
        one
        for one in rendered("embedded").objects
        if one["metadata"]["labels"]["app.kubernetes.io/component"] in ENGINES
    ]
    assert {one["kind"] for one in marked} >= {"Service", "StatefulSet", "NetworkPolicy", "ConfigMap"}
    assert all("viche/not-for-production" in one["metadata"]["annotations"] for one in marked)


def test_they_rely_on_programs_and_not_on_the_script_of_an_image() -> None:
    for engine in ENGINES:
        (container,) = rendered("embedded").pod(engine).containers
        assert container["command"]


def test_an_upgrade_of_the_chart_leaves_them_alone() -> None:
    for engine in ENGINES:
        labels = rendered("embedded").pod(engine).labels
        assert not {"helm.sh/chart", "app.kubernetes.io/version"} & labels.keys()


def test_their_data_outlives_their_pods() -> None:
    for one in rendered("embedded").of("StatefulSet"):
        (claim,) = one["spec"]["volumeClaimTemplates"]
        (container,) = one["spec"]["template"]["spec"]["containers"]
        assert claim["metadata"]["name"] in {mount["name"] for mount in container["volumeMounts"]}


def test_nats_takes_its_configuration_with_the_users(tmp_path: Path) -> None:
    (config,) = [one for one in rendered("embedded").of("ConfigMap") if one["metadata"]["name"] == f"{FULLNAME}-nats"]
    secrets = {secret.name: secret.entries for secret in trial_secrets(FULLNAME, "viche")}
    for folder, name, text in (
        ("nats", "nats.conf", config["data"]["nats.conf"]),
        ("users", "nats-users.conf", secrets["viche-engines"]["nats-users.conf"]),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [server_binary(), "-t", "-c", tmp_path / "nats" / "nats.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "sync_interval: always" in config["data"]["nats.conf"]


def test_addresses_of_a_trial_lead_to_its_engines() -> None:
    ports = {
        one["metadata"]["name"]: {port["port"] for port in one["spec"]["ports"]}
        for one in rendered("embedded").of("Service")
    }
    for secret in trial_secrets(FULLNAME, "viche"):
        for address in secret.entries.values():
            if "://" in address:
                parts = urlsplit(address)
                assert parts.port in ports[str(parts.hostname)]


def test_secrets_of_a_trial_are_those_that_the_example_names() -> None:
    made = {secret.name: set(secret.entries) for secret in trial_secrets(FULLNAME, "viche")}
    for pod in rendered("embedded").pods():
        for container in pod.all_containers:
            for variable in container.get("env", ()):
                asked = variable.get("valueFrom", {}).get("secretKeyRef")
                assert not asked or asked["key"] in made[asked["name"]], variable["name"]


def test_postgres_takes_as_many_connections_as_the_chart_counts_with() -> None:
    values = {"database": {"maxConnections": 321}}
    release = parsed(changed(values, "embedded"))
    (container,) = release.pod("postgres").containers
    assert "max_connections=321" in container["command"][-1]


def migrations(example: str) -> dict[str, list[str]]:
    """Which phases the Jobs for migrations run, by the end of their names."""
    jobs = [pod for pod in rendered(example).pods() if pod.kind == "Job" and "-migrate-" in pod.name]
    return {job.name.rpartition("-")[2]: [*job.containers[0]["args"][1:-2]] for job in jobs}
