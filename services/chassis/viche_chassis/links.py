"""Addresses of the portal that go into mails: written by notifications, served by the gateway.

The default language has no prefix, so a path of another language begins with its code.
"""

ORGANISATIONS = "/me/organisations"
"""The page with a person's organisations."""

PASSKEYS = "/me/passkeys"
"""The page with a person's passkeys."""


def sign_in_path(token: str) -> str:
    """The page with the button that uses a sign-in link."""
    return f"/sign-in/{token}"


def confirmation_path(token: str) -> str:
    """The page with the button that confirms a signature by e-mail."""
    return f"/confirm/{token}"


def support_path(token: str) -> str:
    """The page on which a petition is supported before it is checked."""
    return f"/support/{token}"


def unsubscribe_path(token: str) -> str:
    """The page that stops mails; a POST to it needs no form (RFC 8058)."""
    return f"/unsubscribe/{token}"


def petition_path(number: int) -> str:
    """The page of a petition."""
    return f"/petitions/{number}"


def draft_path(petition_id: str, page: str) -> str:
    """A page of a petition for its author alone, for instance "submitted" or "rejected"."""
    return f"/drafts/{petition_id}/{page}"


def answer_path(number: int, token: str) -> str:
    """The page that goes on with an answer to a survey that was begun."""
    return f"/surveys/{number}/answers/{token}"


def event_path(number: int) -> str:
    """The page of a public event."""
    return f"/events/{number}"


def registration_path(token: str) -> str:
    """The page of a registration for an event, for whoever made it: to confirm, to look at, to give back."""
    return f"/events/registrations/{token}"


def absolute(public_url: str, path: str, language: str, default_language: str) -> str:
    """The whole address of ``path`` in ``language``."""
    prefix = "" if language == default_language else f"/{language}"
    return f"{public_url.rstrip('/')}{prefix}{path}"
