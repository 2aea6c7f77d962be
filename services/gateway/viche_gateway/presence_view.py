"""The presence report as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, gettext
from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import register_pb2

from viche_gateway.formats import format_number
from viche_gateway.presence_shapes import title_of
from viche_gateway.regions import authority_name
from viche_gateway.sentences import N_

KINDS: Mapping[str, str] = {
    "union": N_("Unions of states"),
    "national": N_("National authorities"),
    "region": N_("Regions"),
    "municipality": N_("Communities"),
    "authority": N_("Authorities"),
}
"""Authorities of this instance by their level; registers of others call theirs as they like."""
RUNGS: Mapping[int, str] = {
    pb.RUNG_INFORMING: N_("Informs"),
    pb.RUNG_SERVICING: N_("Answers who asks"),
    pb.RUNG_INTERACTION: N_("Talks with people"),
}
RULES: Mapping[str, str] = {
    "NOBODY_ASKED": N_("It has posted, and nobody has asked it anything."),
    "ANSWERS_FEW": N_("It answers less than a quarter of what people ask."),
    "ANSWERS_SLOWLY": N_("It answers, but less than three quarters, or half of the answers take more than a day."),
    "ASKS_NOTHING": N_("It answers well, but asks people nothing: no poll, survey or event in 90 days."),
    "TALKS": N_("It answers at least three quarters, half of that within a day, and asks people itself."),
}


@dataclass(frozen=True, slots=True)
class Platform:
    """What a platform's part of the page shows."""

    name: str
    title: str
    rows: Sequence[pb.CoverageRow]
    ranking: Sequence[pb.RankedAccount]

    @property
    def finding(self) -> str:
        """How many of all have an account."""
        accounts, of = sum(row.accounts for row in self.rows), sum(row.of for row in self.rows)
        return gettext(
            "%(platform)s: %(accounts)s of %(of)s have an account",
            platform=self.title, accounts=format_number(accounts), of=format_number(of),
        )  # fmt: skip


def platforms_of(report: pb.GetReportResponse) -> Sequence[Platform]:
    """All platforms of the report, those that the most bodies are on first."""
    names = {row.platform for row in report.rows} | {row.platform for row in report.ranking}
    found = [
        Platform(
            name,
            title_of(name),
            sorted((row for row in report.rows if row.platform == name), key=lambda row: -row.accounts / row.of),
            [row for row in report.ranking if row.platform == name],
        )
        for name in names
    ]
    return sorted(found, key=lambda each: (-sum(row.accounts for row in each.rows), each.title))


def kind_text(kind: str) -> str:
    """Whom a row counts."""
    return gettext(KINDS[kind]) if kind in KINDS else kind[:1].upper() + kind[1:]


def body_title(body: register_pb2.Body) -> str:
    """A body's name; that of an authority of this instance in the reader's language."""
    return (authority_name(body.id) if body.is_own else "") or body.title


def share_text(row: pb.CoverageRow) -> str:
    """For instance "95%"."""
    return gettext("%(percent)s%%", percent=format_number(row.percent))


def growth_text(row: pb.RankedAccount) -> str:
    """For instance "+120"; empty where it is not known."""
    if not row.HasField("followers_before"):
        return ""
    grown = row.followers - row.followers_before
    return f"{'+' if grown > 0 else '−' if grown < 0 else '±'}{format_number(abs(grown))}"


def month_text(row: pb.ToneOfMonth) -> str:
    """For instance "March 2026"."""
    return format_date(date.fromisoformat(f"{row.month}-01"), "LLLL y")


def percent_text(percent: int) -> str:
    """For instance "95%"."""
    return gettext("%(percent)s%%", percent=format_number(percent))


def rule_text(row: pb.BodyDialogue) -> str:
    """Why a body stands where it does."""
    return gettext(RULES[row.rule]) if row.rule in RULES else ""


def rung_text(row: pb.BodyDialogue) -> str:
    """Where a body stands."""
    return gettext(RUNGS[row.rung]) if row.rung in RUNGS else gettext("No data")
