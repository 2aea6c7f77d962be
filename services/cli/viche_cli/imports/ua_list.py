"""A list of petitions to the President of Ukraine: JSON with title, votes and days left, without numbers or dates."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports import rows
from viche_cli.imports.content import Content
from viche_cli.imports.rows import Bad, Found

NAME = "ua-president"
TITLE = "list of petitions to the President of Ukraine (JSON)"
SOURCE = "Petitions to the President of Ukraine, collected by Vanuan/petition-sorted"
LICENCE = "MIT"
MOST_DAYS = 1_000


def fits(content: Content) -> bool:
    """Whether the file looks like one."""
    found = content.document if content.is_json and isinstance(content.document, list) else []
    return any(isinstance(raw, dict) and "votes" in raw and "daysLeft" in raw for raw in found)


def read(content: Content) -> Found:
    """The petitions of a file. Raises Fault when it is no list.

    Petitions are known by their title; the second one of a title is another petition.
    """
    titles: Counter[str] = Counter()

    def make(raw: Any) -> pb.ImportItem:
        item = _item(rows.must_be_object(raw))
        titles[item.title] += 1
        item.source_key = _key(item.title, titles[item.title])
        return item

    return rows.collect(rows.numbered(content.must_be_list()), make)


def _item(raw: dict[str, Any]) -> pb.ImportItem:
    left = raw.get("daysLeft")
    if not isinstance(left, int) or isinstance(left, bool) or not 0 <= left <= MOST_DAYS:
        raise Bad(f"daysLeft is {rows.shown(left)} and not a number of days")
    return pb.ImportItem(
        source_name=SOURCE, source_licence=LICENCE, language="uk",
        title=rows.title(raw.get("title"), "title"),
        signature_count=rows.count(raw.get("votes"), "votes"),
        state=pb.PETITION_STATE_OPEN if left else pb.PETITION_STATE_CLOSED,
        source=archive_pb2.SourceFacts(days_left=left),
    )  # fmt: skip


def _key(title: str, occurrence: int) -> str:
    return f"ua-president/{hashlib.sha256(title.encode()).hexdigest()[:32]}/{occurrence}"
