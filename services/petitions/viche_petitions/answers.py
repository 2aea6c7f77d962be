"""From the threshold to the answer, each act in a transaction that holds the petition."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis import outbox
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.ids import new_id
from viche_petitions import counting, events, running
from viche_petitions.domain import answers as rules
from viche_petitions.domain import hearings as hearing_rules
from viche_petitions.domain import steps
from viche_petitions.domain.answer_errors import StaleAnswer, TooManyDocuments, UnknownDocument
from viche_petitions.domain.answers import Answer, AnswerDraft, Content, Document
from viche_petitions.domain.hearings import Hearing
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.texts import Texts
from viche_petitions.store import answers as store
from viche_petitions.store import deadlines, drafts, happenings, hearings, locks
from viche_petitions.store import steps as steps_store
from viche_petitions.writing import check_covered, must_get
from viche_sdk.clocks import COLLECT
from viche_sdk.types import Deadline, Event

NO_CONTENT = Content(None, {}, {}, "")


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: the pseudonym of the scope "authors", and the authorities that their roles cover."""

    pseudonym: bytes
    covered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would follow from a step."""

    at: datetime
    starts: tuple[Deadline, ...]
    meets: tuple[str, ...]
    earliest: datetime


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering needs of this instance.

    Args:
        zone: of the authorities.
        language: the instance's first one.
    """

    zone: ZoneInfo
    language: str

    async def petition(self, conn: Connection, petition_id: UUID, officer: Officer) -> Petition:
        """A petition of an authority of the officer, held until the transaction ends.

        Raises:
            PetitionNotFound, NotYourAuthority: there is none, or it is another's.
        """
        await locks.hold_petition(conn, petition_id)
        found = await must_get(conn, petition_id)
        check_covered(found, officer.covered)
        return found

    def foresee(self, petition: Petition, step: Event, day: date | None, now: datetime) -> Foreseen:
        """What would follow if a step was taken on a day.

        Raises:
            NotPublic, UnknownStep, AlreadyRecorded, StepTooEarly, InTheFuture: it cannot be noted.
        """
        earliest = steps.check_step(petition, step)
        at = steps.moment_of(day, earliest, now, self.zone)
        assert petition.terms is not None  # a public petition has them
        terms = petition.terms
        starts = tuple(clock.deadline(at, self.zone, terms.calendar) for clock in terms.starting_at(step))
        waiting = {each.deadline.clock for each in petition.deadlines if each.met_at is None}
        meets = tuple(clock.name for clock in terms.clocks if clock.ends_with is step and clock.name in waiting)
        return Foreseen(at, starts, meets, earliest)

    async def record_step(
        self, conn: Connection, petition_id: UUID, officer: Officer, step: Event, day: date | None
    ) -> Petition:
        """Notes that a step was taken: its clocks start and are met."""
        petition = await self.petition(conn, petition_id, officer)
        now = await drafts.now(conn)
        at = self.foresee(petition, step, day, now).at
        assert petition.terms is not None  # a public petition has them
        await running.happened(conn, petition_id, petition.terms, step, at, self.zone, officer.pseudonym)
        await store.touch(conn, petition_id, now)
        await outbox.add(conn, events.step_taken(petition_id, petition.number or 0, str(step)))
        return await must_get(conn, petition_id)

    async def extend(
        self, conn: Connection, petition_id: UUID, officer: Officer, clock: str, reason: Texts
    ) -> tuple[Petition, Deadline]:
        """Prolongs a term; what it was before is kept."""
        petition = await self.petition(conn, petition_id, officer)
        now = await drafts.now(conn)
        former, longer = steps.prolonged(petition, clock, now, self.zone)
        if not await steps_store.extend(conn, petition_id, longer):  # opened before deadlines were stored
            await deadlines.add(conn, petition_id, [longer])
        await steps_store.add_extension(conn, petition_id, former, reason, officer.pseudonym, now)
        if clock == COLLECT:
            await steps_store.collect_until(conn, petition_id, longer.ends_at)
        await store.touch(conn, petition_id, now)
        assert petition.terms is not None  # the clock is theirs
        extension = petition.terms.clock(clock).extension
        if extension and extension.notice:
            await outbox.add(conn, events.deadline_extended(petition_id, petition.number or 0, clock))
        return await must_get(conn, petition_id), longer

    async def publish(
        self, conn: Connection, petition_id: UUID, officer: Officer, content: Content, corrects: int, *, is_early: bool
    ) -> Petition:
        """Publishes an answer or a correction; the first one is the event that clocks wait for."""
        petition, answer = await self.check(conn, petition_id, officer, content, corrects, is_early=is_early)
        version, at = answer.version, answer.published_at
        await store.insert(conn, petition_id, version, content, officer.pseudonym, at)
        await store.attach(conn, petition_id, version, content.documents)
        await store.drop_draft(conn, petition_id)
        assert petition.terms is not None  # a public petition has them
        if version == 1:
            await running.happened(
                conn, petition_id, petition.terms, Event.ANSWERED, at, self.zone, officer.pseudonym
            )  # fmt: skip
        await store.touch(conn, petition_id, at)
        await outbox.add(conn, events.answered(petition_id, petition.number or 0, version))
        return await must_get(conn, petition_id)

    async def check(
        self, conn: Connection, petition_id: UUID, officer: Officer, content: Content, corrects: int, *, is_early: bool
    ) -> tuple[Petition, Answer]:
        """The petition, and the answer as it would be published now.

        Raises:
            NotPublic, AnswerEarly, AlreadyAnswered, StaleAnswer, UnknownDocument, InvalidFields: it cannot be.
        """
        petition = await self.petition(conn, petition_id, officer)
        rules.check_turn(petition, corrects, is_early=is_early)
        rules.check_content(content, self.languages(petition), is_correction=corrects > 0)
        answer = Answer(
            version=corrects + 1, decision=content.decision or rules.Decision.EXPLAINED,
            published_at=await drafts.now(conn), summary=content.summary, reasons=content.reasons,
            signed_by=content.signed_by, documents=tuple(await documents_of(conn, petition_id, content)),
            correction_note=content.correction_note,
        )  # fmt: skip
        return petition, answer

    def languages(self, petition: Petition) -> Sequence[str]:
        """Languages in one of which texts about a petition must be."""
        return tuple(dict.fromkeys((petition.language, self.language)))

    async def draft(self, conn: Connection, petition_id: UUID, officer: Officer) -> AnswerDraft:
        """What was written so far; where nothing was, what there is to correct, or nothing."""
        petition = await self.petition(conn, petition_id, officer)
        found = await store.draft(conn, petition_id)
        return found or AnswerDraft(0, _to_correct(petition), petition.answers[-1].version if petition.answers else 0)

    async def save_draft(
        self, conn: Connection, petition_id: UUID, officer: Officer, draft: AnswerDraft
    ) -> AnswerDraft:  # fmt: skip
        """Keeps a draft in place of that of its version.

        Raises:
            StaleAnswer: somebody else has saved one in between.
        """
        petition = await self.petition(conn, petition_id, officer)
        rules.check_public(petition)
        rules.check_draft_content(draft.content)
        await documents_of(conn, petition_id, draft.content)
        values = (draft.version, draft.content, draft.corrects_version, officer.pseudonym)
        if not await store.put_draft(conn, petition_id, *values):
            known = await store.draft(conn, petition_id)
            raise StaleAnswer(version=known.version if known else 0)
        return await self.draft(conn, petition_id, officer)

    async def discard_draft(self, conn: Connection, petition_id: UUID, officer: Officer) -> AnswerDraft:
        """Throws a draft away."""
        await self.petition(conn, petition_id, officer)
        await store.drop_draft(conn, petition_id)
        return await self.draft(conn, petition_id, officer)

    async def add_document(self, conn: Connection, petition_id: UUID, officer: Officer, document: Document) -> None:
        """Notes a file before it is stored.

        Raises:
            TooManyDocuments: there are many that nobody uses.
        """
        rules.check_public(await self.petition(conn, petition_id, officer))
        rules.check_document(document)
        if await store.count_unused(conn, petition_id) >= rules.MOST_UNUSED_DOCUMENTS:
            raise TooManyDocuments(limit=rules.MOST_UNUSED_DOCUMENTS)
        await store.add_document(conn, petition_id, document, officer.pseudonym)

    async def check_hearing(
        self, conn: Connection, petition_id: UUID, officer: Officer, said: Hearing
    ) -> tuple[Petition, Hearing]:
        """The petition, and what would be said of a hearing now.

        Args:
            said: with the version that was seen last, and 0 for another hearing.

        Raises:
            NotPublic, StaleHearing, UnknownHearing, InvalidFields: it cannot be said.
        """
        petition = await self.petition(conn, petition_id, officer)
        rules.check_public(petition)
        version, hearing = hearing_rules.place_of(petition, said.version, said.hearing)
        now = await drafts.now(conn)
        checked = replace(said, version=version, hearing=hearing, published_at=now)
        last = hearing_rules.before(petition, hearing)
        hearing_rules.check_hearing(checked, last, self.languages(petition))
        return petition, checked

    async def publish_hearing(self, conn: Connection, petition_id: UUID, officer: Officer, said: Hearing) -> Petition:
        """Says something of a hearing."""
        petition, checked = await self.check_hearing(conn, petition_id, officer, said)
        await hearings.insert(conn, petition_id, checked, officer.pseudonym)
        await happenings.add(
            conn, new_id(), petition_id, steps.HEARING, checked.published_at, officer.pseudonym, str(checked.version)
        )
        await store.touch(conn, petition_id, checked.published_at)
        await outbox.add(conn, events.hearing_published(petition_id, petition.number or 0, checked.version))
        return await must_get(conn, petition_id)

    async def take_as_appeal(
        self, conn: Connection, petition_id: UUID, officer: Officer, reference: str
    ) -> Petition:  # fmt: skip
        """Notes that a failed petition is an appeal from now on."""
        petition = await self.petition(conn, petition_id, officer)
        steps.check_appeal(petition)
        now = await drafts.now(conn)
        await happenings.add(
            conn, new_id(), petition_id, steps.TAKEN_AS_APPEAL, now, officer.pseudonym, reference
        )  # fmt: skip
        await store.touch(conn, petition_id, now)
        await outbox.add(conn, events.step_taken(petition_id, petition.number or 0, steps.TAKEN_AS_APPEAL))
        return await must_get(conn, petition_id)

    async def close_all(self, pool: Pool, ids: Sequence[UUID], officer: bytes, event: str) -> int:
        """Closes petitions, each in a transaction of its own, so that nobody who signs another one waits.

        Returns:
            how many still collected.
        """
        closed = 0
        for petition_id in ids:
            async with transaction(pool) as conn:
                closed += await counting.close(conn, petition_id, self.zone, officer, event)
        return closed


async def documents_of(conn: Connection, petition_id: UUID, content: Content) -> list[Document]:
    """The files that an answer names, in its order, with their titles.

    Raises:
        UnknownDocument: one of them is none of the petition's, or is named twice.
    """
    ids = [each.document_id for each in content.documents]
    known = {each.id: each for each in await store.documents(conn, petition_id, ids)}
    if len(known) != len(ids):
        raise UnknownDocument()
    return [replace(known[each.document_id], title=each.title) for each in content.documents]


def _to_correct(petition: Petition) -> Content:
    """The last answer as the beginning of its correction."""
    if not petition.answers:
        return NO_CONTENT
    last = petition.answers[-1]
    attached = tuple(rules.Attached(each.id, each.title) for each in last.documents)
    return Content(last.decision, last.summary, last.reasons, last.signed_by, attached)
