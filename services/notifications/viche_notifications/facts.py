"""What the mails of campaigns say about a petition: public facts, and texts in all languages that there are. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from babel import Locale
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis import links
from viche_notifications.domain.messages import (
    ANSWER_CORRECTED,
    COMPLAINT_DECIDED,
    COMPLAINT_RECEIVED,
    DEADLINE_EXTENDED,
    DRAFT_WRITTEN,
    PETITION_ANSWERED,
    PETITION_CLOSED,
    PETITION_HEARING,
    PETITION_OPENED,
    PETITION_REJECTED,
    PETITION_SPONSORED,
    PETITION_STEP,
    PETITION_SUBMITTED,
    PETITION_THRESHOLD,
    SIGNATURES_REMOVED,
    THRESHOLD_REVERSED,
    text_in,
)

Facts = dict[str, Any]
Given = Mapping[str, Any]
TEXTS = "texts"
"""Under this name facts have texts by BCP 47 language, of which a reader gets one."""

ASK = "confirm_signature"
SIGNATURES = "signatures."
"""Words of a workflow's vocabulary."""

DECISIONS = {
    pb.DECISION_ACCEPTED: "accepted",
    pb.DECISION_PARTLY_ACCEPTED: "partly_accepted",
    pb.DECISION_DECLINED: "declined",
    pb.DECISION_EXPLAINED: "explained",
}
WAITING = (pb.PETITION_STATE_SPONSORING, pb.PETITION_STATE_SUBMITTED)


def facts_of(kind: str, petition: pb.Petition, given: Given) -> Facts | None:
    """What a campaign says.

    Args:
        kind: name of the kind of message.
        given: what the event said; it goes before what the petition says.

    Returns:
        None when there is nothing to say any more: what happened was taken back meanwhile.
    """
    own = _FACTS[kind](petition, given)
    if own is None:
        return None
    common = {
        "number": petition.number, "title": petition.title, "title_language": petition.language,
        "signatures": petition.signature_count,
    }  # fmt: skip
    return {**common, **own, **given}


def in_language(params: Given, language: str) -> Facts:
    """The facts for one reader: each text in one language, with a note in which."""
    facts = {name: value for name, value in params.items() if name != TEXTS}
    for name, texts in params.get(TEXTS, {}).items():
        facts[name], facts[f"{name}_language"] = text_in(texts, language)
    return facts


def with_authority(facts: Facts, names: Given) -> Facts:
    """The facts with the name of the petition's authority, by language."""
    return {**facts, TEXTS: {**facts.get(TEXTS, {}), "authority": dict(names)}}


def _written(petition: pb.Petition, given: Given) -> Facts | None:
    if petition.state != pb.PETITION_STATE_DRAFT:
        return None
    return {"path": links.draft_path(petition.id, "check")}


def _submitted(petition: pb.Petition, given: Given) -> Facts | None:
    if petition.state not in WAITING:
        return None
    is_sponsoring = petition.state == pb.PETITION_STATE_SPONSORING
    path = links.draft_path(petition.id, "supporters" if is_sponsoring else "submitted")
    sponsors = petition.sponsorship.needed if is_sponsoring else 0
    return {**_next_term(petition), "path": path, "sponsors": sponsors}


def _sponsored(petition: pb.Petition, given: Given) -> Facts | None:
    if petition.state not in WAITING:
        return None
    path = links.draft_path(petition.id, "submitted")
    return {**_next_term(petition), "path": path, "sponsors": petition.sponsorship.needed}


def _opened(petition: pb.Petition, given: Given) -> Facts | None:
    return _next_term(petition)


def _rejected(petition: pb.Petition, given: Given) -> Facts | None:
    if not petition.HasField("rejection"):
        return None
    why = petition.rejection
    return {
        "path": links.draft_path(petition.id, "rejected"),
        "note": why.note, "note_language": why.language, "duplicate_of": why.duplicate_of,
        TEXTS: _texts(reason=why.title, help=why.help, complaint_to=why.complaint_to),
    }  # fmt: skip


def _complaint_received(petition: pb.Petition, given: Given) -> Facts | None:
    if not petition.HasField("complaint"):
        return None
    return {**_next_term(petition), "path": links.draft_path(petition.id, "rejected")}


def _complaint_decided(petition: pb.Petition, given: Given) -> Facts | None:
    page = "submitted" if given["is_upheld"] else "rejected"
    decided = petition.complaint
    path = links.draft_path(petition.id, page)
    return {**_next_term(petition), "path": path, "decision": decided.decision, "decision_language": decided.language}


def _signatures_removed(petition: pb.Petition, given: Given) -> Facts | None:
    for each in petition.removals.items:
        if instant_text(each.at) == given["at"] and each.signatures:
            return {"reason": each.reason, "removed": each.signatures, TEXTS: _texts(note=each.note)}
    return None


def _threshold(petition: pb.Petition, given: Given) -> Facts | None:
    effects = {item.name: item.effect for item in petition.terms.thresholds}
    return {TEXTS: {**_texts(effect=effects.get(given["threshold"])), "unit": _unit(petition, given)}}


