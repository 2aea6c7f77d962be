"""Where the days of the demo's authorities begin and end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from viche_chassis import settings
from viche_chassis.config import ConfigError, load
from viche_cli.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zone:
    timezone: str = settings.timezone()


def zone_of(environment: Mapping[str, str]) -> ZoneInfo:
    """The zone of VICHE_TIMEZONE. Raises Fault when there is no such zone."""
    try:
        return ZoneInfo(load(_Zone, environment).timezone)
    except ConfigError as error:
        raise Fault(str(error)) from error
