"""What was learnt is asked of texts that come in; where it says nothing of a part, the word lists do."""

import base64
from array import array
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from viche_chassis.db import Connection
from viche_social.domain.learning import Kind, Model
from viche_social.store import learning
from viche_social.store.learning import Part

MOST_KEPT = 8
"""Models in memory, at most about a megabyte each."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What can be said of a text; empty where nobody can say."""

    language: str = ""
    topic: str = ""
    tone: str = ""


class Proposes(Protocol):
    """Says of texts what can be said of them."""

    async def ready(self) -> None:
        """To be awaited outside of transactions before anything is taken in."""
        ...

    def propose(self, text: str, language: str) -> Proposal:
        """What can be said of a text, in a language that the platform names, or does not."""
        ...


@dataclass(frozen=True, slots=True)
class Knowing:
    """Models of one authority, before the word lists."""

    words: Proposes
    models: Mapping[Part, Model]

    def propose(self, text: str, language: str) -> Proposal:
        """What can be said of a text, in a language that the platform names, or does not."""
        naming = self.models.get(Part(Kind.LANGUAGE, ""))
        if naming is not None and not language:
            language = naming.says(text)
            if not language:
                return Proposal()
        found = self.words.propose(text, language)
        return Proposal(
            found.language,
            self._said(Kind.TOPIC, found.language, text, found.topic),
            self._said(Kind.TONE, found.language, text, found.tone),
        )

    def _said(self, kind: Kind, language: str, text: str, otherwise: str) -> str:
        model = self.models.get(Part(kind, language))
        return model.says(text) if model is not None else otherwise


class Learned:
    """Keeps the models that were asked last.

    Args:
        words: the word lists.
    """

    def __init__(self, words: Proposes) -> None:
        self.words = words
        self._kept: OrderedDict[tuple[UUID, Part, datetime], Model] = OrderedDict()

    async def of(self, conn: Connection, authority_id: UUID) -> Knowing:
        """What an authority's models say, as they are now."""
        models: dict[Part, Model] = {}
        for part, trained_at in await learning.adopted(conn, authority_id):
            key = (authority_id, part, trained_at)
            found = self._kept.get(key)
            if found is None and (document := await learning.document(conn, authority_id, part)):
                found = read_model(document)
            if found is not None:
                models[part] = self._kept[key] = found
                self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return Knowing(self.words, models)


def read_model(document: Mapping[str, Any]) -> Model:
    """A model as it is kept."""
    weights = array("f", base64.b64decode(document["weights"]))
    return Model(tuple(document["labels"]), weights, tuple(document["offsets"]), document["threshold"])
