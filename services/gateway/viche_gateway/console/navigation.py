"""What leads from each page of the console to the others: for each role what it can open."""

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
    """A link, and with which addresses it is where the reader is; without any it is, where no other one is."""

    text: str
    endpoint: str
    prefixes: tuple[str, ...] = ()
    roles: tuple[str, ...] = _EVERYBODY

    @property
    def is_current(self) -> bool:
        """Whether the page belongs to it."""
        if self.prefixes:
            return any(map(is_here, self.prefixes))
        return not any(each.is_current for each in ENTRIES if each.prefixes)


ENTRIES = (
    Entry(N_("Today"), "console.today"),
    Entry(N_("Templates"), "console.answer_templates", ("/console/templates",), _MODERATING),
    Entry(N_("Surveys"), "console.survey_list", ("/console/surveys",)),
    Entry(N_("Presence"), "console.presence", ("/console/presence",)),
    Entry(N_("Posts"), "console.post_list", ("/console/posts",)),
    Entry(N_("Events"), "console.event_list", ("/console/events",), _WRITING),
    Entry(N_("Inbox"), "console.inbox", ("/console/inbox",)),
    Entry(N_("Accounts"), "console.channel_list", ("/console/channels",)),
    Entry(N_("Partners"), "console.partner_list", ("/console/partners",), _WRITING),
    Entry(N_("Rules"), "console.rulebook", ("/console/rules",), _OPERATING),
    Entry(
        N_("People and roles"), "console.people", ("/console/people", "/console/organisations", "/console/audit"),
        _OPERATING,
    ),
    Entry(N_("Pauses"), "console.pause_list", ("/console/pauses",), _OPERATING),
    Entry(N_("Notices"), "console.notice_list", ("/console/notices",), _OPERATING),
    Entry(N_("Simulator"), "console.simulator", ("/console/simulator",)),
)  # fmt: skip


def entries() -> Sequence[Entry]:
    """What the signed-in officer can open."""
    return [entry for entry in ENTRIES if holds(*entry.roles)]
