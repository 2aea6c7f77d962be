"""What people are told when something about accounts on networks cannot be done."""

from viche_chassis.errors import Code, DomainError


class UnknownAuthority(DomainError):
    """No authority of this instance has that id."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_AUTHORITY"


class NotAColleague(DomainError):
    """Whoever is named holds no role at the authority that answers people."""

    code = Code.INVALID_ARGUMENT
    reason = "NOT_A_COLLEAGUE"


class RegisterIsNewer(DomainError):
    """The register was read for a later day already."""

    reason = "REGISTER_IS_NEWER"


class AccountNotFound(DomainError):
    """There is no such account."""

    code = Code.NOT_FOUND
    reason = "ACCOUNT_NOT_FOUND"


class UnknownConnector(DomainError):
    """No plugin of this instance brings a connector of that name."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_CONNECTOR"


class ConnectorNotSetUp(DomainError):
    """The operator has not entered what the connector needs of the application; `missing` names the fields."""

    reason = "CONNECTOR_NOT_SET_UP"


class NeedsConsent(DomainError):
    """The platform wants a person to give consent there."""

    reason = "NEEDS_CONSENT"


class PlaceForbids(DomainError):
    """The law of the country that this instance is in does not let authorities use the platform."""

    reason = "PLACE_FORBIDS"


class AccountTaken(DomainError):
    """The account is connected already."""

    code = Code.ALREADY_EXISTS
    reason = "ACCOUNT_TAKEN"


class AccountRefused(DomainError):
    """The platform does not let us in with what was entered; `detail` is what it says."""

    reason = "ACCOUNT_REFUSED"


class OtherAccount(DomainError):
    """What was entered is for another account of the platform than the one that is connected."""

    reason = "OTHER_ACCOUNT"


class PlatformUnreachable(DomainError):
    """The platform does not answer now."""

    code = Code.UNAVAILABLE
    reason = "PLATFORM_UNREACHABLE"


class ConsentNotFound(DomainError):
    """The round of consent is not known, is over, or belongs to somebody else."""

    code = Code.NOT_FOUND
    reason = "CONSENT_NOT_FOUND"


class ConsentRefused(DomainError):
    """The person did not give consent, or the platform does not take what came back; `detail` is what it says."""

    reason = "CONSENT_REFUSED"


class ChannelNotFound(DomainError):
    """There is no such channel."""

    code = Code.NOT_FOUND
    reason = "CHANNEL_NOT_FOUND"


class UnknownChannel(DomainError):
    """A post names a channel that is not one of its authority's."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_CHANNEL"


class PostNotFound(DomainError):
    """There is no such post."""

    code = Code.NOT_FOUND
    reason = "POST_NOT_FOUND"


class PostNotEditable(DomainError):
    """It is under way, or out: take it back first, or correct it."""

    reason = "POST_NOT_EDITABLE"


class StalePost(DomainError):
    """Somebody else has changed it meanwhile; `version` is the one that holds."""

    code = Code.ABORTED
    reason = "STALE_VERSION"


class PostHasProblems(DomainError):
    """Something keeps it from going out; CheckPost says what."""

    reason = "POST_HAS_PROBLEMS"


class PostNotSubmitted(DomainError):
    """Nobody has handed it on."""

    reason = "POST_NOT_SUBMITTED"


class OwnPost(DomainError):
    """Who has written a post does not approve it."""

    code = Code.PERMISSION_DENIED
    reason = "OWN_POST"


class PostIsOut(DomainError):
    """Some of it is out, or may be: it can be withdrawn or corrected."""

    reason = "POST_IS_OUT"


class PostNotOut(DomainError):
    """It is not out."""

    reason = "POST_NOT_OUT"


class EditionNotFound(DomainError):
    """No correction of this post is being written."""

    code = Code.NOT_FOUND
    reason = "EDITION_NOT_FOUND"


class EditionNotEditable(DomainError):
    """The correction waits for approval, so it stays as it is."""

    reason = "EDITION_NOT_EDITABLE"


class EditionNotSubmitted(DomainError):
    """Nobody has handed the correction on."""

    reason = "EDITION_NOT_SUBMITTED"


class NothingChanged(DomainError):
    """The correction says what is out already."""

    reason = "NOTHING_CHANGED"


class DeliveryNotFound(DomainError):
    """There is no such delivery."""

    code = Code.NOT_FOUND
    reason = "DELIVERY_NOT_FOUND"


class DeliveryIsCertain(DomainError):
    """Nobody needs to look."""

    reason = "DELIVERY_IS_CERTAIN"


class DeliveryNotRefused(DomainError):
    """It was not refused, so there is nothing to try again."""

    reason = "DELIVERY_NOT_REFUSED"


class FileTooLarge(DomainError):
    """The file has more bytes than is taken; `most` says how many are."""

    code = Code.INVALID_ARGUMENT
    reason = "FILE_TOO_LARGE"


class FileNotReadable(DomainError):
    """It is neither a JPEG, PNG or WebP picture nor an MP4 video."""

    code = Code.INVALID_ARGUMENT
    reason = "FILE_NOT_READABLE"


class MediaNotFound(DomainError):
    """There is no such file."""

    code = Code.NOT_FOUND
    reason = "MEDIA_NOT_FOUND"


class ThreadNotFound(DomainError):
    """There is no such conversation."""

    code = Code.NOT_FOUND
    reason = "THREAD_NOT_FOUND"


class ItemNotFound(DomainError):
    """Nothing of that id was written in the conversation."""

    code = Code.NOT_FOUND
    reason = "ITEM_NOT_FOUND"


class CannotAnswer(DomainError):
    """It cannot be answered from here; `why` is ABSENT, DISCONNECTED, FORGOTTEN or DELETED."""

    reason = "CANNOT_ANSWER"


class CannotHide(DomainError):
    """The platform does not let us hide it, or it is not there any more."""

    reason = "CANNOT_HIDE"


class ReplyNotFound(DomainError):
    """There is no such answer."""

    code = Code.NOT_FOUND
    reason = "REPLY_NOT_FOUND"


class ReplyIsCertain(DomainError):
    """Nobody needs to look whether the answer appeared."""

    reason = "REPLY_IS_CERTAIN"


class ReplyNotRefused(DomainError):
    """The answer was not refused, so there is nothing to try again."""

    reason = "REPLY_NOT_REFUSED"


class CannedReplyNotFound(DomainError):
    """There is no such answer that is kept ready."""

    code = Code.NOT_FOUND
    reason = "CANNED_REPLY_NOT_FOUND"


class HookNotFound(DomainError):
    """No platform sends anything to that address."""

    code = Code.NOT_FOUND
    reason = "HOOK_NOT_FOUND"


class HookMalformed(DomainError):
    """What was sent is no whole JSON, or holds what no text holds: NUL, or half a character."""

    code = Code.INVALID_ARGUMENT
    reason = "HOOK_MALFORMED"


class HookRefused(DomainError):
    """What was sent was not signed by the platform, or too long ago."""

    code = Code.PERMISSION_DENIED
    reason = "HOOK_REFUSED"
