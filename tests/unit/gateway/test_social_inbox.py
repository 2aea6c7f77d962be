"""What people write, in the console: a queue, conversations, ready answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from viche.identity.v1 import audit_pb2
from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import learning_pb2

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.channel import stamp
from viche_gateway.testing.social_inbox import AT, NOBODY_HERE

Browse = Callable[..., Browser]
ASKED = "When will the bridge be open?"


@pytest.fixture
def press(world: World, browse: Browse) -> Browser:
    """Petra of the press office of both authorities."""
    world.identity.add_person("petra", COUNCIL, TOWN, role="press", name="Petra")
    return browse("petra")


def open_thread(press: Browser, thread: pb.Thread) -> str:
    return press.open(f"/console/inbox/{thread.id}").text


def test_the_queue_says_who_wrote_what_where_and_by_when(press: Browser, world: World) -> None:
    world.inbox.add(TOWN, ASKED, is_overdue=True)
    page = press.open("/console/inbox").text
    for words in (ASKED, "Olena Koval", "Comment", "Verbiv", "1 conversation waits for an answer", "1 is overdue"):
        assert words in page


def test_filters_are_asked_for(press: Browser, world: World) -> None:
    channel = world.social_channels.add(TOWN)
    press.open(f"/console/inbox?state=overdue&who=nobody&account={channel.id}&words=bridge")
    asked = world.inbox.asked
    assert (asked.overdue, asked.unassigned, asked.channel_id, asked.query) == (True, True, channel.id, "bridge")


def test_an_empty_queue_says_why(press: Browser, world: World) -> None:
    assert "No account is connected" in press.open("/console/inbox").text
    world.social_channels.add(TOWN)
    assert "Accounts are read once a minute." in press.open("/console/inbox").text
    assert "There is none like this." in press.open("/console/inbox?words=x").text


def test_an_answer_is_sent_once(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    for _ in range(2):
        open_thread(press, thread)
        answer = press.send(
            f"/console/inbox/{thread.id}/answer", text="On Friday.", request_id="018f5c1e-0000-7000-8000-0000000000cc"
        )
        assert answer.headers["Location"] == f"/console/inbox/{thread.id}?done=answered"
    page = open_thread(press, thread)
    assert [reply.text for reply in world.inbox.known[thread.id].replies] == ["On Friday."]
    assert "On Friday." in page
    assert "Waits to be sent" in page


def test_an_answer_that_is_too_long_comes_back_with_its_fault(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    open_thread(press, thread)
    answer = press.send(f"/console/inbox/{thread.id}/answer", text="x" * 51)
    assert answer.status_code == 400
    assert 'id="text-error"' in answer.text
    assert "x" * 51 in answer.text


def test_a_ready_answer_is_put_behind_what_is_written(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    press.open("/console/inbox/ready/new")
    press.send("/console/inbox/ready/new", authority_id=TOWN, language="en", title="Thanks", text="Thank you!")
    (ready,) = world.inbox.ready.values()
    open_thread(press, thread)
    page = press.send(f"/console/inbox/{thread.id}/answer", act="fill", ready=ready.id, text="Dear Olena,").text
    assert "Dear Olena,\n\nThank you!" in page
    assert not world.inbox.known[thread.id].replies


def test_where_nothing_can_be_answered_the_reason_stands(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    world.inbox.known[thread.id].can_answer = False
    world.inbox.known[thread.id].cannot_because = "ABSENT"
    page = open_thread(press, thread)
    assert "This platform lets no program answer." in page
    assert "Send the answer" not in page


def test_in_doubt_a_person_looks_and_says(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    reply = world.inbox.known[thread.id].replies.add(
        id="018f5c1e-0000-7000-8000-0000000000dd",
        text="On Friday.",
        state=pb.REPLY_STATE_UNKNOWN,
        written_at=stamp(AT),
    )
    assert "Look at the platform: is the answer there?" in open_thread(press, thread)
    path = f"/console/inbox/{thread.id}/replies/{reply.id}/settle"
    assert f'id="there_{reply.id}-error"' in press.send(path).text
    press.send(path, there="yes")
    assert reply.state == pb.REPLY_STATE_PUBLISHED


def test_a_conversation_is_closed_for_a_reason_and_opened_again(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    open_thread(press, thread)
    assert press.send(f"/console/inbox/{thread.id}/close").status_code == 400
    press.send(f"/console/inbox/{thread.id}/close", because="spam")
    closed = world.inbox.known[thread.id].thread
    assert (closed.state, closed.closed_because) == (pb.THREAD_STATE_CLOSED, pb.CLOSED_BECAUSE_SPAM)
    assert "Advertising, and the like" in open_thread(press, thread)
    press.send(f"/console/inbox/{thread.id}/reopen")
    assert closed.state == pb.THREAD_STATE_WAITING


def test_what_was_proposed_is_put_right(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN, topic="parks", tone=pb.TONE_ANGRY, language="en", proposed=["topic", "tone"])
    assert "This was proposed" in open_thread(press, thread)
    press.send(f"/console/inbox/{thread.id}/labels", topic="roads", tone="neutral", language="en")
    said = world.inbox.known[thread.id].thread
    assert (said.topic, said.tone, list(said.proposed)) == ("roads", pb.TONE_NEUTRAL, [])


def test_notes_and_who_is_on_it_are_history(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    open_thread(press, thread)
    press.send(f"/console/inbox/{thread.id}/note", note="Ask the road office.")
    open_thread(press, thread)
    press.send(f"/console/inbox/{thread.id}/assign", act="claim")
    page = open_thread(press, thread)
    assert "Ask the road office." in page
    assert "Took the conversation" in page


def test_a_comment_is_hidden_and_shown_again(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    item = world.inbox.known[thread.id].items[0]
    open_thread(press, thread)
    press.send(f"/console/inbox/{thread.id}/items/{item.id}/hide", act="hide")
    assert "Hidden from others" in open_thread(press, thread)
    press.send(f"/console/inbox/{thread.id}/items/{item.id}/hide", act="show")
    assert not item.is_hidden


def test_a_person_is_forgotten_after_one_question(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    item = world.inbox.known[thread.id].items[0]
    path = f"/console/inbox/{thread.id}/items/{item.id}/forget"
    assert "This cannot be undone." in press.open(path).text
    press.send(path)
    assert world.inbox.forgotten == [item.id]


def test_what_people_write_is_never_markup(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN, "<script>alert(1)</script>")
    world.inbox.known[thread.id].items[0].url = "javascript:alert(1)"
    page = open_thread(press, thread) + press.open("/console/inbox").text
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_an_officer_of_another_role_reads_and_does_not_answer(world: World, browse: Browse) -> None:
    world.identity.add_person("mila", TOWN, role="moderator", name="Mila")
    thread = world.inbox.add(TOWN)
    page = browse("mila").open(f"/console/inbox/{thread.id}").text
    assert ASKED in page
    assert "Send the answer" not in page
    assert "Forget this person" not in page


def test_the_time_is_set_in_hours(press: Browser, world: World) -> None:
    press.open("/console/inbox/ready")
    for hours in ("0", "many", "1441", ""):
        assert press.send("/console/inbox/ready/targets", authority_id=TOWN, hours=hours).status_code == 400
    press.send("/console/inbox/ready/targets", authority_id=TOWN, hours="8")
    assert world.inbox.targets == {TOWN: timedelta(hours=8)}
    page = press.open("/console/inbox/ready").text
    assert 'value="8"' in page


def test_a_ready_answer_is_changed_and_thrown_away(press: Browser, world: World) -> None:
    press.open("/console/inbox/ready/new")
    assert 'id="title-error"' in press.send("/console/inbox/ready/new", authority_id=TOWN, language="en").text
    press.send("/console/inbox/ready/new", authority_id=TOWN, language="en", title="Thanks", text="Thank you!")
    (ready,) = world.inbox.ready.values()
    press.open(f"/console/inbox/ready/{ready.id}")
    press.send(f"/console/inbox/ready/{ready.id}", authority_id=TOWN, language="en", title="Thanks", text="Dear all")
    assert [each.text for each in world.inbox.ready.values()] == ["Dear all"]
    press.open("/console/inbox/ready")
    press.send(f"/console/inbox/ready/{ready.id}/delete")
    assert world.inbox.ready == {}


def colleague(world: World, pseudonym: bytes, name: str, *roles: str) -> None:
    """Somebody who works for the authority, or once did."""
    world.identity_trail.officers.append(
        audit_pb2.Officer(pseudonym=pseudonym, name=name, email=f"{name}@example.org", roles=roles)
    )


def test_a_conversation_is_given_to_a_colleague_who_may_answer(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    colleague(world, b"iryna", "Iryna", "officer")
    colleague(world, b"once", "Somebody Gone")
    colleague(world, b"olga", "Olga", "operator")
    page = open_thread(press, thread)
    assert "Iryna" in page
    assert "Somebody Gone" not in page
    assert "Olga" not in page
    answer = press.send(f"/console/inbox/{thread.id}/assign", act="give", colleague=b"iryna".hex())
    assert answer.headers["Location"] == f"/console/inbox/{thread.id}?done=given"
    page = open_thread(press, thread)
    assert "Iryna is on it." in page
    assert "Gave the conversation to a colleague" in page


@pytest.mark.parametrize("chosen", ["", "zz", b"once".hex()])
def test_a_conversation_is_given_to_nobody_else(press: Browser, world: World, chosen: str) -> None:
    thread = world.inbox.add(TOWN)
    colleague(world, b"iryna", "Iryna", "officer")
    colleague(world, b"once", "Somebody Gone")
    open_thread(press, thread)
    answer = press.send(f"/console/inbox/{thread.id}/assign", act="give", colleague=chosen)
    assert answer.status_code == 400
    assert 'id="colleague-error"' in answer.text
    assert not world.inbox.known[thread.id].thread.assignee


def test_a_colleague_who_has_just_left_is_told_of(press: Browser, world: World) -> None:
    thread = world.inbox.add(TOWN)
    colleague(world, NOBODY_HERE, "Iryna", "officer")
    open_thread(press, thread)
    answer = press.send(f"/console/inbox/{thread.id}/assign", act="give", colleague=NOBODY_HERE.hex())
    assert answer.status_code == 409
    assert "holds no role here any more" in answer.text


def test_a_message_becomes_a_petition_for_its_author(browse: Browse, world: World) -> None:
    otto = browse("otto")
    thread = world.inbox.add(TOWN, ASKED, language="uk")
    world.inbox.known[thread.id].items[0].url = "https://social.example/@olena/1"
    assert "Write a petition for this person" in open_thread(otto, thread)
    answer = otto.send(f"/console/inbox/{thread.id}/draft")
    assert answer.headers["Location"] == f"/console/write-for?thread={thread.id}"
    page = otto.open(answer.headers["Location"]).text
    assert f"{ASKED}\n\nWritten to dibrova on Mastodon. https://social.example/@olena/1</textarea>" in page
    assert 'value="Olena Koval"' in page
    assert "Began a petition for this person" in open_thread(otto, thread)


def test_who_does_not_write_for_others_is_offered_no_petition(press: Browser, world: World) -> None:
    assert "Write a petition for this person" not in open_thread(press, world.inbox.add(TOWN))


def test_what_was_learnt_is_told_with_its_figures(press: Browser, world: World) -> None:
    found = world.learning.of(TOWN)
    model = learning_pb2.LearnedModel(
        version=3, texts=140, macro_f1=0.61, words_f1=0.35, precision=0.93, coverage=0.48, is_adopted=True,
        trained_at=stamp(AT),
    )  # fmt: skip
    found.parts.add(kind="topic", language="uk", labels=150, model=model)
    found.parts.add(kind="tone", language="uk", labels=12)
    model.is_adopted = False
    found.parts.add(kind="language", labels=200, model=model)
    page = press.open(f"/console/inbox/learning?authority={TOWN}").text
    for words in ("Learning is on", "version 3", "93%", "48%", "61", "35", "learning begins with 50 labels",
                  "Word lists: what was learnt is not better yet"):  # fmt: skip
        assert words in page


def test_learning_is_stopped_and_labels_are_forgotten(press: Browser, world: World) -> None:
    world.learning.of(TOWN).erased_labels = 3
    page = press.open(f"/console/inbox/learning?authority={TOWN}").text
    assert "3 labels are of messages that are forgotten." in page
    press.send("/console/inbox/learning/forget", authority_id=TOWN)
    assert world.learning.of(TOWN).erased_labels == 0
    press.open(f"/console/inbox/learning?authority={TOWN}")
    answer = press.send("/console/inbox/learning/switch", authority_id=TOWN, act="off")
    assert answer.headers["Location"] == f"/console/inbox/learning?authority={TOWN}&done=off"
    page = press.open(answer.headers["Location"]).text
    assert "Learning is off" in page
    press.send("/console/inbox/learning/switch", authority_id=TOWN, act="on")
    assert world.learning.of(TOWN).is_on


def test_who_does_not_set_up_the_inbox_changes_nothing_of_learning(browse: Browse, world: World) -> None:
    otto = browse("otto")
    page = otto.open(f"/console/inbox/learning?authority={TOWN}").text
    assert "Stop learning" not in page
    open_thread(otto, world.inbox.add(TOWN))
    answer = otto.send("/console/inbox/learning/switch", authority_id=TOWN, act="off")
    assert answer.headers["Location"] == "/console/inbox/learning"
    assert world.learning.of(TOWN).is_on
