"""Where each plugin's connectors run: as the operator says, else inside for those that come with Viche."""

import tomllib
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from viche_chassis import settings
from viche_chassis.config import ConfigError, load
from viche_chassis.connectors import loading
from viche_chassis.connectors.opening import Choice, make_connectors, own_identity
from viche_chassis.connectors.runner import Connectors, Way
from viche_sdk.hookspecs import ENTRY_POINT_GROUP

ROOT = Path(__file__).resolve().parents[4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    ways: tuple[str, ...] = settings.connector_ways()
    networks: tuple[str, ...] = settings.connector_networks()


def opened(*ways: str, allowed: tuple[str, ...] = ()) -> Connectors:
    return make_connectors(Choice(allowed, ways), own_identity("social")[0], {})


def ways_of(connectors: Connectors) -> dict[str, Way]:
    return {report.plugin: report.way for report in connectors.reports()}


def test_every_bundled_plugin_is_known_as_such() -> None:
    found: set[str] = set()
    for path in sorted((ROOT / "plugins").glob("connector-*/pyproject.toml")):
        found |= set(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["entry-points"][ENTRY_POINT_GROUP])

    assert set(loading.BUNDLED) == found
    assert all(loading.is_bundled(point) for point in loading.installed(found))


def test_a_stranger_with_the_name_of_a_bundled_plugin_is_none() -> None:
    assert not loading.is_bundled(EntryPoint("connector-x", "stranger", ENTRY_POINT_GROUP))


def test_bundled_ones_run_inside_and_the_operator_may_choose_otherwise() -> None:
    ways = ways_of(opened("connector-x=child", "connector-vk=10.0.0.5:9000"))

    assert ways["connector-mastodon"] is Way.INSIDE
    assert ways["connector-x"] is Way.CHILD
    assert ways["connector-vk"] is Way.POD


def test_all_others_run_in_a_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    info = tmp_path / "other-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[viche]\nconnector-other = never_imported\nother = never_imported\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert ways_of(opened())["connector-other"] is Way.CHILD
    assert "other" not in ways_of(opened())
    assert ways_of(opened("other=child"))["other"] is Way.CHILD


def test_plugins_that_are_not_allowed_do_not_run() -> None:
    assert set(ways_of(opened(allowed=("connector-mastodon", "petition-local")))) == {"connector-mastodon"}


def test_plugins_of_workflows_are_not_asked_for_connectors() -> None:
    assert "petition-local" in entry_points(group=ENTRY_POINT_GROUP).names
    assert "petition-local" not in ways_of(opened())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VICHE_CONNECTOR_WAYS", "connector-x"),
        ("VICHE_CONNECTOR_WAYS", "connector-x=outside"),
        ("VICHE_CONNECTOR_WAYS", "=child"),
        ("VICHE_CONNECTOR_WAYS", "connector-x=host"),
        ("VICHE_CONNECTOR_NETWORKS", "10.1.0.0/99"),
        ("VICHE_CONNECTOR_NETWORKS", "home"),
    ],
)
def test_what_makes_no_sense_is_refused(variable: str, value: str) -> None:
    with pytest.raises(ConfigError):
        load(Settings, {variable: value})


def test_ways_and_networks_are_read() -> None:
    given = {"VICHE_CONNECTOR_WAYS": "a=inside, b=child,c=host:1", "VICHE_CONNECTOR_NETWORKS": "10.1.0.0/16,::1/128"}

    assert load(Settings, given) == Settings(
        ways=("a=inside", "b=child", "c=host:1"), networks=("10.1.0.0/16", "::1/128")
    )
