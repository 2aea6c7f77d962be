"""The connector that the page of plugins teaches to write conforms, at each of its steps."""

import importlib
import re
from pathlib import Path

import pytest

from viche_sdk.connectors.testing import Level, level_of, results
from viche_sdk.scaffold import Kind, begin

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
CHAPTER = PAGE.split("\n## Write a connector\n")[1].split("\n## ")[0]
BEGUN, CAPABILITIES, METHODS = re.findall(r"```python\n(.*?)```", CHAPTER, flags=re.DOTALL)
WHOLE = re.sub(r"^CAPABILITIES = .*\n", lambda _: CAPABILITIES, BEGUN, flags=re.MULTILINE) + "\n" + METHODS


@pytest.mark.parametrize(
    ("name", "source", "level"), [("begun-brama", BEGUN, Level.BRONZE), ("whole-brama", WHOLE, Level.SILVER)]
)
def test_the_connector_of_the_tutorial_conforms(
    name: str, source: str, level: Level, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = begin(Kind.CONNECTOR, name, tmp_path).folder / f"viche_connector_{name.replace('-', '_')}"
    (package / "connector.py").write_text(renamed(source, name), encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    spec = importlib.import_module(f"{package.name}.spec").SPEC
    fake = importlib.import_module(f"{package.name}.fake").FAKES[name]

    checks = list(results(spec, fake))

    assert [str(each) for each in checks if not each.passed] == []
    assert level_of(spec, None, passed=True).level is level


def renamed(source: str, name: str) -> str:
    """The page's source for a package of another name: a process imports each name once."""
    return source.replace("api.brama.", f"api.{name}.").replace(
        "BramaConnector", f"{name.title().replace('-', '')}Connector"
    )
