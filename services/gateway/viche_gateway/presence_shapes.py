"""The presence report as JSON and as tables: the same for the portal and the command line."""

from collections.abc import Iterator
from typing import Any

from viche.social.v1 import presence_pb2 as pb

PUBLISHED = {"x": "twitter"}
"""Platforms that registers and reports name otherwise than we do; series of years stay whole under that name."""
TITLES = {
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "mastodon": "Mastodon",
    "matrix": "Matrix",
    "odnoklassniki": "Odnoklassniki",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "vk": "VK",
    "website": "WWW",
    "x": "X (Twitter)",
    "youtube": "YouTube",
}
"""How platforms call themselves."""
RUNGS = {pb.RUNG_INFORMING: "informing", pb.RUNG_SERVICING: "servicing", pb.RUNG_INTERACTION: "interaction"}


def title_of(platform: str) -> str:
    """A platform's own name."""
    return TITLES.get(platform, platform.capitalize())


def document(report: pb.GetReportResponse) -> dict[str, Any]:
    """The report as one JSON document; what is not known is null."""
    return {
        "on": report.on,
        "since": report.since,
        "known_since": report.known_since or None,
        "rows": [_row(row) for row in report.rows],
        "ranking": [_ranked(row) for row in report.ranking],
        "persons": [
            {
                "platform": _published(row.platform), "person": row.person.title,
                "person_followers": _optional(row, "person_followers"), "body": row.body.title,
                "body_followers": _optional(row, "body_followers"),
            }
            for row in report.persons
        ],
        "subjects": [
            {"field": row.field, "bodies": row.bodies, "followers": row.followers} for row in report.subjects
        ],
        "dialogues": [_dialogue(row) for row in report.dialogues],
        "tones": [_tone(row) for row in report.tones],
    }  # fmt: skip


def public_document(report: pb.GetReportResponse) -> dict[str, Any]:
    """What everybody may see, as one JSON document."""
    whole = document(report)
    return {name: whole[name] for name in ("on", "known_since", "rows", "dialogues")}


def coverage_table(report: pb.GetReportResponse) -> Iterator[tuple[object, ...]]:
    """The shares as lines of a table, its header first."""
    yield ("on", "authority_kind", "platform", "accounts", "of", "share", "percent")
    for row in report.rows:
        yield (report.on, *_row(row).values())


def ranking_table(report: pb.GetReportResponse) -> Iterator[tuple[object, ...]]:
    """The ranking as lines of a table, its header first."""
    yield (
        "on", "platform", "rank", "body", "authority_kind", "is_company", "handle", "url", "followers", "day",
        "followers_before", "before_day",
    )  # fmt: skip
    for row in report.ranking:
        yield (report.on, *_ranked(row).values())


def dialogue_table(report: pb.GetReportResponse) -> Iterator[tuple[object, ...]]:
    """How authorities answer as lines of a table, its header first."""
    yield ("on", "body", "asked", "answered", "median_s", "slow_s", "posts", "rung", "rule")
    for row in report.dialogues:
        yield (report.on, *_dialogue(row).values())


def tone_table(report: pb.GetReportResponse) -> Iterator[tuple[object, ...]]:
    """Tones by month as lines of a table, its header first."""
    yield ("on", "body", "month", "conversations", "labelled", "friendly_percent", "neutral_percent", "angry_percent")
    for row in report.tones:
        yield (report.on, *_tone(row).values())


def _tone(row: pb.ToneOfMonth) -> dict[str, Any]:
    shares = row.shares if row.HasField("shares") else None
    return {
        "body": row.body.title, "month": row.month, "conversations": row.conversations, "labelled": row.labelled,
        "friendly_percent": shares.friendly if shares else None, "neutral_percent": shares.neutral if shares else None,
        "angry_percent": shares.angry if shares else None,
    }  # fmt: skip


def _row(row: pb.CoverageRow) -> dict[str, Any]:
    return {
        "authority_kind": row.authority_kind, "platform": _published(row.platform), "accounts": row.accounts,
        "of": row.of, "share": round(row.accounts / row.of, 4) if row.of else 0.0, "percent": row.percent,
    }  # fmt: skip


def _ranked(row: pb.RankedAccount) -> dict[str, Any]:
    return {
        "platform": _published(row.platform), "rank": row.rank or None, "body": row.body.title,
        "authority_kind": row.body.authority_kind, "is_company": not row.rank, "handle": row.handle, "url": row.url,
        "followers": row.followers, "day": row.day, "followers_before": _optional(row, "followers_before"),
        "before_day": row.before_day or None,
    }  # fmt: skip


def _dialogue(row: pb.BodyDialogue) -> dict[str, Any]:
    return {
        "body": row.body.title, "asked": row.asked, "answered": row.answered, "median_s": _optional(row, "median_s"),
        "slow_s": _optional(row, "slow_s"), "posts": row.posts, "rung": RUNGS.get(row.rung), "rule": row.rule or None,
    }  # fmt: skip


def _optional(row: Any, name: str) -> int | None:
    return getattr(row, name) if row.HasField(name) else None


def _published(platform: str) -> str:
    return PUBLISHED.get(platform, platform)
