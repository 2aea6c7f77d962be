"""What people are told when a petition cannot be checked, rejected or complained about so."""

from viche_chassis.errors import Code, DomainError


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
