"""What people are told when something about petitions cannot be done."""

from viche_chassis.errors import Code, DomainError, InvalidFields


class PetitionNotFound(DomainError):
    """There is no such petition, or it is not public."""

    code = Code.NOT_FOUND
    reason = "PETITION_NOT_FOUND"


class UnknownAuthority(DomainError):
    """No authority of this instance has that id."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_AUTHORITY"


class UnknownWorkflow(DomainError):
    """No plugin of this instance brings that workflow."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_WORKFLOW"


class TooManyDrafts(DomainError):
    """The person has as many drafts as one may have; ``limit`` is among the values."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_DRAFTS"


class NotADraft(DomainError):
    """The petition was handed in already."""

    reason = "NOT_A_DRAFT"


class StaleVersion(DomainError):
    """Somebody changed the draft in between; ``version`` is the one that holds."""

    code = Code.ABORTED
    reason = "STALE_VERSION"


class NotSubmitted(DomainError):
    """Only a petition that was handed in can be opened."""

    reason = "NOT_SUBMITTED"


class WorkflowNotSetUp(DomainError):
    """The authority has not said under which rules petitions to it open."""

    reason = "WORKFLOW_NOT_SET_UP"


class SettingsMissing(DomainError):
    """The authority has not set the figures that the workflow needs; ``settings`` names them."""

    reason = "SETTINGS_MISSING"


class NotOpen(DomainError):
    """The petition does not collect signatures (any more)."""

    reason = "NOT_OPEN"


class AlreadySigned(DomainError):
    """Once per person."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_SIGNED"


class AssuranceTooLow(DomainError):
    """The signer is not known surely enough; ``needed`` says how surely."""

    code = Code.PERMISSION_DENIED
    reason = "ASSURANCE_TOO_LOW"


class OtherTerritory(DomainError):
    """Only residents of ``territory_code`` may sign."""

    code = Code.PERMISSION_DENIED
    reason = "OTHER_TERRITORY"


class NotSponsoring(DomainError):
    """The petition takes no sponsors: it is no more, or not yet, or its rules ask for none."""

    reason = "NOT_SPONSORING"


class SponsorsComplete(DomainError):
    """The petition has as many sponsors as it may have before it opens."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "SPONSORS_COMPLETE"


class OwnPetition(DomainError):
    """Nobody supports a petition of their own."""

    code = Code.PERMISSION_DENIED
    reason = "OWN_PETITION"


class NumberTaken(DomainError):
    """The public number of an imported row belongs to another petition."""

    code = Code.ALREADY_EXISTS
    reason = "NUMBER_TAKEN"


class BadRow(InvalidFields):
    """An imported row cannot be taken as it is; the violations name its fields."""

    reason = "BAD_ROW"


class SnapshotNotFound(DomainError):
    """No snapshot of that day has such a file."""

    code = Code.NOT_FOUND
    reason = "SNAPSHOT_NOT_FOUND"


class ChannelNotAllowed(DomainError):
    """The rules of the petition do not know this way to sign; ``channel`` names it."""

    reason = "CHANNEL_NOT_ALLOWED"


class ReferenceTaken(DomainError):
    """Sheets with this register number were entered for the petition before."""

    code = Code.ALREADY_EXISTS
    reason = "REFERENCE_TAKEN"


class PreviewStale(DomainError):
    """What a preview showed is not so any more; ``signatures`` says how many there are now."""

    code = Code.ABORTED
    reason = "PREVIEW_STALE"


class InvalidationNotFound(DomainError):
    """There is no such decision to take signatures out of the count."""

    code = Code.NOT_FOUND
    reason = "INVALIDATION_NOT_FOUND"


class InvalidationEnded(DomainError):
    """The decision has been carried out or stopped already."""

    reason = "INVALIDATION_ENDED"


class InvalidationRunning(DomainError):
    """The decision is being carried out; it has to be stopped or finished first."""

    reason = "INVALIDATION_RUNNING"


class AlreadyUndone(DomainError):
    """The decision was taken back before."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_UNDONE"


class NothingToUndo(DomainError):
    """The decision has removed nothing, or it is one that puts signatures back."""

    reason = "NOTHING_TO_UNDO"


