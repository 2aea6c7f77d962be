"""The conformance kit of connectors: one statement in a plugin's tests runs all of it.

    from viche_connector_mastodon.fake import MastodonFake
    from viche_sdk.connectors.testing import connector_suite

    TestMastodon = connector_suite("connector-mastodon", "mastodon", fake=MastodonFake, level=Level.SILVER)

pytest collects each check as a test. A fake is a `FakePlatform`: a real HTTP server on this machine that behaves like
the platform, which the connector reaches through the same guarded HTTP as the platform itself.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.kit.fake import RETRY_AFTER_S, FakePlatform, Fault, Hook, Made, Shown
from viche_sdk.connectors.kit.levels import Level, LiveRecord, Reached, level_of
from viche_sdk.connectors.kit.messages import Failure, Reply, Request, reply
from viche_sdk.connectors.kit.register import CHECKS, ConnectorCheck
from viche_sdk.connectors.kit.stage import CheckFailed, Kit, Stage
from viche_sdk.connectors.kit.suite import NoSuchConnector, checks_for, fake_of, fault_of, results, spec_of
from viche_sdk.connectors.spec import ConnectorSpec
from viche_sdk.kit import Check

__all__ = [
    "CHECKS",
    "RETRY_AFTER_S",
    "Check",
    "CheckFailed",
    "ConnectorCheck",
    "Failure",
    "FakePlatform",
    "Fault",
    "Hook",
    "Kit",
    "KitClock",
    "Level",
    "LiveRecord",
    "NoSuchConnector",
    "Reached",
    "Reply",
    "Request",
    "Shown",
    "Stage",
    "check_connector",
    "connector_suite",
    "level_of",
    "reply",
    "results",
]


def connector_suite(
    plugin: str,
    connector: str,
    *,
    fake: Made,
    level: Level | None = None,
    schemas: Path | None = None,
    spec: ConnectorSpec | None = None,
) -> type:
    """A class of tests, one for each check that applies, and one for the level.

    Args:
        plugin: name of the entry point.
        connector: name of the connector, for a plugin that brings several.
        fake: a class of FakePlatform.
        level: what the connector must reach at least; without it the level is only printed.
        schemas: folder of the platform's own schemas, which the fake reads; where it is missing that check is skipped.
        spec: what is declared, for a connector that is not installed.
    """
    declared = spec or spec_of(plugin, connector)
    checks = [each for each in checks_for(declared) if schemas or each.name != "schema_allows_it"]
    tests: dict[str, Any] = {f"test_{each.name}": _test_of(each, Kit(declared, fake, schemas)) for each in checks}
    tests["test_level"] = _test_of_level(plugin, declared, level)
    tests["__doc__"] = f"The connector {connector} of {plugin} conforms."
    return type(f"Test{connector.title().replace('-', '')}", (), tests)


def check_connector(plugin: str, connector: str, fake: Made | None = None) -> tuple[tuple[Check, ...], Reached]:
    """Everything that the kit looks at, and the level that was reached.

    Args:
        plugin: name of the entry point.
        connector: name of the connector.
        fake: by default the one that the plugin ships (`fake.FAKES`).

    Raises:
        NoSuchConnector: there is none, or no fake.
    """
    spec = spec_of(plugin, connector)
    checks = tuple(results(spec, fake or fake_of(plugin, connector)))
    return checks, level_of(spec, LiveRecord.of(plugin, connector), passed=all(each.passed for each in checks))


def _test_of(each: ConnectorCheck, kit: Kit) -> Callable[[object], None]:
    def test(self: object) -> None:
        __tracebackhide__ = True
        if fault := fault_of(each, kit):
            raise AssertionError(f"{kit.spec.name}: {each.claim}: {fault}")

    test.__doc__ = f"{each.claim[0].upper()}{each.claim[1:]}."
    return test


def _test_of_level(plugin: str, spec: ConnectorSpec, wanted: Level | None) -> Callable[[object], None]:
    def test(self: object) -> None:
        __tracebackhide__ = True
        reached = level_of(spec, LiveRecord.of(plugin, spec.name), passed=True)
        print(f"{spec.name}: {reached}")
        if wanted is not None and reached.level < wanted:
            raise AssertionError(f"{spec.name}: {reached}")

    test.__doc__ = "The level is what the plugin says that it is, when all checks pass."
    return test
