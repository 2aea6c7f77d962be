"""The Tiltfile names what is there, follows exactly the code, and `tilt ci` comes to an end."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.programs import needed
from tests.tiltfile import CONTEXT, ROOT, Refused, Tilt, evaluated
from tools.closure import IMAGES, Closure
from tools.closure import closures as parsed
from viche_cli.services import SERVICES

FOLLOWING = (*SERVICES, "gateway", "cli")
LABELS = {"engines", "services", "gateway", "connectors", "tools"}
CODE = "/opt/viche/code"


@functools.cache
def up() -> Tilt:
    return evaluated()


@functools.cache
def ci() -> Tilt:
    return evaluated("ci")


@functools.cache
def closures() -> dict[str, Closure]:
    return parsed(IMAGES.read_text("utf-8"))


def pods(tilt: Tilt) -> dict[str, dict[str, Any]]:
    """The specification of pods, by workload."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in tilt.objects
        if each["kind"] in ("Deployment", "StatefulSet", "Job")
    }


def sources(member: str) -> list[str]:
    """The files of a member that git knows or would."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", member]
    return subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_every_path_is_there() -> None:
    tilt = up()
    named = set(tilt.paths)
    for image in tilt.images.values():
        named |= {*image.deps, *image.syncs, *image.fall_backs}
    for resource in tilt.resources.values():
        named |= {word for word in resource.get("cmd", ()) if word.startswith("tools/")}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("service", FOLLOWING)
def test_code_is_synced_to_where_the_image_has_it(service: str) -> None:
    wanted = {}
    for member in closures()[service].members:
        project = tomllib.loads((ROOT / member / "pyproject.toml").read_text("utf-8"))
        for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
            wanted[f"{member}/{package}"] = f"{CODE}/{package.rpartition('/')[2]}"
    assert up().images[f"localhost/viche-{service}"].syncs == wanted


@pytest.mark.parametrize("service", FOLLOWING)
def test_what_is_not_read_as_it_lies_there_makes_the_image_anew(service: str) -> None:
    image = up().images[f"localhost/viche-{service}"]
    made = ["requirements.lock", "services/Dockerfile", "services/images.lock"]
    made += [f"{member}/pyproject.toml" for member in closures()[service].members]
    if service != "cli":
        made += [path for path in sources("services/chassis") if "/migrations/" in path]
    if service in SERVICES:
        made += [path for path in sources(f"services/{service}") if "/migrations/" in path]
    if service == "gateway":
        here = "services/gateway/viche_gateway"
        made += [*sources(f"{here}/static/src"), *sources(f"{here}/translations"), "services/gateway/package-lock.json"]
    assert {path: image.after(path) for path in made} == dict.fromkeys(made, "build")


@pytest.mark.parametrize("service", SERVICES)
def test_python_and_templates_are_synced(service: str) -> None:
    image = up().images[f"localhost/viche-{service}"]
    here = f"services/{service}/viche_{service}"
    code = [path for path in sources(here) if not path.startswith((f"{here}/migrations/", f"{here}/translations/"))]
    assert {image.after(path) for path in code} == {"sync"}
    assert image.after(f"services/{service}/viche_{service}/__pycache__/store.cpython-313.pyc") == ""
    assert image.runs  # the process starts anew


def test_preparation_does_not_start_anew_with_the_code() -> None:
    image = up().images["localhost/viche-prepare"]
    assert image.after("services/petitions/viche_petitions/migrations/0001_pre_initial.sql") == "build"
    assert image.after("services/petitions/viche_petitions/consumer.py") == ""
    assert not image.syncs


def test_every_image_of_ours_is_built_and_every_build_is_used() -> None:
    tilt = up()
    used = {
        container["image"].rpartition(":")[0] if ":" in container["image"] else container["image"]
        for pod in pods(tilt).values()
        for container in [*pod.get("initContainers", ()), *pod["containers"]]
        if "viche" in container["image"]
    }
    assert used == tilt.images.keys()
    assert all("--build-arg BYTECODE=checked-hash" in image.command for image in tilt.images.values())


def test_every_workload_is_a_resource_with_a_label() -> None:
    tilt = up()
    assert {each["workload"] for each in tilt.resources.values() if each.get("workload")} == pods(tilt).keys()
    assert {label for each in tilt.resources.values() for label in each["labels"]} <= LABELS
    assert {name for name, each in tilt.resources.items() if each["labels"] == ["services"]} == set(SERVICES)


def test_every_other_object_belongs_to_the_base() -> None:
    tilt = up()
    alone = [each for each in tilt.objects if each["kind"] not in ("Deployment", "StatefulSet", "Job", "Service")]
    names = [f"{each['metadata']['name']}:{each['kind'].lower()}" for each in alone]
    assert sorted(tilt.resources["base"]["objects"]) == sorted(set(names))
    assert "viche:namespace" in names


def test_everything_is_in_one_namespace() -> None:
    tilt = evaluated(settings={"namespace": "mine"})
    assert {each["metadata"].get("namespace") for each in tilt.objects if each["kind"] != "Namespace"} == {"mine"}
    assert "mine:namespace" in tilt.resources["base"]["objects"]
    assert "mine" in tilt.resources["secrets"]["cmd"]


def test_ports_lead_to_ports_of_the_pods() -> None:
    tilt = up()
    taken: list[int] = []
    for name, resource in tilt.resources.items():
        for here, there, _ in resource.get("port_forwards", ()):
            pod = pods(tilt)[resource["workload"]]
            taken.append(here)
            assert there in [port["containerPort"] for port in pod["containers"][0]["ports"]], name
    assert len(taken) == len(set(taken))
    assert {name for name, each in tilt.resources.items() if each.get("port_forwards")} == {
        *SERVICES, "gateway", "postgres", "nats", "objects", "mailbox",
    }  # fmt: skip


def test_the_portal_answers_where_its_links_lead() -> None:
    env = pods(up())["viche-gateway"]["containers"][0]["env"]
    (url,) = [each["value"] for each in env if each["name"] == "VICHE_PUBLIC_URL"]
    portal = up().resources["gateway"]["port_forwards"][0]
    assert url == f"http://127.0.0.1:{portal[0]}"


@pytest.mark.parametrize("service", [*SERVICES, "gateway", "cli"])
def test_code_lies_in_a_volume_and_the_rest_stays_read_only(service: str) -> None:
    pod = pods(up())[f"viche-{service}"]
    main, copying = pod["containers"][0], pod["initContainers"][-1]
    assert {"name": "code", "mountPath": CODE} in main["volumeMounts"]
    assert copying["image"] == main["image"] == f"localhost/viche-{service}" + (":tilt" if service != "cli" else "")
    assert main["securityContext"]["readOnlyRootFilesystem"]
    assert copying["securityContext"]["readOnlyRootFilesystem"]
    assert [name for name in main if name.endswith("Probe")] == ["readinessProbe"]


def test_connectors_with_pods_of_their_own_follow_the_code_too(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("connectors: {pods: {connector-mastodon: {}}}")
    tilt = evaluated(settings={"values": [str(tmp_path / "values.yaml")]})
    assert tilt.resources["connector-mastodon"]["labels"] == ["connectors"]
    main = pods(tilt)["viche-connector-mastodon"]["containers"][0]
    assert (main["image"], main["args"][:2]) == ("localhost/viche-cli", ["plugins", "serve"])


def test_buttons_wait_to_be_pressed() -> None:
    tools = {"demo", "walk", "test", "screenshots"}
    assert not tools & up().starts()
    assert all(up().resources[name]["trigger_mode"] == "manual" for name in tools)
    assert "migrate" in up().starts()  # a Job, which Tilt runs anew by a press
    assert pods(up())["viche-migrate-post"]["containers"][0]["args"] == ["migrate"]


def test_ci_walks_and_ends() -> None:
    tilt, starting = ci(), ci().starts()
    assert starting == tilt.resources.keys() - {"test", "screenshots"}
    for name in starting:
        assert set(tilt.resources[name].get("resource_deps", ())) <= starting
    assert _all_before(tilt, "walk") >= {"demo", "gateway", "migrate", "secrets", "base", *SERVICES}


@pytest.mark.parametrize("told", [up, ci])
def test_nothing_waits_for_itself(told: Callable[[], Tilt]) -> None:
    tilt = told()
    for name, resource in tilt.resources.items():
        assert set(resource.get("resource_deps", ())) <= tilt.resources.keys()
        assert name not in _all_before(tilt, name)


def test_keys_and_volumes_outlive_tilt_down() -> None:
    kinds = {each["kind"] for each in up().objects}
    assert not kinds & {"Secret", "PersistentVolumeClaim"}


def test_some_services_run_without_the_others() -> None:
    tilt = evaluated(settings={"services": ["petitions"]})
    assert set(tilt.resources) - set(tilt.enabled) == {"surveys", "social", "notifications"}
    for name in tilt.starts():
        assert set(tilt.resources[name].get("resource_deps", ())) <= set(tilt.enabled)


def test_images_get_into_clusters_without_a_registry() -> None:
    image = evaluated(settings={"load": "bring"}, environment={"BUILDER": "buildah"}).images["localhost/viche-social"]
    assert image.command.startswith("buildah build ")
    assert image.command.endswith(" && bring $EXPECTED_REF")
    assert not image.pushes
    assert evaluated(settings={"registry": "registry.example.org"}).registry == "registry.example.org"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"services": ["petition"]}, "There is no service petition: name some of identity, petitions,"),
        ({"values": ["nowhere.yaml"]}, "There is no file nowhere.yaml: correct --values."),
        ({"load": "bring", "registry": "r.example.org"}, "leave one out"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        evaluated(settings=settings)


def test_a_missing_cluster_is_said() -> None:
    with pytest.raises(Refused, match="kubectl has no cluster: make one"):
        evaluated(context="")


def test_only_clusters_that_are_named_are_allowed_beside_local_ones() -> None:
    assert up().allowed == []
    assert evaluated(settings={"allow-context": ["lab"]}).allowed == ["lab"]
    assert CONTEXT in up().resources["secrets"]["cmd"]


def test_every_setting_is_explained() -> None:
    assert up().defined.keys() == {"services", "namespace", "values", "registry", "load", "allow-context", "demo"}
    assert all(up().defined.values())


def _all_before(tilt: Tilt, name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        deps = set(tilt.resources[waiting.pop()].get("resource_deps", ())) - found
        found |= deps
        waiting += deps
    return found


@pytest.mark.skipif(not shutil.which("tilt") or not shutil.which("kubectl"), reason="Tilt or kubectl is not installed")
def test_tilt_itself_reads_it(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    cluster = {"name": CONTEXT, "cluster": {"server": "https://127.0.0.1:1"}}
    context = {"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}
    told = {"clusters": [cluster], "contexts": [context], "users": [{"name": CONTEXT, "user": {}}]}
    kubeconfig.write_text(json.dumps({"apiVersion": "v1", "kind": "Config", "current-context": CONTEXT, **told}))
    path = f"{needed('helm').parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["tilt", "alpha", "tiltfile-result", "--file", ROOT / "Tiltfile"],
        env={**os.environ, "PATH": path, "KUBECONFIG": str(kubeconfig), "TILT_DISABLE_ANALYTICS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert [name for name in up().resources if f'"{name}"' not in done.stdout] == []