class UnknownReason(DomainError):
    """The workflow of the petition has no such reason for a rejection."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_REASON"


class CaseTaken(DomainError):
    """Another officer is on the case."""

    reason = "CASE_TAKEN"


class OwnOpinion(DomainError):
    """Nobody gives the opinion that they have asked for themselves."""

    code = Code.PERMISSION_DENIED
    reason = "OWN_OPINION"


class OpinionGiven(DomainError):
    """A colleague has answered already."""

    code = Code.ALREADY_EXISTS
    reason = "OPINION_GIVEN"


class QuestionNotFound(DomainError):
    """Nobody has asked this about the petition."""

    code = Code.NOT_FOUND
    reason = "QUESTION_NOT_FOUND"


class NotRejected(DomainError):
    """There is no rejection to complain about."""

    reason = "NOT_REJECTED"


class NoComplaint(DomainError):
    """The workflow names nobody to complain to."""

    reason = "NO_COMPLAINT"


class AlreadyComplained(DomainError):
    """The author has complained about this rejection."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_COMPLAINED"


class FourEyes(DomainError):
    """Whoever has rejected a petition does not decide the complaint about it."""

    code = Code.PERMISSION_DENIED
    reason = "FOUR_EYES"


class NothingToDecide(DomainError):
    """No complaint about the petition waits."""

    reason = "NOTHING_TO_DECIDE"


class NotWithdrawable(DomainError):
    """Somebody has decided about the petition, or supported it."""

    reason = "NOT_WITHDRAWABLE"


class TemplateNotFound(DomainError):
    """There is no such template."""

    code = Code.NOT_FOUND
    reason = "TEMPLATE_NOT_FOUND"


class NameTaken(DomainError):
    """Another template of the authority is called so."""

    code = Code.ALREADY_EXISTS
    reason = "NAME_TAKEN"


class NotPublic(DomainError):
    """The petition has not opened, or it is only kept for reading."""

    reason = "NOT_PUBLIC"


class UnknownStep(DomainError):
    """The rules of the petition know no such step."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_STEP"


class StepTooEarly(DomainError):
    """What must come before the step has not happened, or happened only on ``day``."""

    reason = "STEP_TOO_EARLY"


class InTheFuture(DomainError):
    """What is said to have happened lies ahead."""

    code = Code.INVALID_ARGUMENT
    reason = "IN_THE_FUTURE"


class AlreadyRecorded(DomainError):
    """It was noted before; what is noted is never changed."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_RECORDED"


class NotExtendable(DomainError):
    """The rules do not let this term be prolonged."""

    reason = "NOT_EXTENDABLE"


class ClockNotRunning(DomainError):
    """The term has not begun, or what it asks for has happened."""

    reason = "CLOCK_NOT_RUNNING"


class AlreadyExtended(DomainError):
    """A term is prolonged once."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_EXTENDED"


class TooLate(DomainError):
    """The term has run out, so that it can no longer be prolonged."""

    reason = "TOO_LATE"


class AnswerEarly(DomainError):
    """The petition still collects and has reached no threshold; whoever answers must know it."""

    reason = "ANSWER_EARLY"


class AlreadyAnswered(DomainError):
    """There is an answer; it can be corrected."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_ANSWERED"


class StaleAnswer(DomainError):
    """Somebody has changed the draft or the answer in between; ``version`` is the one that holds."""

    code = Code.ABORTED
    reason = "STALE_ANSWER"


class UnknownDocument(DomainError):
    """There is no such file of this petition."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_DOCUMENT"


class TooManyDocuments(DomainError):
    """The petition has more files that nobody uses than it may have; ``limit`` is among the values."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_DOCUMENTS"


class StaleHearing(DomainError):
    """Somebody has said more of the hearings in between; ``version`` is what was said last."""

    code = Code.ABORTED
    reason = "STALE_HEARING"


class UnknownHearing(DomainError):
    """The petition has no such hearing."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_HEARING"


class NotAnAppeal(DomainError):
    """The petition has not failed, or its rules do not make an appeal of it."""

    reason = "NOT_AN_APPEAL"
