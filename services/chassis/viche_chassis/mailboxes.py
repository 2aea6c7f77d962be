"""Which spellings of an e-mail address mean one mailbox. Pure, and offline: nothing is looked up."""

import unicodedata

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from viche_chassis.errors import InvalidFields, invalid

DOTLESS_DOMAINS = frozenset({"gmail.com", "googlemail.com"})  # Google ignores dots, and both names are one
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"  # what comes along when an address is pasted


def canonical_mailbox(email: str) -> str:
    """The one spelling for all spellings of a mailbox: for comparing and indexing, not for sending.

    NFC, without surrounding blanks, in lower case, the domain in IDNA (RFC 5891), without "+tag" (RFC 5233),
    and for Gmail without dots.

    Raises:
        InvalidFields: ``email`` is no address (BAD_EMAIL).
    """
    parts = _parse(email)
    domain = parts.ascii_domain.lower()
    # what stands before the first plus; an address that starts with one has no tag
    local = unicodedata.normalize("NFC", parts.local_part.lower())
    local = local.partition("+")[0] or local
    if domain in DOTLESS_DOMAINS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def sending_address(email: str) -> str:
    """The address as its owner writes it, without surrounding blanks and with the domain as SMTP takes it.

    Raises:
        InvalidFields: ``email`` is no address (BAD_EMAIL).
    """
    parts = _parse(email)
    return f"{parts.local_part}@{parts.ascii_domain}"


def _parse(email: str) -> ValidatedEmail:
    try:
        # .test is reserved for testing (RFC 2606): nobody has an address there, so it does no harm
        return validate_email(_trimmed(email), strict=True, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidFields(invalid("email", "BAD_EMAIL")) from error


def _trimmed(email: str) -> str:
    return unicodedata.normalize("NFC", email.strip().strip(INVISIBLE).strip())
