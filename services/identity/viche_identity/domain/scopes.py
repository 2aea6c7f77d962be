"""Scopes that people act in, and the services that read their scope tokens."""

import re
from collections.abc import Iterator

from viche_chassis.errors import FieldViolation, invalid

AUTHORS = "authors"  # the scope in which people write petitions; its pseudonym is in every access token
FOLLOWINGS = "followings"  # the scope of people's lists of what they follow
NAMES = "names"  # the scope of names that are published with signatures, where the rules of a petition ask for it
SURVEY = "survey:"  # with the UUID of a survey: the scope in which people answer it
ANSWERS = "answers"  # the scope in which surveys learn that somebody who answered is erased
REGISTRATIONS = "registrations"  # the scope in which people register for public events
DIGESTS = "digests"  # the scope in which officers are told each morning what waits
_SCOPE = re.compile(r"[a-z][a-z0-9_]*(:[A-Za-z0-9-]+)?")
_AUDIENCE = re.compile(r"[a-z][a-z0-9_-]*")


def scope_violations(scope: str) -> Iterator[FieldViolation]:
    """Why a scope is none: it is "kind" or "kind:id"."""
    if not _SCOPE.fullmatch(scope):
        yield invalid("scope", "BAD_SCOPE")


def audience_violations(audience: str) -> Iterator[FieldViolation]:
    """Why no service is called so; a scope token must never pass for an access token."""
    if not _AUDIENCE.fullmatch(audience) or audience == "viche":
        yield invalid("audience", "BAD_AUDIENCE")
