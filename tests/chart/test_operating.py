"""What docs/operating.md writes down for an installation is what the chart takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.chart.rendering import NAMESPACE, RELEASE, ROOT, changed, parsed, template

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
(SECTION,) = re.findall(r"^## On Kubernetes\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)
(REGION,) = re.findall(r"^cat >region.yaml <<END\n(.*?)^END\n", SECTION, re.DOTALL | re.MULTILINE)
FRAGMENTS = re.findall(r"^ *```yaml\n(.*?)^ *```", SECTION, re.DOTALL | re.MULTILINE)


def test_the_first_region_can_be_installed(tmp_path: Path) -> None:
    values = tmp_path / "region.yaml"
    values.write_text(REGION, encoding="utf-8")
    release = parsed(template("--values", values))
    jobs = {each["metadata"]["name"] for each in release.of("Job")}
    assert {f"{RELEASE}-viche-prepare-postgres", f"{RELEASE}-viche-migrate-pre"} <= jobs
    assert {each["metadata"]["namespace"] for each in release.objects} == {NAMESPACE}


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_values_that_are_shown_are_taken(fragment: str) -> None:
    assert changed(yaml.safe_load(fragment.replace("0123…", "0a" * 32)))


def test_objects_that_commands_name_are_there() -> None:
    """As for a release "region"; with everything on that a command is about."""
    release = parsed(
        template("--values", ROOT / "charts" / "viche" / "ci" / "embedded.yaml", "--set", "migrations.post=manual")
    )
    made = {(each["kind"].lower(), each["metadata"]["name"]) for each in release.objects}
    made |= {(each["kind"].lower(), each["metadata"]["name"]) for each in parsed(changed({})).objects}
    named = set(re.findall(r"\b(deploy|service|job|cronjob)/(region-viche-[a-z-]+)", SECTION))
    named = {("deployment" if kind == "deploy" else kind, name) for kind, name in named}
    assert len(named) >= 3
    assert named <= made
