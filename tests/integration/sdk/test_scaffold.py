"""What `viche new-connector` and `viche new-workflow` write is built, installed and conforms, as it stands."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from viche_cli.commands.new import new_connector, new_workflow
from viche_cli.faults import Fault

RUFF = Path(sys.executable).parent / "ruff"
COMMANDS = {"connector": new_connector, "petition": new_workflow}


def installed(package: Path, site: Path) -> None:
    """Builds the package and unpacks it, as installers do."""
    wheels = package / "dist"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels], cwd=package, check=True)
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        wheel.extractall(site)


def own_tests(package: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Runs the package's own tests beside the installed package."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-W",
            "error",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:asyncio",
            "--import-mode=importlib",
            ".",
        ],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_a_new_package_conforms_at_once(kind: str, tmp_path: Path) -> None:
    CliRunner().invoke(COMMANDS[kind], ["my-place", "--into", str(tmp_path)], catch_exceptions=False)
    package = tmp_path / f"{kind}-my-place"
    installed(package, tmp_path / "site")

    run = own_tests(package, tmp_path / "site")

    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"\d+ passed", run.stdout)


@pytest.mark.parametrize("kind", sorted(COMMANDS))
def test_a_new_package_is_in_the_style_of_the_house(kind: str, tmp_path: Path) -> None:
    CliRunner().invoke(COMMANDS[kind], ["my-place", "--into", str(tmp_path)], catch_exceptions=False)
    rules = ["--config", str(Path(__file__).parents[3] / "pyproject.toml"), "--no-cache"]

    style = subprocess.run([RUFF, "check", *rules, tmp_path], capture_output=True, text=True, check=False)
    form = subprocess.run([RUFF, "format", "--check", *rules, tmp_path], capture_output=True, text=True, check=False)

    assert (style.returncode, form.returncode) == (0, 0), style.stdout + form.stdout


@pytest.mark.parametrize("name", ["My", "9lives", "a--b", "", "x" * 31, "../up"])
def test_a_name_that_no_package_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="letters"):
        CliRunner().invoke(new_connector, [name, "--into", str(tmp_path)], catch_exceptions=False)

    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "connector-mine").mkdir()

    with pytest.raises(Fault, match="is there already"):
        CliRunner().invoke(new_connector, ["mine", "--into", str(tmp_path)], catch_exceptions=False)
