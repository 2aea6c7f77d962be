"""Holds the ledger against what the suite has stored and published. Pure; every rule has a test that breaks it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.integration.reliability.facts import PAPER, Facts, PetitionFacts
from tests.integration.reliability.ledger import Channel, Entry, Outcome

ALREADY_SIGNED = "ALREADY_SIGNED"


class Rule(StrEnum):
    """What must hold after quiet."""

    NOTHING_LOST = "what was acknowledged is stored and counts, unless an officer has removed it"
    NOTHING_TWICE = "one person counts at most once, one request at most once"
    NOTHING_INVENTED = "everything that is stored was sent by somebody, and as it is stored"
    SAME_ANSWER = "a repeated request gets the same answer"
    REFUSALS_ARE_TRUE = (
        "a refusal has one of the reasons that there are, and who is told to have signed or answered before has"
    )
    EVERY_COUNT_AGREES = "every number that claims to be the count is the number of what counts"
    ANNOUNCED_ONCE = "events name what is counted once more than what is removed"
    THRESHOLDS_ONCE = (
        "a threshold is reached once, when the count has reached it, and said once, unless it was taken back"
    )
    PUBLISHED_IN_STEPS = "numbers for everybody are made from all answers but fewer than the step, and from no others"
    EVENTS_WENT_OUT = "no event waits and none is dead"
    EVERYTHING_SETTLED = "every client knows what became of its request"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, and where."""

    rule: Rule
    where: str
    detail: str


