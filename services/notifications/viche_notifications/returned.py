"""Reads what comes back to the address that mails are sent from: whose mail it was, and what is wrong.

Reports are those of RFC 3464 (delivery) and RFC 5965 (complaints), both in the frame of RFC 6522. Everything else that
comes to such an address is let go with a reason: answers of people on holiday (RFC 3834), receipts, and the letters
of servers that keep to no form. Only the facts leave this module: the text of a mail never does.
"""

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any, cast

from viche_notifications.domain.bounces import class_of, domain_in, status_in
from viche_notifications.sealing import RETURN_TOKEN_LENGTH

# the fields stand before the returned mail, which may be as long as it likes
MOST_BYTES = 1_000_000
NO_DETAIL = ".0.0"
COMPLAINTS = ("abuse", "fraud", "virus", "other")
_TOKEN = re.compile(rf"\+([a-z2-7]{{{RETURN_TOKEN_LENGTH}}})@", re.IGNORECASE)
_FORMS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/global-headers")


class NotTaken(Exception):
    """It is no report that anything could be learnt from; ``reason`` tells why, in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Exception):
    """It is no mail, or a report that breaks off before it says anything."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A report about one mail.

    Args:
        token: of the address that the mail was sent from.
        status: RFC 3463; empty for a complaint.
        domain: of the mailbox; empty where it is not told.
    """

    token: str
    status: str
    domain: str
    is_complaint: bool = False


def read(raw: bytes) -> Returned:
    """The report in a mail; what goes beyond ``MOST_BYTES`` is not looked at.

    Raises:
        NotTaken: there is nothing to learn from it.
        Unreadable: it is damaged.
    """
    try:
        return _report(email.message_from_bytes(raw[:MOST_BYTES], policy=email.policy.compat32))
    except email.errors.MessageError as error:  # the library reads some fields that it cannot write again
        raise Unreadable("a field is damaged") from error
    except RecursionError as error:
        raise Unreadable("there are mails within mails without end") from error


def _report(mail: "Message[Any, Any]") -> Returned:
    if not mail.keys():
        raise Unreadable("there are no headers")
    kind = str(mail.get_param("report-type") or "").lower()
    if mail.get_content_type() != "multipart/report" or kind == "disposition-notification":
        raise NotTaken(_what_else(mail, kind))
    if kind == "feedback-report":
        return _complaint(mail)
    return _failure(mail)


def _what_else(mail: "Message[Any, Any]", kind: str) -> str:
    if kind == "disposition-notification":
        return "a receipt"
    answers = str(mail.get("Auto-Submitted", "")).strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    if answers.startswith("auto-replied") or mail.get("X-Autoreply") or precedence == "auto_reply":
        return "an automatic answer"
    return "not a report in the form of RFC 3464"


def _failure(mail: "Message[Any, Any]") -> Returned:
    blocks = [each for each in _fields(mail, _FORMS) if each.get("Action") or each.get("Status")]
    if not blocks:
        raise Unreadable("the report says nothing about a receiver")
    failed = next((each for each in blocks if _action(each) in ("failed", "")), None)
    if failed is None:
        raise NotTaken(f"the mail is {_action(blocks[0])}")
    status = _status(failed)
    if class_of(status) is None:
        raise NotTaken("no failure" if status else "there is no status in it")
    return Returned(_token(mail), status, _domain(failed))


def _complaint(mail: "Message[Any, Any]") -> Returned:
    reports = list(_fields(mail, ("message/feedback-report",)))
    if not reports:
        raise Unreadable("the complaint says nothing")
    kind = str(reports[0].get("Feedback-Type", "")).strip().lower()
    if kind not in COMPLAINTS:
        raise NotTaken(f"a report of the kind {kind[:30]!r}")
    return Returned(_token(mail), "", domain_in(str(reports[0].get("Original-Rcpt-To", ""))), is_complaint=True)


def _fields(mail: "Message[Any, Any]", types: tuple[str, ...]) -> Iterator["Message[Any, Any]"]:
    """Groups of fields of the first part of one of the types: the message's, then those of each receiver."""
    part = next((each for each in mail.walk() if each.get_content_type() in types), None)
    if part is None:
        return
    payload = part.get_payload()
    # how the library reads it depends on the type and on where the lines break: as text it is the same for all
    groups = cast(list[Any], payload) if isinstance(payload, list) else [payload]
    text = "\n\n".join(str(each).strip() for each in groups)
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        yield email.message_from_string(block.strip() + "\n", policy=email.policy.compat32)


def _action(block: "Message[Any, Any]") -> str:
    return str(block.get("Action", "")).partition("(")[0].strip().lower()


def _status(block: "Message[Any, Any]") -> str:
    """The status; what the server said itself, where the status leaves it open."""
    status = status_in(str(block.get("Status", "")))
    said = status_in(str(block.get("Diagnostic-Code", "")))
    return said if said and (not status or status.endswith(NO_DETAIL)) else status


def _domain(block: "Message[Any, Any]") -> str:
    """Of the address that the mail was sent to, which the last server may know by another name."""
    for name in ("Original-Recipient", "Final-Recipient"):
        domain = domain_in(str(block.get(name, "")).rpartition(";")[2])
        if domain:
            return domain
    return ""


def _token(mail: "Message[Any, Any]") -> str:
    for part in _every_part(mail):
        for value in part.values():
            found = _TOKEN.search(str(value))
            if found:
                return found[1].lower()
    raise NotTaken("it does not say about which mail")


def _every_part(mail: "Message[Any, Any]") -> Iterator["Message[Any, Any]"]:
    """The mail, its parts, the fields of its reports, and the headers of the mail that came back."""
    for part in mail.walk():
        yield part
        if part.get_content_type() in _HEADERS:
            yield email.message_from_string(str(part.get_payload()).lstrip(), policy=email.policy.compat32)
    yield from _fields(mail, ("message/feedback-report",))
