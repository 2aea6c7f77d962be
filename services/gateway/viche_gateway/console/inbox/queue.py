"""The conversations of the officer's authorities, as a queue: what is overdue stands first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from viche.social.v1 import channels_pb2
from viche.social.v1 import inbox_pb2 as pb

from viche_gateway import access
from viche_gateway.clients.social_inbox import Asked
from viche_gateway.console.channels import office as channels
from viche_gateway.console.inbox import office, saying
from viche_gateway.context import services
from viche_gateway.languages import current_language
from viche_gateway.sessions import signed_in

STATES: Mapping[str, int] = {
    "waiting": pb.THREAD_STATE_WAITING, "answered": pb.THREAD_STATE_ANSWERED, "closed": pb.THREAD_STATE_CLOSED,
}  # fmt: skip
OVERDUE, MINE, NOBODY = "overdue", "mine", "nobody"
_MOST_QUERY, _MOST_TOKEN = 200, 200


@dataclass(frozen=True, slots=True)
class Filter:
    """What the officer wants to see, as it stands in the address."""

    state: str = "waiting"
    who: str = ""
    account: str = ""
    words: str = ""

    def link(self, **changes: str) -> str:
        """The queue's address with some of it changed."""
        values = {"state": self.state, "who": self.who, "account": self.account, "words": self.words, **changes}
        return url_for("console.inbox", **{name: value for name, value in values.items() if value})  # pyright: ignore[reportArgumentType]


@access.officer
def inbox() -> str:
    """The queue."""
    accounts = services().social_channels.listed(signed_in().access_token, with_disconnected=True)
    wanted = _read(accounts)
    colleagues = office.Colleagues(next(iter(sorted(channels.covered(office.HANDLE))), ""))
    found = services().inbox.listed(
        signed_in().access_token,
        Asked(
            channel_id=wanted.account, state=STATES.get(wanted.state, 0), overdue=wanted.state == OVERDUE,  # pyright: ignore[reportArgumentType]
            assignee=colleagues.mine() if wanted.who == MINE else b"", unassigned=wanted.who == NOBODY,
            query=wanted.words, language=current_language(), page_token=request.args.get("after", "")[:_MOST_TOKEN],
        ),
    )  # fmt: skip
    names = {each: office.Colleagues(each) for each in {thread.authority_id for thread in found.threads}}
    return render_template(
        "console/inbox/list.html", found=found, wanted=wanted, say=saying, accounts=accounts,
        titles=channels.titles(), names=names, may_set_up=bool(channels.covered(office.SET_UP | office.ANSWER)),
    )  # fmt: skip


def _read(accounts: Sequence[channels_pb2.Channel]) -> Filter:
    state, who = request.args.get("state", "waiting"), request.args.get("who", "")
    account = request.args.get("account", "")
    return Filter(
        state if state in (*STATES, OVERDUE, "all") else "waiting",
        who if who in (MINE, NOBODY) else "",
        account if account in {each.id for each in accounts} else "",
        request.args.get("words", "").strip()[:_MOST_QUERY],
    )


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/inbox", view_func=inbox)
