"""Every event about a petition begins its campaigns, and each can be written to everybody whom it goes to."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import events_pb2 as events
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.consuming import Event
from viche_chassis.ids import new_id
from viche_notifications.domain.messages import DRAFT_WRITTEN, KINDS, Audience
from viche_notifications.facts import facts_of, in_language, with_authority
from viche_notifications.mail import Letter, MailWriter, Site, parse_sender
from viche_notifications.sealing import Contact, ReturnAddresses, UnsubscribeLinks
from viche_notifications.telling import TELLINGS, Start

ID = "01890000-0000-7000-8000-000000000001"
SITE = Site("Viche", "https://viche.example/", ("en",), ZoneInfo("Europe/Kyiv"), parse_sender("V <m@viche.example>"))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(text: str) -> Timestamp:
    instant = Timestamp()
    instant.FromJsonString(text)
    return instant


def said(text: str) -> pb.LocalizedText:
    return pb.LocalizedText(texts={"en": text, "uk": f"{text} (uk)"})


def petition(**more: Any) -> pb.Petition:
    """A petition to which everything has happened that one can be told of."""
    values: dict[str, Any] = {
        "id": ID, "number": 7, "title": "A park", "language": "en", "signature_count": 3,
        "state": pb.PETITION_STATE_SUBMITTED,
        "sponsorship": pb.Sponsorship(needed=5, count=1),
        "rejection": pb.Rejection(
            title=said("Not for the council"), help=said("Write to the state"), note="We cannot.", language="en",
            complaint_to=said("The committee"), duplicate_of=3,
        ),
        "complaint": pb.Complaint(decision="It stays.", language="en"),
        "terms": pb.Terms(
            thresholds=[pb.Threshold(name="answer", signatures=2, effect=said("It is debated"))],
            failure=pb.Failure(becomes="appeal", effect=said("It becomes an appeal")),
        ),
        "deadlines": [
            pb.Deadline(clock="hidden", title=said("Inside"), last_day="2026-11-01"),
            pb.Deadline(clock="met", title=said("Over"), last_day="2026-11-02", met_at=at("2026-11-01T00:00:00Z"),
                        is_public=True),
            pb.Deadline(
                clock="answer", title=said("The council answers"), last_day="2026-12-01",
                former_last_day="2026-11-25", extended_at=at("2026-11-20T00:00:00Z"),
                extension_reason=said("Much to read"), is_public=True,
            ),
        ],
        "answers": [
            pb.Answer(version=1, decision=pb.DECISION_DECLINED, summary=said("There is no money"), signed_by="Mayor"),
            pb.Answer(version=2, decision=pb.DECISION_ACCEPTED, summary=said("Yes"), correction_note=said("Wrong")),
        ],
        "hearings": [
            hearing(1, 1), hearing(2, 2), hearing(3, 1, note=said("Ill")), hearing(4, 1, outcome=said("Agreed")),
            hearing(5, 2, is_cancelled=True),
        ],
        "removals": pb.Removals(
            signatures=2,
            items=[
                pb.Removal(reason="bought", signatures=12, at=at("2026-11-20T10:00:00Z"), note=said("By a shop")),
                pb.Removal(reason="bought", signatures=12, at=at("2026-11-21T10:00:00Z"), is_restored=True),
            ],
        ),
        "happenings": [pb.Happening(event="taken_as_appeal", detail="A-17")],
    }  # fmt: skip
    return pb.Petition(**{**values, **more})


def hearing(version: int, which: int, **more: Any) -> pb.Hearing:
    values = {"title": said("Debate"), "held_at": at("2026-12-01T10:00:00Z"), "place": said("Town hall")}
    return pb.Hearing(version=version, hearing=which, **{**values, **more})


def starts(message: Message, about: pb.Petition) -> Sequence[Start]:
    return TELLINGS[type(message)].starts(Event(new_id(), message), about)


@dataclass(frozen=True)
class Case:
    """An event, a word of the mail's subject, and what the mail says."""

    event: Message
    subject: str
    words: tuple[str, ...]
    about: dict[str, Any] = field(default_factory=dict)


