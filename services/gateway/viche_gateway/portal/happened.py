"""What happened to a petition, and which hearings come, as lines of its timeline."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from flask_babel import gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.counting import threshold_size
from viche_gateway.formats import format_number, instant_text, moment
from viche_gateway.portal.answers import closing_event_of, decision_text, hearings_of
from viche_gateway.regions import localized
from viche_gateway.sentences import N_

Line = tuple[str, datetime | None, str, bool]
"""Title, day, note, and whether it is past."""

TITLES: Mapping[str, str] = {
    "submitted": N_("Handed in"),
    "sponsored": N_("Has all its first supporters"),
    "registered": N_("Registered"),
    "rejected": N_("Rejected"),
    "complaint_made": N_("The author complained"),
    "complaint_decided": N_("The complaint was decided"),
    "handed_over": N_("Handed over to its addressee"),
    "verified": N_("The signatures were verified"),
    "consideration_started": N_("Consideration has started"),
    "taken_as_appeal": N_("Taken as an appeal"),
}
"""What the timeline tells of itself; openings, thresholds, closings, answers and hearings have lines of their own."""


def lines_of(petition: pb.Petition) -> Iterator[Line]:
    """What happened, how the count fell and rose again, what was answered, and the hearings, past and to come."""
    for each in petition.happenings:
        if each.event in TITLES:
            note = gettext("Register number %(number)s", number=each.detail) if each.detail else ""
            yield gettext(TITLES[each.event]), moment(each.at), note, True
    yield from _recounted(petition)
    for answer in petition.answers:
        if answer.version == 1:
            title, note = gettext("Answered: %(decision)s", decision=decision_text(answer)), ""
        else:
            title, note = gettext("Answer corrected"), localized(answer.correction_note.texts)
        yield title, moment(answer.published_at), note, True
    for held in hearings_of(petition):
        title, place = localized(held.now.title.texts), localized(held.now.place.texts)
        note = f"{instant_text(held.held_at)}, {place}" if held.held_at else place
        if held.now.is_cancelled:
            note = gettext("It does not take place.")
        yield title, held.held_at, note, held.is_over


def _recounted(petition: pb.Petition) -> Iterator[Line]:
    """Thresholds that the count fell under again, and signatures that count again."""
    for each in petition.removals.reversals:
        size = threshold_size(petition, each.threshold)
        note = ngettext("%(count)s signature", "%(count)s signatures", size, count=format_number(size)) if size else ""
        yield gettext("Below the threshold again"), moment(each.reversed_at), note, True
    for each in petition.removals.items:
        if each.is_restored:
            count = format_number(each.signatures)
            note = ngettext("%(count)s signature", "%(count)s signatures", each.signatures, count=count)
            yield gettext("Signatures count again"), moment(each.at), note, True


def closing_note(petition: pb.Petition) -> str:
    """What ended it early; empty where nothing did."""
    event = closing_event_of(petition)
    return localized(event.title.texts) if event else ""
