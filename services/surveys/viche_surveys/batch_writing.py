"""What happens to a batch of answers in its transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from viche_chassis import outbox
from viche_chassis.db import Connection
from viche_chassis.errors import DomainError, RequestMismatch, Unavailable
from viche_chassis.sealing import Seal
from viche_surveys import events
from viche_surveys.attempts import Attempt, Changed, Outcome
from viche_surveys.domain.answer_errors import AlreadyAnswered, DraftNotFound, InvitationUsed, NotOpen
from viche_surveys.domain.quotas import full
from viche_surveys.domain.tallying import Tally
from viche_surveys.store import drafts, files, invitations, quotas, respondents, responses, tallies
from viche_surveys.store.answered import Standing
from viche_surveys.store.respondents import NewRespondent
from viche_surveys.store.responses import NewResponse

PRIVATE = "response_private.answers"


class Collided(Exception):
    """What belongs to an answer was taken, and the answer was not written: everything is undone."""


class BatchWriting:
    """Writes answers in one transaction.

    Args:
        seal: for personal answers.
        shard: of the tallies.
    """

    def __init__(self, conn: Connection, seal: Seal, shard: int) -> None:
        self._conn = conn
        self._seal = seal
        self._shard = shard
        self._reserved: Mapping[UUID, set[str]] = {}
        self.counted: set[UUID] = set()

    async def run(self, batch: Sequence[Attempt], standing: Mapping[UUID, Standing]) -> dict[UUID, Outcome]:
        """Writes what can be written; returns what became of the others."""
        refusals = {each.id: refusal for each in batch if (refusal := _standing(each, standing))}
        allowed = [each for each in _firsts(batch) if each.id not in refusals]
        refusals |= await self._hold(allowed)
        allowed = [each for each in allowed if each.id not in refusals]
        refusals |= await self._claim(allowed)
        allowed = [each for each in allowed if each.id not in refusals]
        written, at = await responses.insert(self._conn, [self._response(each) for each in allowed])
        if any(each.needs_claims and each.id not in written for each in allowed):
            raise Collided
        if at is not None:
            await self._count([each for each in allowed if each.id in written], standing, at)
        refusals = _late(batch, allowed, written) | refusals
        doubtful = [each for each in batch if each.id not in written]
        return await self._resolve(doubtful, refusals) if doubtful else {}

    async def _hold(self, attempts: Sequence[Attempt]) -> dict[UUID, DomainError]:
        """Holds drafts, files and quotas, and refuses who comes too late."""
        refusals: dict[UUID, DomainError] = {}
        if begun := [each.draft_id for each in attempts if each.draft_id]:
            there = await drafts.hold_all(self._conn, begun)
            refusals |= {each.id: DraftNotFound() for each in attempts if each.draft_id and each.draft_id not in there}
        if wanted := [file for each in attempts for file in each.files]:
            there = await files.hold(self._conn, wanted)
            refusals |= {each.id: Changed() for each in attempts if not there.issuperset(each.files)}
        return refusals | await self._hold_quotas([each for each in attempts if each.id not in refusals])

    async def _hold_quotas(self, attempts: Sequence[Attempt]) -> dict[UUID, DomainError]:
        wanted = {(each.live.id, quota) for each in attempts for quota in each.quotas}
        if not wanted:
            return {}
        left = await quotas.hold(self._conn, wanted)
        reserved = await quotas.reserved(self._conn, [each.draft_id for each in attempts if each.draft_id])
        refusals: dict[UUID, DomainError] = {}
        for each in attempts:
            kept = reserved.get(each.draft_id, set()) if each.draft_id else set[str]()
            needed = [(each.live.id, quota) for quota in each.quotas if quota not in kept]
            if late := next((quota for quota in needed if left.get(quota, 0) < 1), None):
                refusals[each.id] = _full(each, late[1])
                continue
            for quota in needed:
                left[quota] -= 1
        self._reserved = reserved
        return refusals

    async def _claim(self, attempts: Sequence[Attempt]) -> dict[UUID, DomainError]:
        """Takes links, and notes persons; in this order in every transaction."""
        refusals: dict[UUID, DomainError] = {}
        if links := [each.invitation_id for each in attempts if each.invitation_id]:
            fresh = await invitations.use(self._conn, links)
            for each in attempts:
                if each.invitation_id and each.invitation_id not in fresh:
                    refusals[each.id] = InvitationUsed()
                fresh.discard(each.invitation_id or UUID(int=0))
        if people := [each for each in attempts if each.person and each.id not in refusals]:
            fresh = await respondents.add(self._conn, [_respondent(each) for each in people])
            refusals |= {each.id: AlreadyAnswered() for each in people if each.id not in fresh}
        return refusals

    def _response(self, attempt: Attempt) -> NewResponse:
        person = attempt.person
        return NewResponse(
            survey_id=attempt.live.id,
            id=attempt.id,
            request_id=attempt.request_id,
            body_hash=attempt.body_hash,
            version=attempt.live.version,
            answers=attempt.answers,
            private=self._seal.close(attempt.private, PRIVATE, attempt.id) if attempt.private else None,
            language=attempt.language,
            channel=attempt.channel,
            partner_id=attempt.partner_id,
            territory_code=person.territory_code if person else "",
            assurance=person.assurance if person else "",
            seed=attempt.seed,
        )

    async def _count(self, written: Sequence[Attempt], standing: Mapping[UUID, Standing], at: datetime) -> None:
        """Moves tallies and quotas, uses files, forgets drafts, says what was accepted."""
        self.counted = {each.live.id for each in written}
        await tallies.move(self._conn, _moves(written, standing), self._shard)
        await self._take_quotas(written)
        if used := [(file, each.id) for each in written for file in each.files]:
            await files.use(self._conn, used)
        if begun := [each.draft_id for each in written if each.draft_id]:
            await quotas.release(self._conn, begun)
            await drafts.delete(self._conn, begun)
        by_survey: dict[UUID, list[Attempt]] = {}
        for each in written:
            by_survey.setdefault(each.live.id, []).append(each)
        await outbox.add(self._conn, *(events.responses_accepted(key, group, at) for key, group in by_survey.items()))

    async def _take_quotas(self, written: Sequence[Attempt]) -> None:
        """Takes the places that the answers need, and gives back those that their drafts had and do not need."""
        places = Counter[quotas.Key]()
        for each in written:
            if not each.quotas and not each.draft_id:
                continue
            kept = self._reserved.get(each.draft_id, set()) if each.draft_id else set[str]()
            places.update((each.live.id, quota) for quota in each.quotas if quota not in kept)
            places.subtract((each.live.id, quota) for quota in kept if quota not in each.quotas)
        if moved := {key: count for key, count in sorted(places.items()) if count}:
            await quotas.take(self._conn, moved)

    async def _resolve(
        self, doubtful: Sequence[Attempt], refusals: Mapping[UUID, DomainError]
    ) -> dict[UUID, Outcome]:  # fmt: skip
        """What became of attempts that were not written: the same request before, or a refusal."""
        known = await responses.find(self._conn, [each.key for each in doubtful])
        outcomes: dict[UUID, Outcome] = {}
        for each in doubtful:
            before = known.get(each.key)
            if before is not None:
                outcomes[each.id] = before.id if before.body_hash == each.body_hash else RequestMismatch()
            else:
                outcomes[each.id] = refusals.get(each.id) or Unavailable(what="answer")
        return outcomes


def _standing(attempt: Attempt, standing: Mapping[UUID, Standing]) -> DomainError | None:
    now = standing.get(attempt.live.id)
    if now is None or not now.is_open:
        return NotOpen()
    return Changed() if now.edition != attempt.live.edition else None


def _firsts(batch: Sequence[Attempt]) -> list[Attempt]:
    """One attempt for each request, draft and link; the others find what became of it."""
    seen: set[object] = set()
    firsts: list[Attempt] = []
    for each in batch:
        keys = {each.key, each.draft_id, each.invitation_id} - {None}
        if seen.isdisjoint(keys):
            firsts.append(each)
        seen |= keys
    return firsts


def _late(batch: Sequence[Attempt], allowed: Sequence[Attempt], written: set[UUID]) -> dict[UUID, DomainError]:
    """Those that came with the link, or for the draft, of another one that was written."""
    links = {each.invitation_id for each in allowed if each.id in written} - {None}
    sent = {each.draft_id for each in allowed if each.id in written} - {None}
    late = [each for each in batch if each.id not in written]
    return {
        **{each.id: DraftNotFound() for each in late if each.draft_id in sent},
        **{each.id: InvitationUsed() for each in late if each.invitation_id in links},
    }


def _full(attempt: Attempt, name: str) -> DomainError:
    quota = next(each for each in attempt.live.plan.definition.quotas if each.name == name)
    return full(attempt.live.plan, quota, attempt.language)


def _respondent(attempt: Attempt) -> NewRespondent:
    assert attempt.person is not None  # who calls has looked
    return NewRespondent(attempt.live.id, attempt.person.respondent, attempt.id, attempt.person.erased_by)


def _moves(written: Sequence[Attempt], standing: Mapping[UUID, Standing]) -> dict[tallies.Key, Tally]:
    moves: dict[tallies.Key, Tally] = {}
    for each in written:
        survey_id, partner_id = each.live.id, each.partner_id or tallies.OURS
        whole = ("", standing[survey_id].day, str(each.live.version))
        for (question, row, code), number in [(whole, None), *each.moves]:
            key = (survey_id, question, row, code, partner_id)
            tally = moves.get(key)
            if tally is None:
                tally = moves[key] = Tally()
            tally.add(number)
    return moves