def check(
    entries: Sequence[Entry], facts: Facts, may_refuse: frozenset[str] = frozenset({ALREADY_SIGNED})
) -> list[Finding]:
    """Every rule that does not hold; empty when all is well.

    Args:
        entries: of the ledger, all requests for the petitions in `facts`.
        facts: read when nothing was under way any more.
        may_refuse: reasons for a final no that this run can give rise to.
    """
    by_petition: Mapping[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_petition[entry.request.subject_id].append(entry)
    findings = [finding for petition in facts.petitions for finding in _of_petition(by_petition, petition)]
    findings += [finding for entry in entries for finding in (*same_answer(entry), *settled(entry))]
    findings += [finding for entry in entries for finding in reasons_are_known(entry, may_refuse)]
    findings += events_went_out(facts)
    strangers = set(by_petition) - {petition.petition_id for petition in facts.petitions}
    return findings + [Finding(Rule.NOTHING_LOST, petition, "the petition is not there") for petition in strangers]


def _of_petition(by_petition: Mapping[str, list[Entry]], petition: PetitionFacts) -> Iterator[Finding]:
    entries = by_petition.get(petition.petition_id, [])
    rules: tuple[Callable[[list[Entry], PetitionFacts], Iterable[Finding]], ...] = (
        _nothing_lost,
        _mails_lost_or_invented,
        _nothing_twice,
        _nothing_invented,
        _refusals_are_true,
        _every_count_agrees,
        _announced_once,
        _thresholds_once,
    )
    for rule in rules:
        yield from rule(entries, petition)


def _nothing_lost(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    stored = {signature.request_id: signature for signature in petition.signatures if signature.request_id}
    for entry in entries:
        if entry.request.channel is Channel.EMAIL or not entry.is_acknowledged:
            continue
        signature = stored.get(entry.request.key)
        if signature is None:
            yield Finding(Rule.NOTHING_LOST, petition.petition_id, f"request {entry.request.key} is not stored")
        elif not signature.counts and not signature.is_removed:
            yield Finding(Rule.NOTHING_LOST, petition.petition_id, f"{signature.signature_id} is {signature.state!r}")


def _mails_lost_or_invented(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    """A stored signature by e-mail bears no request id, so these are held against each other by number."""
    sent = [entry for entry in entries if entry.request.channel is Channel.EMAIL]
    acknowledged = sum(entry.is_acknowledged for entry in sent)
    by_email = [signature for signature in petition.signatures if signature.channel == Channel.EMAIL]
    counting = sum(signature.counts or signature.is_removed for signature in by_email)
    if counting < acknowledged:
        detail = f"{acknowledged} by e-mail acknowledged, {counting} count"
        yield Finding(Rule.NOTHING_LOST, petition.petition_id, detail)
    if counting > len(sent):
        detail = f"{len(sent)} by e-mail sent, {counting} count"
        yield Finding(Rule.NOTHING_INVENTED, petition.petition_id, detail)


def _nothing_twice(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    where = petition.petition_id
    person_of = {entry.request.key: entry.request.person for entry in entries}
    counting = [signature for signature in petition.signatures if signature.counts]
    requests = Counter(signature.request_id for signature in counting if signature.request_id)
    people = Counter(person_of[request] for request in requests.elements() if request in person_of)
    yield from (Finding(Rule.NOTHING_TWICE, where, f"request {key}: {n} times") for key, n in requests.items() if n > 1)
    yield from (Finding(Rule.NOTHING_TWICE, where, f"person {key}: {n} times") for key, n in people.items() if n > 1)
    ids = Counter(signature.signature_id for signature in petition.signatures)
    yield from (Finding(Rule.NOTHING_TWICE, where, f"signature {key}: {n} times") for key, n in ids.items() if n > 1)
    of_signers = sum(signature.channel != PAPER for signature in petition.signatures)
    if petition.signers != of_signers:
        yield Finding(Rule.NOTHING_TWICE, where, f"{petition.signers} signers, {of_signers} signatures")


def _nothing_invented(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    sent = {entry.request.key for entry in entries}
    for signature in petition.signatures:
        if signature.channel == Channel.PERSON and signature.request_id not in sent:
            yield Finding(Rule.NOTHING_INVENTED, petition.petition_id, f"{signature.signature_id} was sent by nobody")


def _refusals_are_true(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    stored = {signature.request_id for signature in petition.signatures if signature.counts or signature.is_removed}
    signed = {entry.request.person for entry in entries if entry.request.key in stored}
    for entry in entries:
        told = any(answer.reason == ALREADY_SIGNED for answer in entry.answers)
        if told and entry.request.person not in signed:
            yield Finding(Rule.REFUSALS_ARE_TRUE, petition.petition_id, f"{entry.request.person} has not signed")


def _every_count_agrees(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    counting = sum(signature.counts for signature in petition.signatures)
    for place, number in petition.counts.items():
        if number != counting:
            detail = f"{place} says {number}, there are {counting}"
            yield Finding(Rule.EVERY_COUNT_AGREES, petition.petition_id, detail)


def _announced_once(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    counting = {signature.signature_id for signature in petition.signatures if signature.counts}
    announced, removed = Counter(petition.announced), Counter(petition.removed)
    for key in counting | set(announced) | set(removed):
        named = announced[key] - removed[key]
        if named != (key in counting):
            detail = f"{key}: named {announced[key]} times, removed {removed[key]} times, counts: {key in counting}"
            yield Finding(Rule.ANNOUNCED_ONCE, petition.petition_id, detail)


def _thresholds_once(entries: list[Entry], petition: PetitionFacts) -> Iterator[Finding]:
    counting = sum(signature.counts for signature in petition.signatures)
    for threshold in petition.thresholds:
        due = int(counting >= threshold.signatures)
        if threshold.reached != due or threshold.announced - threshold.reversed != due:
            detail = f"{threshold.name}: due {due}, reached {threshold.reached}, said {threshold.announced}"
            yield Finding(Rule.THRESHOLDS_ONCE, petition.petition_id, detail)


def same_answer(entry: Entry) -> Iterator[Finding]:
    """The rule of that name."""
    final = [answer for answer in entry.answers if answer.outcome is not Outcome.FAILED]
    kinds = {(answer.outcome, answer.reason) for answer in final}
    ids = {answer.signature_id for answer in final if answer.signature_id}
    if len(kinds) > 1 or len(ids) > 1:
        yield Finding(Rule.SAME_ANSWER, entry.request.subject_id, f"{entry.request.key}: {sorted(kinds)} {sorted(ids)}")


def reasons_are_known(entry: Entry, may_refuse: frozenset[str]) -> Iterator[Finding]:
    """Half of the rule about refusals."""
    reasons = {answer.reason for answer in entry.answers if answer.outcome is Outcome.REFUSED}
    for reason in reasons - may_refuse:
        yield Finding(Rule.REFUSALS_ARE_TRUE, entry.request.subject_id, f"{entry.request.key}: {reason}")


def settled(entry: Entry) -> Iterator[Finding]:
    """The rule of that name."""
    if not entry.is_settled:
        said = entry.answers[-1].reason if entry.answers else "nothing"
        detail = f"{entry.request.key}: no answer, last {said}"
        yield Finding(Rule.EVERYTHING_SETTLED, entry.request.subject_id, detail)


def events_went_out(facts: Facts) -> Iterator[Finding]:
    """The rule of that name."""
    for kind, numbers in (("wait", facts.unpublished), ("are dead", facts.dead_letters)):
        for service, number in numbers.items():
            if number:
                yield Finding(Rule.EVENTS_WENT_OUT, service, f"{number} events {kind}")