ABOUT: dict[str, Any] = {"petition_id": ID, "number": 7}
CASES = [
    Case(
        events.DraftWrittenFor(petition_id=ID), "Written for you",
        ("Nothing is handed in until you do it", "/check", "after 30 days", "because somebody gave this address"),
        {"state": pb.PETITION_STATE_DRAFT},
    ),
    Case(events.PetitionSubmitted(petition_id=ID), "Handed in", ("checks it now", "/submitted", "1 December")),
    Case(
        events.PetitionSubmitted(petition_id=ID), "Handed in", ("5 people must support", "/supporters"),
        {"state": pb.PETITION_STATE_SPONSORING},
    ),
    Case(events.PetitionSponsored(petition_id=ID), "It has its supporters", ("5 supporters", "checks it now")),
    Case(events.PetitionOpened(**ABOUT), "Open:", ("under number 7", "/petitions/7")),
    Case(
        events.PetitionRejected(**ABOUT), "Not published",
        ("Not for the council", "Write to the state", "We cannot.", "The committee", "number 3", "/rejected"),
    ),
    Case(events.ComplaintMade(**ABOUT), "complaint has arrived", ("Somebody reads it", "1 December 2026")),
    Case(events.ComplaintDecided(**ABOUT, is_upheld=False), "complaint was decided", ("stays rejected", "It stays.")),
    Case(
        events.ComplaintDecided(petition_id=ID, is_upheld=True), "complaint was decided",
        ("You were right", "/submitted"),
    ),
    Case(
        events.SignaturesInvalidated(petition_id=ID), "taken out of the count",
        ("12 signatures", "They were paid for.", "By a shop", "3 signatures now"),
    ),
    Case(
        events.PetitionThresholdReached(**ABOUT, threshold="answer", signatures=2), "2 signatures",
        ("It is debated", "2 signatures"),
    ),
    Case(
        events.PetitionThresholdReversed(**ABOUT, threshold="answer", signatures=1), "Below the threshold",
        ("It has 1 signature now", "It needs 2 signatures"),
    ),
    Case(
        events.PetitionStepTaken(**ABOUT, event="consideration_started"), "Considered now",
        ("begun to consider", "The council answers"),
    ),
    Case(events.PetitionStepTaken(**ABOUT, event="taken_as_appeal"), "as an appeal", ("Register number: A-17",)),
    Case(
        events.DeadlineExtended(**ABOUT, clock="answer"), "More time",
        ("1 December 2026, not on 25 November 2026", "Much to read"),
    ),
    Case(events.PetitionAnswered(**ABOUT, version=1), "Answered", ("will not be done", "There is no money", "Mayor")),
    Case(events.PetitionAnswered(**ABOUT, version=2), "Answer corrected", ("Wrong", "What was asked will be done")),
    Case(events.HearingPublished(**ABOUT, version=1), "Hearing:", ("There will be", "Town hall", "2026, 12:00")),
    Case(events.HearingPublished(**ABOUT, version=3), "Hearing moved", ("has changed", "Ill")),
    Case(events.HearingPublished(**ABOUT, version=4), "What came of the hearing", ("Agreed",)),
    Case(events.HearingPublished(**ABOUT, version=5), "Hearing cancelled", ("will not take place",)),
    Case(events.PetitionClosed(**ABOUT), "Closed", ("did not reach", "It becomes an appeal")),
]  # fmt: skip


def mail_of(start: Start, about: pb.Petition, role: str) -> tuple[str, str]:
    """Subject and plain text of a mail."""
    facts = facts_of(start.kind.name, about, start.params)
    assert facts is not None
    letter = Letter(
        new_id(), start.kind.name, "en", Contact("ann@example.org", "Ann"), f"petition:{ID}", b"i" * 16,
        params=in_language({**facts, "role": role}, "en"),
    )  # fmt: skip
    written = MailWriter(SITE, UnsubscribeLinks(b"k" * 32), ReturnAddresses(b"k" * 32, "")).write(letter, NOW)
    mail = email.message_from_bytes(written.message, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["Subject"]), body.get_content().replace("\r\n", "\n").replace("\xa0", " ")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{type(case.event).__name__}-{case.subject}")
