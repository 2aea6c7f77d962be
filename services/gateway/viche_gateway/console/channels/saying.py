"""Words for accounts and connectors."""

from collections.abc import Mapping, Sequence
from datetime import UTC

from flask_babel import gettext
from viche.social.v1 import channels_pb2 as pb

from viche_gateway.formats import country_name, instant_text
from viche_gateway.regions import localized
from viche_gateway.sentences import N_

STATES: Mapping[int, str] = {
    pb.CHANNEL_STATE_GOOD: N_("Works"),
    pb.CHANNEL_STATE_PAUSED: N_("Paused"),
    pb.CHANNEL_STATE_EXPIRED: N_("Must be connected anew"),
    pb.CHANNEL_STATE_LIMITED: N_("Lacks a right"),
    pb.CHANNEL_STATE_UNREACHABLE: N_("Platform does not answer"),
    pb.CHANNEL_STATE_DISCONNECTED: N_("Not connected any more"),
}
_WHAT_TO_DO: Mapping[int, str] = {
    pb.CHANNEL_STATE_GOOD: N_("Posts go out, and what people write comes in."),
    pb.CHANNEL_STATE_PAUSED: N_("Nothing is sent or read until somebody lets it go on. What waits is not lost."),
    pb.CHANNEL_STATE_EXPIRED: N_(
        "The platform does not let us in any more. Connect the account anew: what waits goes out afterwards."
    ),
    pb.CHANNEL_STATE_LIMITED: N_(
        "The platform does not allow what we need. Connect the account anew, and allow there all that is asked for."
    ),
    pb.CHANNEL_STATE_UNREACHABLE: N_("We ask again by ourselves. Nothing is lost, and you need not do anything."),
    pb.CHANNEL_STATE_DISCONNECTED: N_("What was published stays in the history. Connect it as a new account."),
}
TONES: Mapping[int, str] = {
    pb.CHANNEL_STATE_GOOD: "good",
    pb.CHANNEL_STATE_EXPIRED: "bad",
    pb.CHANNEL_STATE_LIMITED: "bad",
    pb.CHANNEL_STATE_UNREACHABLE: "warn",
    pb.CHANNEL_STATE_PAUSED: "warn",
}
CAPABILITIES: Mapping[str, str] = {
    "publish.text": N_("publish texts"),
    "publish.link": N_("publish links"),
    "publish.image": N_("publish pictures"),
    "publish.video": N_("publish videos"),
    "publish.event": N_("announce events"),
    "poll": N_("ask polls"),
    "poll.results": N_("read results of polls"),
    "edit": N_("change what is published"),
    "delete": N_("take away what is published"),
    "inbox.comments": N_("read comments"),
    "inbox.mentions": N_("read mentions"),
    "inbox.messages": N_("read private messages"),
    "reply": N_("answer people"),
    "hide": N_("hide what people write"),
    "metrics.post": N_("read figures of posts"),
    "metrics.account": N_("read figures of the account"),
    "webhook": N_("hear of news at once"),
    "manual": N_("prepare posts that a person publishes by hand"),
}
_DUTIES: Mapping[str, str] = {
    "must": N_("Authorities must be there: %(country)s."),
    "may_not": N_("Authorities may not be there: %(country)s."),
    "restricted": N_("Authorities may be there only with care: %(country)s."),
}
_OPERATIONS: Mapping[str, str] = {
    "publish": N_("for each post"),
    "edit": N_("for each change"),
    "delete": N_("for each deletion"),
    "reply": N_("for each answer"),
    "hide": N_("for each comment that is hidden"),
    "fetch_inbox": N_("for each look into the inbox"),
    "metrics": N_("for each look at figures"),
}
_COUNTED: Mapping[str, str] = {
    "uploads": N_("of the day's uploads"),
    "units": N_("units of the day's quota"),
}
"""What platforms count in place of money."""


def state_words(channel: pb.Channel) -> str:
    """How an account is, in few words."""
    return gettext(STATES.get(channel.state, STATES[pb.CHANNEL_STATE_UNREACHABLE]))


def what_to_do(channel: pb.Channel) -> str:
    """What that means and what to do."""
    return gettext(_WHAT_TO_DO.get(channel.state, _WHAT_TO_DO[pb.CHANNEL_STATE_UNREACHABLE]))


def trouble_words(channel: pb.Channel) -> str:
    """How an account fails, and since when nothing has worked there."""
    if not channel.HasField("worked_at"):
        return state_words(channel)
    worked = instant_text(channel.worked_at.ToDatetime(tzinfo=UTC))
    return gettext("%(state)s. It worked last on %(when)s.", state=state_words(channel), when=worked)


def stopped_words(connector: pb.ConnectorInfo) -> str:
    """That the program which speaks with a platform does not work now; empty where it does."""
    if connector.state == pb.CONNECTOR_STATE_CUT_OFF:
        return gettext(
            "%(platform)s: its plugin failed several times and is stopped for a while. What waits goes out afterwards."
            " If this stays, tell those who run this site.", platform=connector.title,
        )  # fmt: skip
    if connector.state == pb.CONNECTOR_STATE_DOWN:
        return gettext("%(platform)s: its plugin does not run. Tell those who run this site.", platform=connector.title)
    return ""


def tone(channel: pb.Channel) -> str:
    """Of the tag with the state; empty for a quiet one."""
    return TONES.get(channel.state, "")


def capability_words(names: Sequence[str]) -> Sequence[str]:
    """What can be done, one after the other."""
    return [gettext(CAPABILITIES[each]) for each in names if each in CAPABILITIES]


def absent_words(connector: pb.ConnectorInfo) -> Sequence[tuple[str, str]]:
    """What cannot be done, and why."""
    return [
        (gettext(CAPABILITIES[each.capability]), localized(each.reason))
        for each in connector.absent
        if each.capability in CAPABILITIES
    ]


def place_words(place: pb.Place) -> str:
    """What the law of a country says, and where."""
    words = gettext(_DUTIES.get(place.duty, _DUTIES["restricted"])) % {"country": country_name(place.country)}
    basis = localized(place.act)
    if basis and place.article:
        basis = f"{basis}, {gettext('article %(number)s', number=place.article)}"
    return " ".join(filter(None, (words, localized(place.reason), f"({basis})" if basis else "")))


def price_words(price: pb.Price) -> str:
    """For instance "0.015 USD for each post"."""
    operation = gettext(_OPERATIONS[price.operation]) if price.operation in _OPERATIONS else price.operation
    link = gettext("if it holds a link") if price.with_link else ""
    return " ".join(filter(None, (cost_words(price.amount, price.currency), operation, link)))


def cost_words(amount: str, currency: str) -> str:
    """For instance "0.015 USD"."""
    return f"{amount} {gettext(_COUNTED[currency]) if currency in _COUNTED else currency}"


def obstacle(connector: pb.ConnectorInfo) -> str:
    """Why an account cannot be connected now; empty where it can."""
    if any(place.is_here and place.duty == "may_not" for place in connector.places):
        return gettext("By the law here authorities may not use it.")
    if connector.not_set_up:
        missing = ", ".join(connector.not_set_up)
        return gettext("Those who run this site have not set it up yet. What is missing: %(missing)s.", missing=missing)
    if connector.state == pb.CONNECTOR_STATE_DOWN:
        return gettext("It does not work now: %(fault)s", fault=connector.fault)
    return ""
