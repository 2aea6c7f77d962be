"""Holds the mails that arrived against those that people must get. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that arrived; `message_id` is the same for all copies of one message."""

    receiver: str
    message_id: str
    subject: str
    text: str


def check_mails(due: Collection[str], mails: Iterable[Mail], most_copies: int) -> list[str]:
    """Sentences for what is wrong; empty when everybody has got one message, in at most `most_copies` copies.

    Args:
        due: receivers, each of whom one message is meant for.
        mails: that arrived on this occasion.
    """
    copies: Counter[tuple[str, str]] = Counter((mail.receiver, mail.message_id) for mail in mails)
    messages = Counter(receiver for receiver, _ in copies)
    faults = [f"{receiver} got no mail" for receiver in due if receiver not in messages]
    faults += [f"{receiver} got a mail that is not theirs" for receiver in messages if receiver not in due]
    faults += [f"{receiver} got {number} messages" for receiver, number in messages.items() if number > 1]
    too_many = (f"{receiver} got {number} copies" for (receiver, _), number in copies.items() if number > most_copies)
    return faults + list(too_many)
