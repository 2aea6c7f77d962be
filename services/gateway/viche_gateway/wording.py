"""Words for what the contracts name: events, periods, ways to sign. Each value has its words in every language."""

from collections.abc import Mapping

from flask_babel import gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number
from viche_gateway.regions import localized
from viche_gateway.sentences import N_

_REACHED = "threshold_reached"

EVENTS: Mapping[str, str] = {
    "submitted": N_("The petition is handed in"),
    "sponsored": N_("The petition has all its first supporters"),
    "registered": N_("The petition is registered"),
    "rejected": N_("The petition is refused"),
    "complaint_made": N_("The author complains"),
    "complaint_decided": N_("The complaint is decided"),
    "opened": N_("The petition opens for signatures"),
    "collection_ended": N_("Collecting signatures ends"),
    "handed_over": N_("The petition is handed over to its addressee"),
    "verified": N_("The signatures have been verified"),
    "consideration_started": N_("The authority announces that it considers the petition"),
    "answered": N_("The authority answers publicly"),
    "closed": N_("The petition is closed"),
}
"""In the order of a petition's life; thresholds are reached after the opening."""

CHANNELS: Mapping[str, str] = {
    "eid": N_("With electronic identification"),
    "email": N_("By e-mail, with a link that confirms the address"),
    "sms": N_("With a code sent to a telephone"),
    "paper": N_("On paper; an officer enters the sheets"),
}

ASSURANCES: Mapping[str, str] = {
    "substantial": N_("identity proven, level “substantial”"),
    "high": N_("identity proven, level “high”"),
}

SIGNERS_SHOWN: Mapping[str, str] = {
    "number": N_("Everybody sees how many people signed, and nothing else about them."),
    "territories": N_("Everybody sees how many people signed and where they live, but not their names."),
    "names": N_("Everybody sees the names of those who signed."),
}

LEVELS: Mapping[str, str] = {
    "union": N_("A union of states"),
    "national": N_("The state"),
    "region": N_("A region"),
    "municipality": N_("A community, a town or a district of a city"),
}

FACTS: Mapping[str, str] = {
    "territory_code": N_("the territory of the authority"),
    "level": N_("the level of the authority"),
    "population": N_("the number of inhabitants"),
    "opened_on": N_("the day of opening"),
    "registered_on": N_("the day of registration"),
}


def event_text(event: str, terms: pb.Terms) -> str:
    """The event as a short statement; a threshold is named by its number of signatures."""
    kind, _, name = event.partition(":")
    if kind != _REACHED:
        return gettext(EVENTS[event]) if event in EVENTS else event
    needed = next((each.signatures for each in terms.thresholds if each.name == name), 0)
    if not needed:
        return gettext("A threshold is reached")
    return ngettext(
        "The petition has %(count)s signature",
        "The petition has %(count)s signatures",
        needed,
        count=format_number(needed),
    )


def place_in_life(event: str) -> int:
    """Where an event stands in the order of a petition's life."""
    order = list(EVENTS)
    place = order.index(event) if event in EVENTS else order.index("opened")
    return 2 * place + (event not in EVENTS)


def is_threshold(event: str) -> bool:
    """Whether the event is that a threshold was reached."""
    return event.startswith(f"{_REACHED}:")


def period_text(period: pb.Period) -> str:
    """For instance "10 working days"."""
    return amount_text(period.length, period.unit)


def amount_text(length: int, unit: int) -> str:
    """So many units."""
    if unit == pb.TIME_UNIT_WORKING_DAY:
        return ngettext("%(num)s working day", "%(num)s working days", length)
    if unit == pb.TIME_UNIT_MONTH:
        return ngettext("%(num)s month", "%(num)s months", length)
    return ngettext("%(num)s day", "%(num)s days", length)


def channel_text(channel: pb.Channel) -> str:
    """A way to sign; where that says little of how surely the signer is known, that too."""
    text = gettext(CHANNELS[channel.kind]) if channel.kind in CHANNELS else channel.kind
    if channel.min_assurance not in ASSURANCES:
        return text
    return f"{text} ({gettext(ASSURANCES[channel.min_assurance])})"


def basis_text(basis: pb.LegalBasis) -> str:
    """The act and the place in it: "article 12", or the workflow's words where they say more than a number."""
    act, article = localized(basis.act.texts), basis.article
    if not (act and article):
        return act
    return f"{act}, {gettext('article %(number)s', number=article) if article[:1].isdigit() else article}"


def signers_shown_text(shown: str) -> str:
    """What everybody sees about signers; empty where the rules do not say."""
    return gettext(SIGNERS_SHOWN[shown]) if shown in SIGNERS_SHOWN else ""
