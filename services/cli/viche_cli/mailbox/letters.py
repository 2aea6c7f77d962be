"""Caught mails: one file each in a folder, the newest ones kept."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses
from pathlib import Path

MOST_KEPT = 2_000
SUFFIX = ".eml"
# header in which the catcher notes for whom the mail came, as the SMTP dialogue said
RECEIVER_HEADER = "X-Viche-Receiver"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a list shows of a mail."""

    id: str
    receivers: tuple[str, ...]
    sender: str
    subject: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """One mail whole, as text."""

    letter: Letter
    text: str
    html: str


class Letters:
    """The mails of a folder. Methods may be called from several threads."""

    def __init__(self, folder: Path, most_kept: int = MOST_KEPT) -> None:
        """Reads what earlier runs have left."""
        self._folder = folder
        self._most_kept = most_kept
        self._lock = threading.Lock()
        self._letters: OrderedDict[str, Letter] = OrderedDict()
        self._counter = itertools.count()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            self._letters[path.stem] = _summary(path.stem, path.read_bytes(), _received_at(path.stem))
        self._drop_oldest()

    def add(self, content: bytes, receivers: Iterable[str]) -> Letter:
        """Keeps a mail; the oldest goes when there are too many."""
        now_ns = time.time_ns()
        # names sort by time; the counter keeps apart what comes within one tick of the clock
        letter_id = f"{now_ns:020d}-{next(self._counter) % 10_000:04d}"
        head = "".join(f"{RECEIVER_HEADER}: {_one_line(receiver)}\r\n" for receiver in receivers)
        whole = head.encode() + content
        draft = self._folder / f".{letter_id}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(whole)
        draft.replace(self._path(letter_id))
        letter = _summary(letter_id, whole, _received_at(letter_id))
        with self._lock:
            self._letters[letter_id] = letter
            self._drop_oldest()
        return letter

    def newest(self, receiver: str = "", *, most: int = 100) -> list[Letter]:
        """The newest mails first; only those to addresses that contain `receiver`, in any case of letters."""
        wanted = receiver.strip().casefold()
        with self._lock:
            everything = list(reversed(self._letters.values()))
        found = (one for one in everything if not wanted or any(wanted in to.casefold() for to in one.receivers))
        return list(itertools.islice(found, most))

    def get(self, letter_id: str) -> Content | None:
        """One mail; None when there is none of that id any more."""
        with self._lock:
            letter = self._letters.get(letter_id)
        if letter is None:
            return None
        try:
            message = BytesParser(EmailMessage, policy=policy.default).parsebytes(self._path(letter_id).read_bytes())
        except FileNotFoundError:
            return None
        return Content(letter, _part(message, "plain"), _part(message, "html"))

    def count(self) -> int:
        """How many are kept."""
        return len(self._letters)

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            for letter_id in self._letters:
                self._path(letter_id).unlink(missing_ok=True)
            self._letters.clear()

    def _drop_oldest(self) -> None:
        while len(self._letters) > self._most_kept:
            letter_id, _ = self._letters.popitem(last=False)
            self._path(letter_id).unlink(missing_ok=True)

    def _path(self, letter_id: str) -> Path:
        return self._folder / f"{letter_id}{SUFFIX}"


def _summary(letter_id: str, content: bytes, received_at: datetime) -> Letter:
    headers = BytesHeaderParser(policy=policy.compat32).parsebytes(content[:20_000])
    receivers = tuple(str(value) for value in headers.get_all(RECEIVER_HEADER) or ())
    if not receivers:
        receivers = tuple(address for _, address in getaddresses(headers.get_all("To") or []))
    return Letter(letter_id, receivers, _decoded(headers["From"]), _decoded(headers["Subject"]), received_at)


def _decoded(value: object) -> str:
    """A header's text; MIME words (RFC 2047) become letters."""
    if value is None:
        return ""
    return str(policy.default.header_factory("Subject", " ".join(str(value).split())))


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _received_at(letter_id: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(letter_id.partition("-")[0]) / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _one_line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:320]
