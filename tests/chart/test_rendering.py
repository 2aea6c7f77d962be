"""Helm takes the chart as it is: lint without a warning, every supported version, a package without stray files."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chart.rendering import CHART, EXAMPLES, NAMESPACE, RELEASE, Object, Refused, helm, parsed, rendered, template
from tests.chart.versions import versions

# what nobody else's chart may depend on: the time, a random word, what the cluster answers
UNSTABLE = re.compile(
    r"(?<![\w.$\"-])(now|rand[A-Z]\w+|uuidv4|gen[A-Z]\w+|lookup|env|expandenv|getHostByName)(?![\w\"-])"
)
ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
COMMENT = re.compile(r"\{\{-? */\*.*?\*/ *-?\}\}", re.DOTALL)
IN_PACKAGE = {
    ".helmignore",
    "Chart.yaml",
    "LICENSE",
    "README.md",
    "values.yaml",
    "values.schema.json",
    "files",
    "templates",
}

each_example = pytest.mark.parametrize("example", EXAMPLES)


@each_example
def test_the_chart_passes_the_lint(example: str) -> None:
    helm("lint", "--strict", "--values", EXAMPLES[example], "--namespace", NAMESPACE, CHART)


@each_example
@pytest.mark.parametrize("version", [versions()[0], versions()[-1]])
def test_it_renders_for_the_oldest_and_the_newest_cluster(example: str, version: str) -> None:
    release = parsed(template("--values", EXAMPLES[example], "--kube-version", f"{version}.0"))
    assert names(release.objects) == names(rendered(example).objects)


def test_an_older_cluster_is_refused() -> None:
    with pytest.raises(Refused, match=r"1\.27"):
        template("--values", EXAMPLES["minimal"], "--kube-version", "1.26.0")


def test_the_same_values_give_the_same_objects() -> None:
    arguments = ("--values", EXAMPLES["embedded"])
    assert template(*arguments) == template(*arguments)


def test_templates_ask_nobody_for_the_time_or_chance() -> None:
    for path in (CHART / "templates").rglob("*"):
        if path.is_file():
            actions = ACTION.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))
            assert [each for each in actions if UNSTABLE.search(each)] == [], path


@each_example
def test_no_two_objects_share_a_name(example: str) -> None:
    found = names(rendered(example).objects)
    assert len(found) == len(set(found))


@each_example
def test_objects_are_told_apart_by_release(example: str) -> None:
    for one in rendered(example).objects:
        assert one["metadata"].get("namespace", NAMESPACE) == NAMESPACE
        assert one["metadata"]["labels"]["app.kubernetes.io/instance"] == RELEASE
        if one["kind"] not in ("ExternalSecret",):
            assert one["metadata"]["name"].startswith(f"{RELEASE}-viche"), one["metadata"]["name"]


def test_the_package_has_the_chart_alone(tmp_path: Path) -> None:
    helm("package", CHART, "--destination", tmp_path)
    (package,) = tmp_path.iterdir()
    with tarfile.open(package) as archive:
        files = {Path(name).parts[1] for name in archive.getnames()}
    assert files <= IN_PACKAGE
    assert {"Chart.yaml", "README.md", "values.yaml", "values.schema.json", "templates"} <= files


def names(objects: Sequence[Object]) -> list[tuple[str, str]]:
    """Kinds and names, in order."""
    return [(one["kind"], one["metadata"]["name"]) for one in objects]
