"""How far a connector has come, and what is missing for more."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.sdk.connectors.brama import BRAMA
from viche_sdk.connectors.testing import Level, LiveRecord, level_of
from viche_sdk.connectors.types import Capability, ConnectorSpec, Idempotency

LIVE = LiveRecord("Brama 2.1", "2026-11-23", BRAMA.version)
ONLY_TEXT = replace(BRAMA, capabilities=frozenset({Capability.PUBLISH_TEXT}))


@pytest.mark.parametrize(
    ("spec", "live", "passed", "level", "missing"),
    [
        (BRAMA, LIVE, True, Level.GOLD, ""),
        (BRAMA, LIVE, False, Level.NONE, "all checks pass"),
        (replace(BRAMA, capabilities=frozenset({Capability.METRICS_ACCOUNT})), LIVE, True, Level.NONE, "it publishes"),
        (ONLY_TEXT, LIVE, True, Level.BRONZE, "an inbox or figures"),
        (replace(BRAMA, idempotency=Idempotency.NONE), LIVE, True, Level.BRONZE, "found, or repeated"),
        (BRAMA, None, True, Level.SILVER, "wrote live.json"),
        (replace(BRAMA, version="2"), LIVE, True, Level.SILVER, "version 1 was tried"),
        (replace(BRAMA, rates=()), LIVE, True, Level.SILVER, "rates are declared"),
        (replace(BRAMA, docs_url=""), LIVE, True, Level.SILVER, "docs_url"),
    ],
)
def test_a_level_and_what_is_missing_for_the_next(
    spec: ConnectorSpec, live: LiveRecord | None, passed: bool, level: Level, missing: str
) -> None:
    reached = level_of(spec, live, passed=passed)

    assert reached.level is level
    assert missing in str(reached)


def test_what_a_live_test_keeps_is_found_with_the_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "viche_connector_live-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: viche-connector-live\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[viche]\nconnector-live = viche_connector_live\n")
    package = tmp_path / "viche_connector_live"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert LiveRecord.of("connector-live", "brama") is None
    LIVE.keep(package, "brama")
    replace(LIVE, version="9").keep(package, "other")

    assert LiveRecord.of("connector-live", "brama") == LIVE