def _unit(petition: pb.Petition, given: Given) -> dict[str, str]:
    """What the workflow calls signatures, in the form that follows their number; empty where it has no such word."""
    count = given.get("signatures", petition.signature_count)
    forms = {name.partition(".")[2]: word for name, word in petition.vocabulary.items() if name.startswith(SIGNATURES)}
    languages = {language for word in forms.values() for language in word.texts}
    found = {language: Locale.parse(language, "-").plural_form(count) for language in languages}
    return {language: forms[form].texts[language] for language, form in found.items() if language in forms[form].texts}


def about_asking(petition: pb.Petition) -> Facts:
    """What mails say of a petition that ask for something: to confirm a signature, to support it."""
    ask = {TEXTS: _texts(ask=petition.vocabulary[ASK])} if ASK in petition.vocabulary else {}
    return {"number": petition.number, "title": petition.title, "title_language": petition.language, **ask}


def _reversed(petition: pb.Petition, given: Given) -> Facts | None:
    needed = {item.name: item.signatures for item in petition.terms.thresholds}
    return {"needed": needed.get(given["threshold"], 0)}


def _closed(petition: pb.Petition, given: Given) -> Facts | None:
    failure = petition.terms.failure
    has_reached = any(item.HasField("reached_at") for item in petition.terms.thresholds)
    return {"has_reached": has_reached, TEXTS: _texts(effect=None if has_reached else failure.effect)}


def _step(petition: pb.Petition, given: Given) -> Facts | None:
    details = {happened.event: happened.detail for happened in petition.happenings}
    return {**_next_term(petition), "detail": details.get(given["step"], "")}


def _extended(petition: pb.Petition, given: Given) -> Facts | None:
    prolonged = [each for each in petition.deadlines if each.clock == given["clock"] and each.HasField("extended_at")]
    if not prolonged:
        return None
    term = prolonged[-1]
    texts = _texts(term=term.title, reason=term.extension_reason)
    return {"last_day": term.last_day, "former_last_day": term.former_last_day, TEXTS: texts}


def _answered(petition: pb.Petition, given: Given) -> Facts | None:
    for answer in petition.answers:
        if answer.version == given["version"]:
            texts = _texts(summary=answer.summary, note=answer.correction_note)
            return {"decision": DECISIONS.get(answer.decision, ""), "signed_by": answer.signed_by, TEXTS: texts}
    return None


def _hearing(petition: pb.Petition, given: Given) -> Facts | None:
    said = {each.version: each for each in petition.hearings}
    now = said.get(given["version"])
    if now is None:
        return None
    before = [each for each in petition.hearings if each.hearing == now.hearing and each.version < now.version]
    return {
        "change": _change(now, before[-1] if before else None),
        "held_at": now.held_at.ToJsonString(),
        "watch_url": now.watch_url,
        TEXTS: _texts(hearing=now.title, place=now.place, outcome=now.outcome, note=now.note),
    }


def _change(now: pb.Hearing, before: pb.Hearing | None) -> str:
    if now.is_cancelled:
        return "cancelled"
    if before is None:
        return "announced"
    if now.outcome.texts and now.outcome != before.outcome:
        return "outcome"
    return "moved"


def instant_text(at: Timestamp) -> str:
    """An instant as an occasion and in facts."""
    return at.ToDatetime(tzinfo=UTC).isoformat()


def _next_term(petition: pb.Petition) -> Facts:
    """The public term that ends next, of those that were not met."""
    waiting = [each for each in petition.deadlines if each.is_public and not each.HasField("met_at")]
    if not waiting:
        return {"last_day": "", TEXTS: _texts(term=None)}
    return {"last_day": waiting[0].last_day, TEXTS: _texts(term=waiting[0].title)}


def _texts(**named: pb.LocalizedText | None) -> dict[str, dict[str, str]]:
    return {name: dict(text.texts) if text else {} for name, text in named.items()}


_FACTS: Mapping[str, Callable[[pb.Petition, Given], Facts | None]] = {
    DRAFT_WRITTEN.name: _written,
    PETITION_SUBMITTED.name: _submitted,
    PETITION_SPONSORED.name: _sponsored,
    PETITION_OPENED.name: _opened,
    PETITION_REJECTED.name: _rejected,
    COMPLAINT_RECEIVED.name: _complaint_received,
    COMPLAINT_DECIDED.name: _complaint_decided,
    SIGNATURES_REMOVED.name: _signatures_removed,
    PETITION_THRESHOLD.name: _threshold,
    THRESHOLD_REVERSED.name: _reversed,
    PETITION_STEP.name: _step,
    DEADLINE_EXTENDED.name: _extended,
    PETITION_ANSWERED.name: _answered,
    ANSWER_CORRECTED.name: _answered,
    PETITION_HEARING.name: _hearing,
    PETITION_CLOSED.name: _closed,
}
