"""What it means when mail comes back, and when an address gets no more. Pure.

A refusal is known by its enhanced status code (RFC 3463). What it says about the address decides how often it may
happen: a mailbox that is not there is believed at once, a full one only after some time. Refusals of what we are or
of what a mail says are never held against the address.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# how long after a mail went out a report about it is still believed; servers give up after five days at most
REPORTABLE = timedelta(days=14)
# a mail that has not come back by then is taken as delivered
SETTLED = timedelta(days=3)
MOST_PERMANENT = 2
PERMANENT_WINDOW = timedelta(days=90)
MOST_TEMPORARY = 5
TEMPORARY_WINDOW = timedelta(days=7)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?![\d.])")
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_GONE = re.compile(r"5\.1\.\d+|5\.2\.1")
# 5.1.7 and 5.1.8 are about the sender's address; 4.7 is what servers say that take only so much from one sender
_OURS = re.compile(r"[45]\.[67]\.\d+|5\.1\.[78]")


class BounceClass(StrEnum):
    """What a refusal says about the address; see BounceClass in the contract."""

    HARD = "hard"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    POLICY = "policy"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A mail that was not delivered: the status code, and the domain of the mailbox ("" where it is not known)."""

    status: str
    domain: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back."""

    kind: BounceClass
    at: datetime


def class_of(status: str) -> BounceClass | None:
    """What a status code says about the address; None where it tells of no failure."""
    if _OURS.fullmatch(status):
        return BounceClass.POLICY
    if _GONE.fullmatch(status):
        return BounceClass.HARD
    return {"5": BounceClass.PERMANENT, "4": BounceClass.TEMPORARY}.get(status[:1])


def status_in(text: str) -> str:
    """The first enhanced status code in ``text``; empty where there is none."""
    found = _STATUS.search(text)
    return found[0] if found else ""


def domain_in(address: str) -> str:
    """The domain of an address in lower case; empty where it is none that the name system could have."""
    domain = address.strip().strip("<>").rpartition("@")[2].lower().rstrip(".")
    return domain if _DOMAIN.fullmatch(domain) else ""


def refusal_of(text: str, recipient: str) -> Refusal | None:
    """What the refusal of a server says while we talk to it; None where it says nothing about the address.

    Without a status code it may be our own mail server that takes no mail from us: no address learns from that.
    """
    status = status_in(text[:20])
    return Refusal(status, domain_in(recipient)) if class_of(status) else None


def verdict(bounces: Sequence[Bounce], delivered_at: datetime | None, now: datetime) -> BounceClass | None:
    """Why an address gets no more mails; None while it gets them.

    Args:
        bounces: all that came back from the address, in any order.
        delivered_at: when the last mail went out that has not come back and is settled; it clears what was before,
            but for a mailbox that was not there.
    """
    if any(each.kind is BounceClass.HARD for each in bounces):
        return BounceClass.HARD
    for kind, most, window in (
        (BounceClass.PERMANENT, MOST_PERMANENT, PERMANENT_WINDOW),
        (BounceClass.TEMPORARY, MOST_TEMPORARY, TEMPORARY_WINDOW),
    ):
        since = max(now - window, delivered_at or now - window)
        if sum(each.kind is kind and each.at > since for each in bounces) >= most:
            return kind
    return None