def test_a_mail_says_what_happened(case: Case) -> None:
    about = petition(**case.about)
    (start,) = starts(case.event, about)
    subject, text = mail_of(start, about, "author")
    assert case.subject in subject
    for words in case.words:
        assert words in text
    if start.kind is not DRAFT_WRITTEN:
        assert "You get this mail because you started this petition on Viche." in text


def test_every_event_and_every_kind_of_campaign_is_among_the_cases() -> None:
    assert {type(case.event) for case in CASES} == set(TELLINGS)
    of_one = {
        "sign_in", "confirm_signature", "sponsor_invitation", "office_digest", "passkey_added", "passkey_copied",
        "organisation_decided", "draft_link", "event_confirm", "event_registered", "event_waiting", "event_promoted",
        "event_reminder", "event_changed", "event_cancelled", "event_removed",
    }  # fmt: skip
    assert {starts(case.event, petition())[0].kind.name for case in CASES} == KINDS.keys() - of_one


@pytest.mark.parametrize(("role", "word"), [("signer", "signed"), ("follower", "follow"), ("author", "started")])
def test_a_mail_says_why_one_gets_it(role: str, word: str) -> None:
    for case in CASES:
        (start,) = starts(case.event, about := petition(**case.about))
        if start.kind.audience is Audience.EVERYBODY:
            assert f"because you {word} this petition" in mail_of(start, about, role)[1]


def test_versions_thresholds_and_steps_are_told_apart_and_repeats_are_not() -> None:
    def occasion(message: Message) -> tuple[str, str]:
        (start,) = starts(message, petition())
        return start.kind.name, start.occasion

    answers = [occasion(events.PetitionAnswered(**ABOUT, version=version)) for version in (1, 1, 2, 3)]
    assert len(set(answers)) == 3
    hearings = [occasion(events.HearingPublished(**ABOUT, version=version)) for version in (1, 1, 2)]
    assert len(set(hearings)) == 2
    steps = [
        occasion(events.PetitionStepTaken(**ABOUT, event=event)) for event in ("verified", "verified", "handed_over")
    ]
    assert len(set(steps)) == 2


def test_a_threshold_that_is_reached_anew_is_told_anew() -> None:
    reached = events.PetitionThresholdReached(**ABOUT, threshold="answer", signatures=2)
    again = petition(removals=pb.Removals(reversals=[pb.ThresholdReversal(threshold="answer", signatures=1)]))
    occasions = {starts(reached, about)[0].occasion for about in (petition(), again)}
    assert occasions == {"answer", "answer:1"}


@pytest.mark.parametrize(
    ("kind", "given", "about"),
    [
        ("petition_submitted", {}, {"state": pb.PETITION_STATE_OPEN}),
        ("draft_written", {}, {"state": pb.PETITION_STATE_SUBMITTED}),
        ("petition_rejected", {}, {"rejection": None}),
        ("complaint_received", {}, {"complaint": None}),
        ("signatures_removed", {"at": "2020-01-01T00:00:00+00:00"}, {}),
        ("petition_answered", {"version": 9}, {}),
        ("petition_hearing", {"version": 9}, {}),
        ("deadline_extended", {"clock": "met"}, {}),
    ],
)
def test_what_was_taken_back_meanwhile_is_not_told(kind: str, given: dict[str, Any], about: dict[str, Any]) -> None:
    assert facts_of(kind, petition(**about), given) is None


def test_a_reader_gets_one_language_of_each_text() -> None:
    facts = in_language({"number": 7, "texts": {"effect": {"en": "Debated", "uk": "Розглянуть"}}}, "uk")
    assert facts == {"number": 7, "effect": "Розглянуть", "effect_language": "uk"}


def test_the_mail_about_a_draft_names_the_authority() -> None:
    (start,) = starts(events.DraftWrittenFor(petition_id=ID), about := petition(state=pb.PETITION_STATE_DRAFT))
    facts = facts_of(start.kind.name, about, start.params)
    assert facts is not None
    named = in_language(with_authority(facts, {"en": "City council", "uk": "Міська рада"}), "en")
    assert named["authority"] == "City council"
