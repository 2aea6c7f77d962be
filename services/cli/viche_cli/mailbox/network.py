"""A network that the demo's posts go to: a server of Mastodon's kind that forgets nothing, and a page to look at it.

It is the fake with which the connector is tested, at an address of its own. Whoever looks at the page may write as a
neighbour, and the demo's inbox hears it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from viche_connector_mastodon.fake import OWN, SERVER, File, MastodonFake, Status
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.kit.messages import Reply, Request
from viche_sdk.connectors.types import InboxKind

TOKEN = "demo-network-token"  # noqa: S105 (of a network that leads nowhere)
API = "/api/"
MOST_COMMENT_CHARACTERS = 500
WRITTEN_BEFORE = (
    "Коли відкриють міст на Зеленій? Ходимо в обхід третій тиждень.",
    "Дякуємо за новий пандус біля школи!",
)
"""What a neighbour has written to the account before it is connected: the demo's inbox is never empty."""


class _Now(KitClock):
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """A post or a comment as the page shows it."""

    id: str
    text: str
    at: datetime
    is_own: bool
    alts: tuple[str, ...]
    options: tuple[str, ...]
    comments: tuple[Shown, ...]


class Network:
    """The network; what it knows lies in one file.

    Args:
        file: where it is kept.
        url: its own address.
    """

    def __init__(self, file: Path, url: str) -> None:
        self._file = file
        self._url = url.rstrip("/")
        self._fake = MastodonFake(MASTODON, _Now(), None)
        self._fake.secrets["access_token"] = TOKEN
        self._lock = threading.Lock()
        self._load()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """What the server answers to a program."""
        with self._lock:
            said = self._fake.handle(Request(method, "", target, headers, body))
            if method not in ("GET", "HEAD"):
                self._save()
        # the fake knows itself by the name that its tests give it
        return Reply(said.status, said.body.replace(SERVER.encode(), self._url.encode()), said.type, said.headers)

    def posts(self) -> list[Shown]:
        """All of the account's posts, the latest first, each with what was written below it."""
        with self._lock:
            own = [each for each in self._fake.statuses.values() if each.author == OWN and not each.on]
            return [self._shown(each) for each in reversed(own)]

    def comment(self, on: str, text: str) -> bool:
        """Writes below a post as a neighbour; False where there is no such post."""
        with self._lock:
            post = next((each for each in self._fake.shown() if each.id == on), None)
            if post is None or not text.strip():
                return False
            self._fake.receive(InboxKind.COMMENT, text.strip()[:MOST_COMMENT_CHARACTERS], post)
            self._save()
            return True

    def _shown(self, status: Status) -> Shown:
        below = tuple(self._shown(each) for each in self._fake.statuses.values() if each.on == status.id)
        alts = tuple(file.alt for file in status.files)
        text = status.text.removeprefix("@viche ")
        return Shown(status.id, text, status.at, status.author == OWN, alts, tuple(status.options), below)

    def _save(self) -> None:
        fake = self._fake
        kept = {
            "last": fake.last,
            "statuses": [asdict(each) for each in fake.statuses.values()],
            "notifications": fake.notifications,
            "files": [asdict(each) for each in fake.files.values()],
            "keys": [[key, id, at.isoformat()] for key, (id, at) in fake.keys.items()],
        }
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(kept, ensure_ascii=False, default=datetime.isoformat), encoding="utf-8")
        part.replace(self._file)

    def _load(self) -> None:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            for text in WRITTEN_BEFORE:
                self._fake.receive(InboxKind.MENTION, text, None)
            return
        self._fake.last = kept["last"]
        self._fake.statuses = {each["id"]: _status(each) for each in kept["statuses"]}
        self._fake.notifications = [(id, status) for id, status in kept["notifications"]]
        self._fake.files = {each["id"]: File(**each) for each in kept["files"]}
        self._fake.keys = {key: (id, datetime.fromisoformat(at)) for key, id, at in kept["keys"]}


def _status(kept: dict[str, Any]) -> Status:
    ends_at = kept["ends_at"]
    return Status(
        **{
            **kept,
            "at": datetime.fromisoformat(kept["at"]),
            "ends_at": datetime.fromisoformat(ends_at) if ends_at else None,
            "files": [File(**each) for each in kept["files"]],
        }
    )
