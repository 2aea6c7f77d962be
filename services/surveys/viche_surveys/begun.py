"""What is kept of an answer that was begun, and the links that lead to it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from viche_chassis.sealing import UUID_BYTES, Seal, SignedTokens
from viche_surveys.admission import Admitted, Who
from viche_surveys.domain.answer_errors import DraftNotFound
from viche_surveys.domain.paging import Move
from viche_surveys.domain.reading import Fields
from viche_surveys.domain.showing import PageView
from viche_surveys.live import Live
from viche_surveys.store.drafts import StoredDraft

ANSWERS = "drafts.answers"


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that was begun.

    Attributes:
        fields: all that was filled in, as forms sent it: what a version asks is read from it anew.
        visited: names of pages that were sent.
        is_kept: whether it is in the database.
    """

    id: UUID
    fields: Fields
    visited: frozenset[str]
    version: int
    seed: int
    language: str
    admitted: Admitted
    partner_id: UUID | None
    page: str = ""
    is_kept: bool = False
    edition: int = 0
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A page as somebody sends it; `shown` is None where the form does not say what it showed."""

    request_id: UUID
    number: int
    token: str
    page: str
    version: int
    seed: int
    language: str
    fields: Fields
    shown: frozenset[str] | None
    who: Who
    move: Move
    group: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that is to be shown."""

    live: Live
    view: PageView
    seed: int
    token: str
    expires_at: datetime | None
    has_faults: bool = False


class Keeper:
    """Seals drafts, and makes the links that find them; nobody without the key can make one.

    Args:
        tokens: of links to drafts.
        seal: for what is filled in.
    """

    def __init__(self, tokens: SignedTokens, seal: Seal) -> None:
        self._tokens = tokens
        self._seal = seal

    def token(self, live: Live, draft: Draft) -> str:
        """The secret of a draft's link; empty where it is not kept."""
        return self.token_of(draft.id, live.id) if draft.is_kept else ""

    def token_of(self, draft_id: UUID, survey_id: UUID) -> str:
        """The secret of the link to a draft that is kept."""
        return self._tokens.make(draft_id.bytes + survey_id.bytes)

    def opened(self, draft_id: UUID, sealed: bytes) -> dict[str, Any]:
        """What is sealed of a draft: its ``fields``, and the names of pages that were ``visited``."""
        return json.loads(self._seal.open(sealed, ANSWERS, draft_id))

    def read_token(self, token: str) -> tuple[UUID, UUID]:
        """Ids of a draft and of its survey.

        Raises:
            DraftNotFound: it is no link of ours.
        """
        body = self._tokens.read(token)
        if body is None or len(body) != 2 * UUID_BYTES:
            raise DraftNotFound()
        return UUID(bytes=body[:UUID_BYTES]), UUID(bytes=body[UUID_BYTES:])

    def stored(self, live: Live, draft: Draft) -> StoredDraft:
        """As it goes into the database."""
        body = {"fields": dict(draft.fields), "visited": sorted(draft.visited)}
        person = draft.admitted.person
        return StoredDraft(
            id=draft.id,
            survey_id=live.id,
            version=live.version,
            answers=self._seal.close(json.dumps(body, ensure_ascii=False), ANSWERS, draft.id),
            page=draft.page,
            language=draft.language,
            seed=draft.seed,
            partner_id=draft.partner_id,
            respondent=person.respondent if person else None,
            erased_by=person.erased_by if person else None,
            invitation_id=draft.admitted.invitation_id,
        )

    def read(self, stored: StoredDraft, admitted: Admitted) -> Draft:
        """As it comes from there."""
        body = self.opened(stored.id, stored.answers)
        return Draft(
            id=stored.id,
            fields=body["fields"],
            visited=frozenset(body["visited"]),
            version=stored.version,
            seed=stored.seed,
            language=stored.language,
            admitted=admitted,
            partner_id=stored.partner_id,
            page=stored.page,
            is_kept=True,
            edition=stored.edition,
            expires_at=stored.expires_at,
        )
