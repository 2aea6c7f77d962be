"""Checking petitions before they open: rejections, complaints and taking back, each in a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis import outbox
from viche_chassis.db import Connection
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_petitions import events, running
from viche_petitions.domain.errors import NotSubmitted, PetitionNotFound, UnknownWorkflow
from viche_petitions.domain.moderation import NUMBER, check_public_text
from viche_petitions.domain.moderation_errors import (
    FourEyes,
    NoComplaint,
    NothingToDecide,
    NotRejected,
    NotWithdrawable,
    UnknownReason,
)
from viche_petitions.domain.petition import PUBLIC, Petition, State
from viche_petitions.domain.rejections import Complaint, Decision, Rejection, Rule, reasons_of
from viche_petitions.identity import Authority
from viche_petitions.rulebook import Rulebook
from viche_petitions.store import authors, cases, deadlines, drafts, happenings, locks, rows
from viche_petitions.store import rejections as store
from viche_petitions.writing import check_covered, must_get
from viche_sdk.types import Event, Reason, Workflow


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an officer rejects a petition, and what its author is told."""

    reason: str
    note: str
    language: str
    duplicate_of: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an officer decides about a complaint."""

    is_upheld: bool
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Moderation:
    """What checking needs of this instance."""

    rulebook: Rulebook

    async def workflow(self, conn: Connection, petition: Petition, authority: Authority) -> Workflow:
        """The workflow by whose rules a petition is checked, as it is in force today."""
        name = petition.terms.workflow if petition.terms else petition.workflow
        return (await self.rulebook.rules(conn, authority, name)).workflow

    async def reasons(self, conn: Connection, petition: Petition, authority: Authority) -> Mapping[str, Reason]:
        """The reasons for which a petition may be rejected, by their codes; none once its plugin is gone."""
        try:
            return reasons_of(await self.workflow(conn, petition, authority))
        except UnknownWorkflow:
            return {}

    async def reason(self, conn: Connection, petition: Petition, authority: Authority, code: str) -> Reason:
        """A reason for which a petition may be rejected.

        Raises:
            UnknownReason: its workflow has none of that code.
        """
        return (await self._rule(conn, petition, authority, code)).reason

    async def reject(
        self,
        conn: Connection,
        id: UUID,
        covered: frozenset[str],
        authority: Authority,
        refusal: Refusal,
        officer: bytes,
    ) -> Petition:
        """Rejects what was handed in, and gives it a public number."""
        await locks.hold(conn, locks.NUMBERS)
        found = await must_get(conn, id)
        check_covered(found, covered)
        if found.state != State.SUBMITTED or found.authority_id != authority.id:
            raise NotSubmitted()
        rule = await self._rule(conn, found, authority, refusal.reason)
        await _check_refusal(conn, found, refusal)
        at, number = await drafts.now(conn), found.number or await drafts.next_number(conn)
        if not await store.reject(conn, id, number, rule.reason.hides_text, at):
            raise NotSubmitted()
        note = refusal.note.replace(NUMBER, str(number))
        made = Rejection(new_id(), rule, note, refusal.language, refusal.duplicate_of, officer, at)
        await store.add(conn, id, made)
        await cases.release(conn, id)
        await self._happened(conn, found, Event.REJECTED, at, officer)
        await outbox.add(conn, events.rejected(id, number))
        return await must_get(conn, id)

    async def complain(self, conn: Connection, id: UUID, author: bytes, text: str) -> Petition:
        """Notes the complaint of an author; it may be about each rejection once."""
        found = await self._own(conn, id, author)
        rejection = found.rejection
        if rejection is None:
            raise NotRejected()
        if rejection.rule.complaint_to is None:
            raise NoComplaint()
        check_public_text("text", text, found.language)
        at = await drafts.now(conn)
        await store.complain(conn, new_id(), rejection.id, id, text, at)
        if found.terms:  # the clock of a complaint about a rejection before is over
            clocks = [clock.name for clock in found.terms.starting_at(Event.COMPLAINT_MADE)]
            await deadlines.forget(conn, id, clocks)
        await self._happened(conn, found, Event.COMPLAINT_MADE, at, None)
        await outbox.add(conn, events.complaint_made(id, found.number or 0))
        return await must_get(conn, id)

    async def decide(
        self, conn: Connection, id: UUID, covered: frozenset[str], verdict: Verdict, officer: bytes
    ) -> Petition:
        """Decides a complaint; where it is upheld the petition waits again, and so do the clocks for its opening."""
        await locks.hold_petition(conn, id)
        found = await must_get(conn, id)
        check_covered(found, covered)
        rejection, complaint = waiting_complaint(found)
        if rejection.officer == officer:
            raise FourEyes()
        check_public_text("text", verdict.text, verdict.language)
        at = await drafts.now(conn)
        await store.decide(
            conn, complaint.id, Decision(verdict.is_upheld, verdict.text, verdict.language, officer, at)
        )  # fmt: skip
        if verdict.is_upheld:
            await store.take_back(conn, id, at)
            await deadlines.reopen(conn, id, _clocks_to_the_opening(found))
        await cases.release(conn, id)
        await self._happened(conn, found, Event.COMPLAINT_DECIDED, at, officer)
        await outbox.add(conn, events.complaint_decided(id, found.number or 0, is_upheld=verdict.is_upheld))
        return await must_get(conn, id)

    async def withdraw(self, conn: Connection, id: UUID, author: bytes) -> Petition:
        """Makes a draft again of what the author has handed in; its clocks are as if they had never run."""
        await self._own(conn, id, author)
        if not await cases.withdraw(conn, id, author):
            raise NotWithdrawable()
        await deadlines.forget(conn, id)
        await authors.forget_first_signer(conn, id)
        await cases.release(conn, id)
        return await must_get(conn, id)

    async def _rule(self, conn: Connection, petition: Petition, authority: Authority, code: str) -> Rule:
        workflow = await self.workflow(conn, petition, authority)
        reason = reasons_of(workflow).get(code)
        if reason is None:
            raise UnknownReason(choice=code)
        return Rule(reason, workflow.complaint.to if workflow.complaint else None)

    async def _own(self, conn: Connection, id: UUID, author: bytes) -> Petition:
        """A petition of the author, held against everybody else."""
        await locks.hold_petition(conn, id)
        found = await rows.get(conn, id)
        if found is None or found.author != author:  # one of somebody else is as good as none
            raise PetitionNotFound()
        return found

    async def _happened(
        self, conn: Connection, petition: Petition, event: Event, at: datetime, officer: bytes | None
    ) -> None:
        """Notes an event and moves its clocks; without terms there are none."""
        if petition.terms is None:
            await happenings.add(conn, new_id(), petition.id, str(event), at, officer)
        else:
            await running.happened(conn, petition.id, petition.terms, event, at, self.rulebook.zone, officer)


def waiting_complaint(petition: Petition) -> tuple[Rejection, Complaint]:
    """The complaint that waits for its decision, with the rejection that it is about.

    Raises:
        NothingToDecide: none waits.
    """
    rejection = petition.rejection
    if rejection is None or rejection.complaint is None or not rejection.complaint_waits:
        raise NothingToDecide()
    return rejection, rejection.complaint


async def _check_refusal(conn: Connection, petition: Petition, refusal: Refusal) -> None:
    check_public_text("note", refusal.note, refusal.language)
    if refusal.duplicate_of is None:
        return
    same = await rows.get_by_number(conn, refusal.duplicate_of)
    if same is None or same.id == petition.id or same.state not in PUBLIC:
        raise InvalidFields(invalid("duplicate_of", "NO_SUCH_NUMBER", value=refusal.duplicate_of))


def _clocks_to_the_opening(petition: Petition) -> list[str]:
    clocks = petition.terms.clocks if petition.terms else ()
    return [clock.name for clock in clocks if clock.ends_with is Event.OPENED]
