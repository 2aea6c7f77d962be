"""Words for how a count came to be: ways to sign, reasons for removing signatures, and what is said of trends."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask
from flask_babel import format_datetime, format_percent, gettext, ngettext
from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from viche_gateway.formats import clock_time, format_number, full_date
from viche_gateway.regions import territory_name
from viche_gateway.sentences import N_

CHANNELS: Mapping[str, str] = {
    "person": N_("Signed in"),
    "email": N_("By e-mail"),
    "paper": N_("On paper"),
}

REASONS: Mapping[str, str] = {
    "duplicate": N_("The same people signed more than once"),
    "automated": N_("They were made by a program, not by people"),
    "bought": N_("They were paid for"),
    "not_eligible": N_("The signers had no right to sign"),
    "paper_withdrawn": N_("The sheets of paper were withdrawn"),
    "other": N_("Another reason"),
}

GROUPS: Mapping[int, str] = {
    pb.TREND_GROUP_HOUR: N_("Hours of the last day"),
    pb.TREND_GROUP_NETWORK: N_("Address blocks"),
    pb.TREND_GROUP_MAIL_DOMAIN: N_("Mail domains"),
    pb.TREND_GROUP_TERRITORY: N_("Territories"),
}

MARKS: Mapping[int, str] = {
    pb.TREND_MARK_USUAL: N_("As usual"),
    pb.TREND_MARK_HIGH: N_("More than usual"),
    pb.TREND_MARK_EXTREME: N_("Far more than usual"),
}

STATES: Mapping[int, str] = {
    pb.INVALIDATION_STATE_RUNNING: N_("Under way"),
    pb.INVALIDATION_STATE_CANCELLED: N_("Stopped"),
    pb.INVALIDATION_STATE_DONE: N_("Done"),
}


def channel_name(channel: str) -> str:
    """The way in which signatures came."""
    return gettext(CHANNELS[channel]) if channel in CHANNELS else channel


def reason_text(reason: str) -> str:
    """Why signatures were removed, as a statement."""
    return gettext(REASONS[reason]) if reason in REASONS else reason


def mark_text(mark: int) -> str:
    """How unusual a row of the trends is."""
    return gettext(MARKS[mark]) if mark in MARKS else ""


def state_text(state: int) -> str:
    """How far a decision is carried out."""
    return gettext(STATES[state]) if state in STATES else ""


def shows_territories(petition: petitions_pb2.Petition) -> bool:
    """Whether everybody may see where its signers live."""
    return petition.is_archived or petition.terms.signers_shown != "number"


def on_paper(petition: petitions_pb2.Petition) -> int:
    """How many of the signatures of a petition are on paper."""
    return sum(each.signature_count for each in petition.channels if each.channel == "paper")


def untold(removals: petitions_pb2.Removals) -> int:
    """How many removed signatures are told of in the sum alone."""
    told = sum(-each.signatures if each.is_restored else each.signatures for each in removals.items)
    return max(0, removals.signatures + removals.votes_against - told)


def removal_items(petition: petitions_pb2.Petition) -> list[petitions_pb2.Removal]:
    """Decisions that may be told of one by one; a function, because templates take ``items`` for a method."""
    return list(petition.removals.items)


def clock_text(key: str) -> str:
    """An hour in ISO 8601, as a person says it."""
    at = datetime.fromisoformat(key)
    return f"{full_date(at)}, {clock_time(at)}"


def instant_text(at: datetime) -> str:
    """Day and time, for instance "12 Dec 2026, 14:03:07"."""
    return format_datetime(at, "medium")


def part_text(part: float) -> str:
    """A part from 0 to 1, as a percentage."""
    return format_percent(part, "0%" if part == 0 or part >= 0.1 else "0.0%")


def threshold_size(petition: petitions_pb2.Petition, name: str) -> int:
    """How many signatures a threshold of the petition takes; 0 where it has none of that name."""
    return next((each.signatures for each in petition.terms.thresholds if each.name == name), 0)


def filter_text(which: pb.SignatureFilter) -> str:
    """Which signatures a decision means, for officers."""
    parts = [
        gettext("votes against") if which.is_against else "",
        channel_name(which.channel) if which.channel else "",
        *(territory_name(code) for code in which.territory_codes),
        gettext("without a territory") if which.without_territory else "",
        which.network,
        which.mail_domain,
        gettext("sheets of paper") if which.paper_batch_id else "",
        gettext("within a span of time") if which.HasField("from") or which.HasField("until") else "",
    ]
    if chosen := len(which.signature_ids):
        single = ngettext(
            "%(count)s chosen signature", "%(count)s chosen signatures", chosen, count=format_number(chosen)
        )
        parts.append(single)
    return ", ".join(filter(None, parts))


def register(app: Flask) -> None:
    """Makes the words known to templates."""
    known = (
        channel_name, reason_text, mark_text, state_text, on_paper, untold, threshold_size, filter_text,
        removal_items,
    )  # fmt: skip
    app.jinja_env.filters.update(clock=clock_text, instant=instant_text, part=part_text)
    app.jinja_env.globals.update({function.__name__: function for function in known})  # pyright: ignore[reportCallIssue, reportArgumentType]
