"""Tables of figures of accounts on one day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from viche_chassis.errors import InvalidFields
from viche_cli.imports.registers.found import Finding, NotARegister
from viche_social.domain.platforms import platform_of

TWITTER = {"followers": "followers", "friends": "following", "statuses": "posts", "listed": "listed"}
"""Columns of tables that were made from Twitter's API, with the metrics that they are."""
METRICS = ("followers", "following", "posts", "reactions", "comments", "views")
TEMPLATE = """\
platform,handle,followers,posts
facebook,education,15200,1210
x,edu_ministry,8100,
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of an account, and where it stands."""

    place: str
    platform: str
    handle: str
    external_id: str
    metric: str
    value: int


@dataclass(slots=True)
class Table:
    """What a table says."""

    path: Path
    rows: list[Row] = field(default_factory=list[Row])
    refused: list[Finding] = field(default_factory=list[Finding])


def read(path: Path) -> Table:
    """The figures in a table, empty cells apart.

    Raises:
        NotARegister: it is no table of figures.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise NotARegister(getattr(error, "strerror", "") or "it is no text in UTF-8") from error
    rows = csv.DictReader(io.StringIO(text))
    columns = [name.strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = columns
    table, metrics = Table(path), _metrics(columns)
    for row in rows:
        table.rows += _figures(f"line {rows.line_num}", row, metrics, table.refused)
    return table


def _metrics(columns: list[str]) -> Mapping[str, str]:
    if {"id", "screen_name", "followers"} <= set(columns):
        return TWITTER
    if {"platform", "handle"} <= set(columns) and (found := [name for name in columns if name in METRICS]):
        return dict(zip(found, found, strict=True))
    raise NotARegister(f"it has no columns platform, handle and one of {', '.join(METRICS)}")


def _figures(
    place: str, row: Mapping[str, str | None], metrics: Mapping[str, str], refused: list[Finding]
) -> Iterator[Row]:
    is_twitter = metrics is TWITTER
    handle = (row.get("screen_name" if is_twitter else "handle") or "").strip()
    external_id = (row.get("id") or "").strip() if is_twitter else (row.get("external_id") or "").strip()
    platform = "x" if is_twitter else (row.get("platform") or "").strip()
    if not (handle or external_id):
        refused.append(Finding(place, "REQUIRED", "handle is missing"))
        return
    try:
        platform = platform_of(platform)
    except InvalidFields:
        refused.append(Finding(place, "UNKNOWN_VALUE", f"'{platform}' is no short name of a platform"))
        return
    for column, metric in metrics.items():
        if text := (row.get(column) or "").strip():
            if text.isdecimal():
                yield Row(place, platform, handle, external_id, metric, int(text))
            else:
                refused.append(Finding(place, "NOT_A_NUMBER", f"{column} is '{text}', and no whole number"))
