"""How far a connector has come: bronze, silver or gold, and what is missing for more."""

import json
from dataclasses import asdict, dataclass
from enum import IntEnum
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Self

from viche_sdk import hookspecs
from viche_sdk.connectors.capabilities import Idempotency
from viche_sdk.connectors.kit.register import INBOX, METRICS, publishes
from viche_sdk.connectors.spec import ConnectorSpec

LIVE_FILE = "live.json"


class Level(IntEnum):
    """Each includes those below it."""

    NONE = 0
    # it publishes, its errors are named, all checks pass
    BRONZE = 1
    # it listens or measures, and nothing appears twice
    SILVER = 2
    # it was tried against a real server, and its limits are the platform's own
    GOLD = 3


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """That this version was tried against a real server: what a plugin's own live test writes into `live.json`."""

    server: str
    on: str
    version: str

    @classmethod
    def of(cls, plugin: str, connector: str) -> Self | None:
        """The record that an installed plugin ships; None where it has none, or none of this connector."""
        for point in entry_points(group=hookspecs.ENTRY_POINT_GROUP, name=plugin):
            file = files(point.module) / LIVE_FILE
            if file.is_file() and (found := json.loads(file.read_text(encoding="utf-8")).get(connector)):
                return cls(found["server"], found["on"], found["version"])
        return None

    def keep(self, folder: Path, connector: str) -> None:
        """Writes the record into the plugin's folder of modules, beside those of its other connectors."""
        file = folder / LIVE_FILE
        records = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        records[connector] = asdict(self)
        file.write_text(json.dumps(records, indent=2, sort_keys=True) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Reached:
    """The level, and what keeps the connector from the next one."""

    level: Level
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people: "silver; gold needs that …"."""
        name = self.level.name.lower() if self.level else "no level"
        if self.level is Level.GOLD:
            return name
        return f"{name}; {Level(self.level + 1).name.lower()} needs that {', and that '.join(self.missing)}"


def level_of(spec: ConnectorSpec, live: LiveRecord | None, *, passed: bool) -> Reached:
    """The level of a connector whose checks have passed, or not."""
    asked = (
        (Level.BRONZE, _for_bronze(spec, passed)),
        (Level.SILVER, _for_silver(spec)),
        (Level.GOLD, _for_gold(spec, live)),
    )
    reached = Level.NONE
    for level, missing in asked:
        if missing:
            return Reached(reached, tuple(missing))
        reached = level
    return Reached(reached)


def _for_bronze(spec: ConnectorSpec, passed: bool) -> list[str]:
    missing = [] if passed else ["all checks pass"]
    return missing if publishes(spec) else [*missing, "it publishes by itself"]


def _for_silver(spec: ConnectorSpec) -> list[str]:
    missing = [] if any(map(spec.can, (*INBOX, *METRICS))) else ["it has an inbox or figures"]
    if spec.idempotency is Idempotency.NONE:
        missing.append("a publication that was lost can be found, or repeated without harm")
    return missing


def _for_gold(spec: ConnectorSpec, live: LiveRecord | None) -> list[str]:
    missing = [] if spec.rates else ["the platform's rates are declared"]
    if not spec.docs_url:
        missing.append("`docs_url` says where the limits are written")
    if live is None:
        missing.append(f"it was tried against a real server, and its live test wrote {LIVE_FILE}")
    elif live.version != spec.version:
        missing.append(f"version {live.version} was tried against a real server, and this is {spec.version}")
    return missing
