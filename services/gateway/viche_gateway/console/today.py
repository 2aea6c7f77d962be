"""Today: what waits for the officer, what is due first on top."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from viche.petitions.v1 import moderation_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.clients.petitions import Search
from viche_gateway.context import services
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

TASKS: Mapping[str, int] = {
    "check": moderation_pb2.CASE_TASK_CHECK,
    "opinion": moderation_pb2.CASE_TASK_OPINION,
    "complaint": moderation_pb2.CASE_TASK_COMPLAINT,
    "announce": moderation_pb2.CASE_TASK_ANNOUNCE,
    "answer": moderation_pb2.CASE_TASK_ANSWER,
}
_MOST_OPEN = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What the officer wants to see, as it stands in the address."""

    task: str
    authority: str

    def link(self, **changes: str) -> str:
        """The queue's address with some of it changed."""
        values = {"task": self.task, "authority": self.authority, **changes}
        return url_for("console.today", **{name: value for name, value in values.items() if value})  # pyright: ignore[reportArgumentType]


@access.officer
def today() -> str:
    """The queue, and what is open at the officer's authorities."""
    session = signed_in()
    covered = _covered()
    wanted = _read_filter(covered)
    waiting = services().moderation.cases(
        session.access_token, TASKS.get(wanted.task, 0), wanted.authority, request.args.get("from", "")[:500]
    )
    return render_template(
        "console/today.html", session=session, waiting=waiting, wanted=wanted, tasks=TASKS,
        counts={count.task: count.cases for count in waiting.counts},
        authorities=[(each, name) for each in covered if (name := authority_name(each))], collecting=_collecting(),
        pauses=services().pauses.running(session.access_token),
    )  # fmt: skip


def _read_filter(covered: list[str]) -> Filter:
    task, authority = request.args.get("task", ""), request.args.get("authority", "")
    return Filter(task if task in TASKS else "", authority if authority in covered else "")


def _covered() -> list[str]:
    """The authorities that the officer's grants cover."""
    grants = signed_in().person.grants
    return sorted({code for grant in grants for code in (grant.authority_id, *grant.covers_authority_ids)})


def _collecting() -> list[pb.Petition]:
    found: list[pb.Petition] = []
    for authority_id in _covered()[:20]:
        for state in (pb.PETITION_STATE_OPEN, pb.PETITION_STATE_THRESHOLD_REACHED):
            search = Search(state=state, authority_id=authority_id, page_size=_MOST_OPEN)
            found.extend(services().petitions.search(search).petitions)
    return sorted(found, key=lambda petition: petition.closes_at.seconds)[:_MOST_OPEN]


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("", view_func=today)
