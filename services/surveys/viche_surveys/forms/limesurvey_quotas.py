"""Quotas of LimeSurvey: so many answers in which certain options were chosen, of each question one of those named.

A quota says what happens when it is full; here its answer is refused with its message, which is what most do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from viche_surveys.domain.definition import Kind, Quota
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives
from viche_surveys.forms.limesurvey_file import Entry, Fields
from viche_surveys.forms.limesurvey_types import TYPES
from viche_surveys.forms.report import Place
from viche_surveys.forms.words import free, name_of

if TYPE_CHECKING:
    from viche_surveys.forms.limesurvey import Form

_CHOSEN = frozenset({Kind.SINGLE, Kind.MULTIPLE})


class _LeftOut(Exception):
    """What a quota says that cannot be said here."""


def quotas(form: Form) -> tuple[Quota, ...]:
    """Those that came over; the others are in the report."""
    found: list[Quota] = []
    for row in form.export.sections.get("quota", ()):
        place = form.place(f"quota {row.get('name') or row.get('id')}")
        try:
            made = _quota(form, row, {each.name for each in found}, place)
        except _LeftOut as fault:
            place.refuse("ATTRIBUTE_LEFT_OUT", attribute="quota", value=str(fault))
        else:
            found.append(made)
    return tuple(found)


def _quota(form: Form, row: Fields, taken: set[str], place: Place) -> Quota:
    limit = row.get("qlimit", "")
    if row.get("active", "1") != "1":
        raise _LeftOut("it is not active")
    if not limit.isdigit() or int(limit) < 1:
        raise _LeftOut(f"its limit is {limit or 'empty'}")
    condition = cel.every(*(cel.some(*chosen) for chosen in _members(form, row).values()))
    if condition.source == "true":
        raise _LeftOut("it names no answers")
    texts = {
        each.get("quotals_language", ""): each
        for each in form.export.sections.get("quota_languagesettings", ())
        if each.get("quotals_quota_id") == row.get("id")
    }
    if row.get("action") == "2":
        place.change("ATTRIBUTE_CHANGED", attribute="action", value="nobody is asked to change an answer")
    if url := next((found for each in texts.values() if (found := each.get("quotals_url"))), ""):
        place.refuse("ATTRIBUTE_LEFT_OUT", attribute="url", value=url[:100])
    message = form.text({language: each.get("quotals_message", "") for language, each in texts.items()}, place)
    name = free(name_of(row.get("name", ""), otherwise="quota"), taken)
    return Quota(name=name, condition=condition.source, limit=int(limit), message=message)


def _members(form: Form, row: Fields) -> Mapping[str, list[Cel]]:
    """Conditions by question: of one question any of them, of several each."""
    entries = {each.get("qid"): each for group in form.export.groups for each in group.below}
    members: dict[str, list[Cel]] = {}
    for each in form.export.sections.get("quota_members", ()):
        if each.get("quota_id") == row.get("id"):
            qid = each.get("qid", "")
            members.setdefault(qid, []).append(_chosen(entries.get(qid), each.get("code", "")))
    return members


def _chosen(entry: Entry | None, code: str) -> Cel:
    type_ = TYPES.get(entry.get("type")) if entry else None
    if entry is None or type_ is None or type_.kind not in _CHOSEN or type_.each:
        raise _LeftOut("it counts answers of a question that has no options, or did not come over")
    if code not in set(_codes(entry)):
        raise _LeftOut(f"{entry.get('title')} has no answer {code}")
    return Cel(f"selected({entry.get('name')}, {cel.text(code).source})", Gives.TRUTH)


def _codes(entry: Entry) -> Iterator[str]:
    """Codes as the options of the question have them."""
    yield from (each.get("code") for each in entry.answers)
    yield from (each.get("title") for each in entry.below)
    if entry.get("type") in "YG":
        yield from {"Y": "YN", "G": "FM"}[entry.get("type")]
