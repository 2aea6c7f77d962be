"""Takes figures of accounts on a day over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from viche_chassis.db import Connection
from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_social.domain import platforms
from viche_social.store import figures

METRIC = re.compile(r"[a-z][a-z_]{0,39}")
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class GivenFigure:
    """A figure of an account by its name or the platform's id; see Figure of the contract."""

    platform: str
    handle: str
    external_id: str
    metric: str
    value: int | None
    reason: str = ""


def check(given: Sequence[GivenFigure]) -> None:
    """Looks whether figures can be taken over.

    Raises:
        InvalidFields: naming what cannot, up to some of it.
    """
    faults = [fault for place, each in enumerate(given) for fault in _faults(f"figures[{place}]", each)]
    if faults:
        raise InvalidFields(*faults[:_MOST_FAULTS])


async def take(conn: Connection, on: date, source: str, given: Sequence[GivenFigure]) -> tuple[int, list[int]]:
    """Takes figures over that were checked.

    Returns:
        how many are there now, and the positions of those whose account the register does not know.
    """
    names = [
        (platforms.platform_of(each.platform), each.handle.strip().removeprefix("@"), each.external_id)
        for each in given
    ]  # fmt: skip
    found = await figures.account_ids(conn, names)
    kept: dict[tuple[UUID, str], figures.Given] = {}
    for account_id, each in zip(found, given, strict=True):
        if account_id is not None:
            kept[account_id, each.metric] = figures.Given(account_id, each.metric, each.value, each.reason)
    await figures.put(conn, on, source, list(kept.values()))
    return len(kept), [place for place, account_id in enumerate(found) if account_id is None]


def _faults(place: str, figure: GivenFigure) -> list[FieldViolation]:
    faults: list[FieldViolation] = []
    try:
        platforms.platform_of(figure.platform)
    except InvalidFields as error:
        faults += [FieldViolation(f"{place}.{each.field}", each.reason, each.values) for each in error.violations]
    if not figure.handle.strip() and not figure.external_id:
        faults.append(invalid(f"{place}.handle", "NO_ACCOUNT_NAME"))
    if not METRIC.fullmatch(figure.metric):
        faults.append(invalid(f"{place}.metric", "BAD_SHORT_NAME"))
    if (figure.value is None) != bool(figure.reason) or (figure.value or 0) < 0:
        faults.append(invalid(f"{place}.value", "VALUE_OR_REASON"))
    return faults
