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


class PendingChanged(DomainError):
    """Something else waits for confirmation now than what the person was shown."""

    code = Code.ABORTED
    reason = "PENDING_CHANGED"


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
