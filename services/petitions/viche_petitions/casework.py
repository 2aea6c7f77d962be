"""What officers write into cases and keep ready for them, each in a transaction."""

from uuid import UUID

from viche_chassis import acts
from viche_chassis.db import Connection
from viche_chassis.errors import NotYourAuthority
from viche_chassis.ids import new_id
from viche_petitions.domain.errors import NotSubmitted, PetitionNotFound
from viche_petitions.domain.moderation import Claim, Note, NoteKind, Opinion, Template, check_note, check_template
from viche_petitions.domain.moderation_errors import CaseTaken, OwnOpinion, QuestionNotFound, TemplateNotFound
from viche_petitions.domain.petition import Petition, State
from viche_petitions.store import cases, drafts, templates
from viche_petitions.writing import check_covered, must_get


async def case(conn: Connection, petition_id: UUID, covered: frozenset[str]) -> Petition:
    """A petition that officers may work on.

    Raises:
        PetitionNotFound: there is none, or it is still a draft.
        NotYourAuthority: the officer's roles do not cover it.
    """
    found = await must_get(conn, petition_id)
    if found.state == State.DRAFT:  # its author's alone
        raise PetitionNotFound()
    check_covered(found, covered)
    return found


async def claim(conn: Connection, petition_id: UUID, officer: bytes) -> Claim:
    """Puts an officer on a case for a day.

    Raises:
        CaseTaken: somebody else is on it.
    """
    until = await cases.claim(conn, petition_id, officer)
    if until is None:
        raise CaseTaken()
    return Claim(officer, until)


async def write(conn: Connection, petition: Petition, kind: NoteKind, text: str, officer: bytes) -> Note:
    """Writes a note, or a question to colleagues while something is to be decided.

    Raises:
        NotSubmitted: nothing is to be decided.
    """
    check_note(text)
    waits = petition.state == State.SUBMITTED or (petition.rejection and petition.rejection.complaint_waits)
    if kind is NoteKind.QUESTION and not waits:
        raise NotSubmitted()
    note = Note(new_id(), kind, text, officer, await drafts.now(conn))
    await cases.add_note(conn, petition.id, note)
    return note


async def give_opinion(conn: Connection, petition_id: UUID, opinion: Opinion, officer: bytes) -> Note:
    """Answers a question of a colleague.

    Raises:
        QuestionNotFound: nobody has asked it about this petition.
        OwnOpinion: the officer has asked it.
        OpinionGiven: it was answered.
    """
    check_note(opinion.text)
    asked = {note.id: note for note in await cases.notes_of(conn, petition_id) if note.kind is NoteKind.QUESTION}
    question = asked.get(opinion.question_id)
    if question is None:
        raise QuestionNotFound()
    if question.officer == officer:
        raise OwnOpinion()
    at = await drafts.now(conn)
    note = Note(new_id(), NoteKind.OPINION, opinion.text, officer, at, opinion.advice, opinion.reason, question.id)
    await cases.add_note(conn, petition_id, note)
    return note


async def put_template(conn: Connection, given: Template, covered: frozenset[str], *, is_new: bool) -> Template:
    """Adds or replaces an answer that an authority keeps ready.

    Raises:
        TemplateNotFound: the one to replace is not there, or is another authority's.
        NameTaken: another one is called the same.
    """
    _check_authority(given.authority_id, covered)
    check_template(given)
    old = None if is_new else await templates.get(conn, given.id)
    if not is_new and (old is None or old.authority_id != given.authority_id):
        raise TemplateNotFound()
    await templates.put(conn, given)
    return given


async def delete_template(conn: Connection, id: UUID, covered: frozenset[str]) -> Template:
    """Deletes one; it can be brought back for a month."""
    found = await _template(conn, id, covered, deleted=False)
    await templates.delete(conn, id)
    return found


async def undelete_template(conn: Connection, id: UUID, covered: frozenset[str]) -> Template:
    """Brings a deleted one back."""
    found = await _template(conn, id, covered, deleted=True)
    await templates.put(conn, found)
    return found


async def _template(conn: Connection, id: UUID, covered: frozenset[str], *, deleted: bool) -> Template:
    found = await templates.get(conn, id, deleted=deleted)
    if found is None:
        raise TemplateNotFound()
    _check_authority(found.authority_id, covered)
    return found


def _check_authority(authority_id: UUID, covered: frozenset[str]) -> None:
    if str(authority_id) not in covered:
        raise NotYourAuthority()
    acts.about(authority_id=authority_id)
