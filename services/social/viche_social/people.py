"""What people wrote, and who they are: sealed in its row, found by keyed hashes, and read for officers alone."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from viche_chassis.sealing import KeyedIndex, Seal
from viche_sdk.connectors.types import Author, InboxItem
from viche_social.domain.inbox import MOST_CHARACTERS

_CONTENT, _NOTE = "item_contents.sealed", "thread_events.note"
_WORD_BYTES = 10
_ERASED = "erased-"


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and who it was."""

    text: str = field(repr=False)
    author: Author = field(repr=False)
    url: str = field(default="", repr=False)


class People:
    """Seals and finds what people wrote.

    Args:
        master_key: of this service, 32 bytes.
    """

    def __init__(self, master_key: bytes) -> None:
        self._seal = Seal(master_key, "social/inbox/v1")
        self._authors = KeyedIndex(master_key, "social/inbox-authors/v1")
        self._texts = KeyedIndex(master_key, "social/inbox-texts/v1")
        self._words = KeyedIndex(master_key, "social/inbox-words/v1")
        self._erased = KeyedIndex(master_key, "social/inbox-erased/v1")

    def author_key(self, channel_id: UUID, author_id: str) -> bytes:
        """Finds what one person wrote to one channel; means nothing at another."""
        return self._authors.of(author_id, within=channel_id.bytes)

    def digest(self, channel_id: UUID, item: InboxItem) -> bytes:
        """Tells whether an item says something else."""
        return self._texts.of(item.text[:MOST_CHARACTERS], within=channel_id.bytes)

    def erased_id(self, channel_id: UUID, platform_id: str) -> str:
        """What stands for the platform's id of a forgotten item: it must not come back when it is read again."""
        return _ERASED + self._erased.of(platform_id, within=channel_id.bytes).hex()

    def close(self, item: InboxItem, id: UUID, version: int) -> bytes:
        """What an item says, and who says it, sealed for its row."""
        whole = {
            "text": item.text[:MOST_CHARACTERS], "url": item.url, "id": item.author.id, "name": item.author.name,
            "handle": item.author.handle, "author_url": item.author.url,
        }  # fmt: skip
        return self._seal.close(json.dumps(whole, ensure_ascii=False), f"{_CONTENT}/{version}", id)

    def open(self, sealed: bytes, id: UUID, version: int) -> Written:
        """What an item said.

        Raises:
            Unreadable: it was not sealed for this row with this key.
        """
        read = json.loads(self._seal.open(sealed, f"{_CONTENT}/{version}", id))
        return Written(read["text"], Author(read["id"], read["name"], read["handle"], read["author_url"]), read["url"])

    def close_note(self, text: str, event_id: UUID) -> bytes:
        """What officers write down, sealed: it is about people, too."""
        return self._seal.close(text, _NOTE, event_id)

    def open_note(self, sealed: bytes, event_id: UUID) -> str:
        """What officers wrote down.

        Raises:
            Unreadable: it was not sealed for this row with this key.
        """
        return self._seal.open(sealed, _NOTE, event_id)

    def hashed(self, word: str) -> str:
        """What stands for a word in what is searched."""
        return base64.b32encode(self._words.of(word)[:_WORD_BYTES]).decode().lower()

    def searchable(self, words: Iterable[str]) -> str:
        """A tsvector, written out, of the words of a text in all their forms."""
        return " ".join(sorted({f"'{self.hashed(word)}'" for word in words}))

    def query(self, words: Iterable[Iterable[str]]) -> str:
        """A tsquery, written out: of each word one of its forms. Empty for no words."""
        return " & ".join("(" + " | ".join(f"'{self.hashed(form)}'" for form in sorted(forms)) + ")" for forms in words)
