"""Values that are documented are used, and those that are used are documented."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.chart.rendering import CHART, EXAMPLES, template
from tools.chart_docs import SCHEMA, VALUES, described

# groups of which a template writes everything, whatever it is
WHOLE = re.compile(
    r"(?:toYaml|toJson|pick) +[$.\w]*?\.(\w+)|with +[^}]*\.(\w+) *-?\}\}(?:(?!\{\{-? *end)[\s\S])*?toYaml +\."
)
# what operators of earlier releases wrote
OLDER = sorted((Path(__file__).parent / "older").glob("*.yaml"))
USED = re.compile(r"\$?\.Values\.([\w.]+)")


def test_descriptions_go_on_over_lines_and_belong_to_the_key_below() -> None:
    source = "# no description\na:\n  # -- One,\n  # and more.\n  b: [x]\n  # aside\n\n  c: 1\n"
    found = {value.path: value.text for value in described(source)}
    assert found == {"a": "", "a.b": "One, and more.", "a.c": ""}


def test_every_value_is_described() -> None:
    texts = {value.path: value.text for value in described(VALUES.read_text(encoding="utf-8"))}
    groups = {path.rpartition(".")[0] for path in texts}
    bare = [path for path in texts if path not in groups and not _is_described(path, texts)]
    assert bare == []


def test_descriptions_are_sentences() -> None:
    for value in described(VALUES.read_text(encoding="utf-8")):
        assert not value.text or value.text[0].isupper() or value.text.startswith(("`", "hooks", "hook"))
        assert not value.text or value.text.rstrip("`)").endswith((".", "`", ":")), value.path


def test_every_value_is_used_by_a_template() -> None:
    sources = _templates()
    words = set(re.findall(r"[.\"](\w+)", sources))
    whole = {name for names in WHOLE.findall(sources) for name in names}
    unused = []
    for path in _leaves(yaml.safe_load(VALUES.read_text(encoding="utf-8"))):
        names = path.split(".")
        written = next((at for at, name in enumerate(names) if name in whole), len(names))
        unused += [path for name in names[: written + 1] if name not in words]
    assert unused == []


def test_every_value_that_a_template_uses_is_there() -> None:
    values = yaml.safe_load(VALUES.read_text(encoding="utf-8"))
    for path in set(USED.findall(_templates())):
        at = values
        for name in path.split("."):
            assert isinstance(at, dict), path
            if at == {}:  # filled by operators
                break
            assert name in at, path
            at = at[name]


def test_the_schema_knows_every_value() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert set(yaml.safe_load(VALUES.read_text(encoding="utf-8"))) <= schema["properties"].keys()


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_tells_whom_it_serves(example: str) -> None:
    first = EXAMPLES[example].read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith(".")


@pytest.mark.parametrize("path", OLDER, ids=lambda path: path.stem)
def test_values_of_an_older_release_still_do(path: Path) -> None:
    assert template("--values", path)


def test_there_are_values_of_this_release_for_the_next() -> None:
    version = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))["version"]
    assert version in {path.stem for path in OLDER}


def _is_described(path: str, texts: dict[str, str]) -> bool:
    """Itself, or the group below a top-level one that it belongs to."""
    names = path.split(".")
    return any(texts.get(".".join(names[:count])) for count in range(len(names), min(1, len(names) - 1), -1))


def _leaves(values: dict[str, Any], before: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield before + key


@functools.cache
def _templates() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((CHART / "templates").rglob("*")) if path.is_file()
    )
