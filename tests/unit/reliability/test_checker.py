"""The checker is not blind: it passes a good run, and every rule of it fails when what it is about is broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.integration.reliability.checker import Rule, check
from tests.integration.reliability.facts import Facts, PetitionFacts, StoredSignature, Threshold
from tests.integration.reliability.ledger import Answer, Channel, Entry, Outcome, Request, longest_silence_s
from tests.integration.reliability.letters import Mail, check_mails

PETITION = "petition"
Run = tuple[list[Entry], Facts]


def answer(outcome: Outcome, signature_id: str = "", reason: str = "", at_s: float = 1.0) -> Answer:
    return Answer(outcome, at_s - 0.5, at_s, signature_id=signature_id, reason=reason)


def entry(number: int, *answers: Answer, person: str = "") -> Entry:
    return Entry(Request(f"request-{number}", PETITION, person or f"person-{number}"), answers)


def signature(number: int, state: str = "validated") -> StoredSignature:
    return StoredSignature(f"signature-{number}", "person", state, f"request-{number}")


def good_run(signatures: int = 5) -> Run:
    """Some sign with one try; one is answered only the second time; one tries again with another request."""
    entries = [entry(n, answer(Outcome.ACKNOWLEDGED, f"signature-{n}")) for n in range(1, signatures)]
    failed = answer(Outcome.FAILED, reason="ReadError")
    good = answer(Outcome.ACKNOWLEDGED, f"signature-{signatures}")
    entries += [entry(signatures, failed, good, good)]
    entries += [entry(99, answer(Outcome.REFUSED, reason="ALREADY_SIGNED"), person="person-1")]
    stored = tuple(signature(n) for n in range(1, signatures + 1))
    counts = {"tally": signatures, "minutes": signatures, "published": signatures, "recount": signatures}
    thresholds = (Threshold("answer", signatures, 1, 1), Threshold("debate", signatures + 1, 0, 0))
    announced = tuple(each.signature_id for each in stored)
    facts = PetitionFacts(PETITION, stored, signatures, counts, announced, thresholds)
    return entries, Facts((facts,), {"petitions": 0}, {"petitions": 0})


def altered(run: Run, **changes: object) -> Run:
    entries, facts = run
    return entries, replace(facts, petitions=(replace(facts.petitions[0], **changes),))  # pyright: ignore


def lose_a_row(run: Run) -> Run:
    _, facts = run
    return altered(run, signatures=facts.petitions[0].signatures[1:])


def fake_an_acknowledgement(run: Run) -> Run:
    entries, facts = run
    return [*entries, entry(7, answer(Outcome.ACKNOWLEDGED, "signature-7"))], facts


def sign_twice(run: Run) -> Run:
    entries, facts = run
    return altered(
        ([*entries, entry(6, answer(Outcome.ACKNOWLEDGED), person="person-1")], facts),
        signatures=(*facts.petitions[0].signatures, signature(6)),
    )


def invent_a_row(run: Run) -> Run:
    return altered(run, signatures=(*run[1].petitions[0].signatures, signature(42)))


def change_an_answer(run: Run) -> Run:
    entries, facts = run
    first = entries[0]
    return [replace(first, answers=(*first.answers, answer(Outcome.ACKNOWLEDGED, "another"))), *entries[1:]], facts


def refuse_after_all(run: Run) -> Run:
    entries, facts = run
    refusal = answer(Outcome.REFUSED, reason="ALREADY_SIGNED")
    return [replace(entries[0], answers=(*entries[0].answers, refusal)), *entries[1:]], facts


def refuse_a_stranger(run: Run) -> Run:
    entries, facts = run
    return [*entries, entry(8, answer(Outcome.REFUSED, reason="ALREADY_SIGNED"))], facts


def refuse_without_cause(run: Run) -> Run:
    entries, facts = run
    return [*entries, entry(8, answer(Outcome.REFUSED, reason="UNAUTHENTICATED"))], facts


def miscount(place: str) -> Callable[[Run], Run]:
    def alter(run: Run) -> Run:
        counts = dict(run[1].petitions[0].counts)
        return altered(run, counts=counts | {place: counts[place] + 1})

    return alter


def announce_twice(run: Run) -> Run:
    return altered(run, announced=(*run[1].petitions[0].announced, "signature-1"))


def announce_late(run: Run) -> Run:
    return altered(run, announced=run[1].petitions[0].announced[1:])


def reach_twice(run: Run) -> Run:
    return altered(run, thresholds=(Threshold("answer", 5, 1, 2),))


def never_reach(run: Run) -> Run:
    return altered(run, thresholds=(Threshold("answer", 5, 0, 0),))


def reach_too_early(run: Run) -> Run:
    return altered(run, thresholds=(Threshold("answer", 6, 1, 1),))


def keep_an_event(run: Run) -> Run:
    return run[0], replace(run[1], unpublished={"petitions": 1})


def bury_an_event(run: Run) -> Run:
    return run[0], replace(run[1], dead_letters={"notifications": 1})


def answer_nothing(run: Run) -> Run:
    return [*run[0], entry(9, answer(Outcome.FAILED, reason="ConnectError"))], run[1]


def expire(run: Run) -> Run:
    return altered(run, signatures=(signature(1, "expired"), *run[1].petitions[0].signatures[1:]))


def removed_run(state: str) -> Run:
    """The good run, in which an officer then removed one signature, under the threshold."""
    run = good_run()
    known = run[1].petitions[0]
    return altered(
        run,
        signatures=(signature(1, state), *known.signatures[1:]),
        counts=dict.fromkeys(known.counts, 4),
        removed=("signature-1",),
        thresholds=(Threshold("answer", 5, 0, 1, 1), Threshold("debate", 6, 0, 0)),
    )


def remove_in_silence(run: Run) -> Run:
    return altered(removed_run("invalidated"), removed=())


def keep_a_threshold(run: Run) -> Run:
    return altered(removed_run("invalidated"), thresholds=(Threshold("answer", 5, 1, 1),))


BREAKS: Sequence[tuple[Rule, Callable[[Run], Run]]] = (
    (Rule.NOTHING_LOST, lose_a_row),
    (Rule.NOTHING_LOST, fake_an_acknowledgement),
    (Rule.NOTHING_LOST, expire),
    (Rule.NOTHING_TWICE, sign_twice),
    (Rule.NOTHING_INVENTED, invent_a_row),
    (Rule.SAME_ANSWER, change_an_answer),
    (Rule.SAME_ANSWER, refuse_after_all),
    (Rule.REFUSALS_ARE_TRUE, refuse_a_stranger),
    (Rule.REFUSALS_ARE_TRUE, refuse_without_cause),
    *((Rule.EVERY_COUNT_AGREES, miscount(place)) for place in ("tally", "minutes", "published", "recount")),
    (Rule.ANNOUNCED_ONCE, announce_twice),
    (Rule.ANNOUNCED_ONCE, announce_late),
    (Rule.ANNOUNCED_ONCE, remove_in_silence),
    (Rule.THRESHOLDS_ONCE, keep_a_threshold),
    (Rule.THRESHOLDS_ONCE, reach_twice),
    (Rule.THRESHOLDS_ONCE, never_reach),
    (Rule.THRESHOLDS_ONCE, reach_too_early),
    (Rule.EVENTS_WENT_OUT, keep_an_event),
    (Rule.EVENTS_WENT_OUT, bury_an_event),
    (Rule.EVERYTHING_SETTLED, answer_nothing),
)


def test_good_run_has_no_findings() -> None:
    assert check(*good_run()) == []


@pytest.mark.parametrize("state", ["invalidated", "fraudulent"])
def test_run_in_which_an_officer_removed_signatures_has_no_findings(state: str) -> None:
    assert check(*removed_run(state)) == []


def test_signatures_on_paper_have_no_signer() -> None:
    entries, facts = good_run(5)
    known = facts.petitions[0]
    sheet = StoredSignature("sheet-1", "paper", "validated")
    facts = replace(
        known, signatures=(*known.signatures, sheet), counts=dict.fromkeys(known.counts, 6),
        announced=(*known.announced, "sheet-1"), thresholds=(),
    )  # fmt: skip
    assert check(entries, Facts((facts,))) == []


@pytest.mark.parametrize(("rule", "alter"), BREAKS)
def test_broken_rule_is_found(rule: Rule, alter: Callable[[Run], Run]) -> None:
    assert rule in {finding.rule for finding in check(*alter(good_run()))}


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, _ in BREAKS} == set(Rule) - {Rule.PUBLISHED_IN_STEPS}  # of surveys


def test_stored_without_an_acknowledgement_is_fine_once_the_client_has_asked_again() -> None:
    entries, facts = good_run()
    unanswered = replace(entries[0], answers=(answer(Outcome.FAILED),))
    assert [finding.rule for finding in check([unanswered, *entries[1:]], facts)] == [Rule.EVERYTHING_SETTLED]


def test_signatures_by_email_are_held_against_each_other_by_number() -> None:
    mailed = Request("olena@example.org", PETITION, "olena@example.org", Channel.EMAIL)
    entries = [Entry(mailed, (answer(Outcome.ACKNOWLEDGED),))]
    stored = StoredSignature("s", "email", "validated")
    facts = PetitionFacts(PETITION, (stored,), 1, {"tally": 1}, ("s",))
    assert check(entries, Facts((facts,))) == []
    assert Rule.NOTHING_LOST in rules(entries, replace(facts, signatures=()))
    assert Rule.NOTHING_INVENTED in rules(
        entries, replace(facts, signatures=(stored, replace(stored, signature_id="t")))
    )


def test_longest_silence_counts_both_ends() -> None:
    entries = [entry(n, answer(Outcome.ACKNOWLEDGED, at_s=at_s)) for n, at_s in enumerate((11.0, 12.0, 16.0))]
    assert longest_silence_s(entries, 10.0, 17.0) == 4.0
    assert longest_silence_s(entries, 10.0, 30.0) == 14.0


def test_mails_are_due_once_in_a_bounded_number_of_copies() -> None:
    mail = Mail("a@example.org", "<1>", "s", "t")
    assert check_mails({"a@example.org"}, [mail, mail], 2) == []
    assert check_mails({"a@example.org"}, [mail] * 3, 2) == ["a@example.org got 3 copies"]
    assert check_mails({"a@example.org"}, [mail, replace(mail, message_id="<2>")], 2) == [
        "a@example.org got 2 messages"
    ]
    assert check_mails({"b@example.org"}, [mail], 2) == [
        "b@example.org got no mail",
        "a@example.org got a mail that is not theirs",
    ]


def rules(entries: list[Entry], facts: PetitionFacts) -> set[Rule]:
    return {finding.rule for finding in check(entries, Facts((facts,)))}
