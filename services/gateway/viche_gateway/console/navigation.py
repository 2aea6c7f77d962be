"""What leads from each page of the console to the others: in parts, and for each role what it can open."""

from collections.abc import Sequence
from dataclasses import dataclass

from viche_gateway.portal.view import is_here
from viche_gateway.sentences import N_
from viche_gateway.sessions import holds

_EVERYBODY = ("press", "moderator", "officer", "operator")
_MODERATING = ("moderator", "officer", "operator")
_WRITING = ("press", "officer", "operator")
_OPERATING = ("operator",)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, with the addresses that belong to it."""

    text: str
    endpoint: str
    prefixes: tuple[str, ...]
    roles: tuple[str, ...] = _EVERYBODY

    @property
    def is_current(self) -> bool:
        """Whether the reader is there."""
        return any(map(is_here, self.prefixes))


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together; it leads to the first of them."""

    text: str
    entries: tuple[Entry, ...]

    @property
    def endpoint(self) -> str:
        """Where it leads."""
        return self.entries[0].endpoint

    @property
    def is_current(self) -> bool:
        """Whether the reader is on one of its pages. Cases of petitions are under Today, which has all that is left."""
        others = [entry for part in PARTS for entry in part.entries if entry is not TODAY]
        if self.entries[0] is TODAY:
            return not any(entry.is_current for entry in others)
        return any(entry.is_current for entry in self.entries)


TODAY = Entry(N_("Today"), "console.today", ())
PARTS = (
    Part(N_("Today"), (TODAY,)),
    Part(
        N_("Surveys"),
        (
            Entry(N_("Surveys"), "console.survey_list", ("/console/surveys",)),
            Entry(N_("Partners"), "console.partner_list", ("/console/partners",), _WRITING),
        ),
    ),
    Part(
        N_("Networks"),
        (
            Entry(N_("Inbox"), "console.inbox", ("/console/inbox",)),
            Entry(N_("Posts"), "console.post_list", ("/console/posts",)),
            Entry(N_("Accounts"), "console.channel_list", ("/console/channels",)),
            Entry(N_("Presence"), "console.presence", ("/console/presence",)),
        ),
    ),
    Part(N_("Events"), (Entry(N_("Events"), "console.event_list", ("/console/events",), _WRITING),)),
    Part(
        N_("Rules and templates"),
        (
            Entry(N_("Rules"), "console.rulebook", ("/console/rules",), _OPERATING),
            Entry(N_("Templates"), "console.answer_templates", ("/console/templates",), _MODERATING),
            Entry(N_("Pauses"), "console.pause_list", ("/console/pauses",), _OPERATING),
            Entry(N_("Simulator"), "console.simulator", ("/console/simulator",)),
        ),
    ),
    Part(
        N_("People and notices"),
        (
            Entry(
                N_("People and roles"), "console.people",
                ("/console/people", "/console/organisations", "/console/audit"), _OPERATING,
            ),
            Entry(N_("Notices"), "console.notice_list", ("/console/notices",), _OPERATING),
        ),
    ),
)  # fmt: skip


def parts() -> Sequence[Part]:
    """What the signed-in officer can open; a part with one page is called like it, one without any is left out."""
    mine = [(part, tuple(entry for entry in part.entries if holds(*entry.roles))) for part in PARTS]
    return [Part(left[0].text if len(left) == 1 else part.text, left) for part, left in mine if left]
