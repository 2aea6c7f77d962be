"""Partners: whose pages show surveys and petitions of this portal, and how the origins of pages are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from uuid import UUID

import idna

from viche_chassis.errors import Code, DomainError, FieldViolation, NotFound, invalid
from viche_identity.domain.people import is_control

MOST_TITLE = 200
MOST_ORIGINS = 20
MOST_HOST = 253
_SCHEMES = {"https": 443, "http": 80}
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PORT = re.compile(r"[0-9]{1,5}")
_LOCAL_NAME = re.compile(r"(.+\.)?localhost")
# a name whose last part looks like a number is an address of IPv4 to browsers (URL Standard, 3.5)
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)")


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner; archived ones have neither origins nor a link."""

    id: UUID
    title: str
    authority_id: UUID
    origins: tuple[str, ...]
    is_active: bool
    created_at: datetime
    link_made_at: datetime | None


class PartnerNotFound(NotFound):
    """There is no such partner."""

    reason = "PARTNER_NOT_FOUND"


class PartnerArchived(DomainError):
    """The partnership is over."""

    code = Code.FAILED_PRECONDITION
    reason = "PARTNER_ARCHIVED"


class OriginTaken(DomainError):
    """An origin belongs to another partner."""

    code = Code.ALREADY_EXISTS
    reason = "ORIGIN_TAKEN"


class BadOrigin(ValueError):
    """This is no origin; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normal_origin(typed: str) -> str:
    """An origin as browsers write it (HTML Standard, "serialization of an origin").

    The scheme is https, or http for the machine that the browser itself runs on; names are in small letters and
    punycode (UTS 46), a port stands only where it is not that of the scheme, and nothing follows but one slash.

    Raises:
        BadOrigin: it is written in another way.
    """
    text = typed.strip()
    if "*" in text:
        raise BadOrigin("ORIGIN_WILDCARD")
    scheme, marks, rest = text.partition("://")
    scheme = scheme.lower()
    if (
        not marks
        or scheme not in _SCHEMES
        or any(char.isspace() or is_control(char) or char in "\\@%" for char in rest)
    ):
        raise BadOrigin("BAD_ORIGIN")
    if re.search(r"[/?#].", rest) or rest.endswith(("?", "#")):
        raise BadOrigin("ORIGIN_HAS_PATH")
    host, port = _host_and_port(rest.removesuffix("/"))
    if scheme == "http" and not _is_local(host):
        raise BadOrigin("ORIGIN_NOT_HTTPS")
    return f"{scheme}://{host}" if port in (None, _SCHEMES[scheme]) else f"{scheme}://{host}:{port}"


def violations(title: str, origins: Sequence[str]) -> Iterator[FieldViolation]:
    """What keeps a partner from having this name and these origins, as they were typed; a name without blank ends."""
    if not title:
        yield invalid("title", "REQUIRED")
    elif len(title) > MOST_TITLE:
        yield invalid("title", "TOO_LONG", limit=MOST_TITLE)
    elif any(is_control(char) for char in title):
        yield invalid("title", "CONTROL_CHARACTERS")
    if not origins:
        yield invalid("origins", "REQUIRED")
    elif len(origins) > MOST_ORIGINS:
        yield invalid("origins", "TOO_MANY", limit=MOST_ORIGINS)
    for typed in origins[:MOST_ORIGINS]:
        try:
            normal_origin(typed)
        except BadOrigin as error:
            yield invalid("origins", error.reason, value=typed[:100])


def _host_and_port(text: str) -> tuple[str, int | None]:
    bracket = text.rfind("]")
    host, colon, port = text[bracket + 1 :].rpartition(":")
    if not colon:
        return _host(text), None
    if not (_PORT.fullmatch(port) and 0 < int(port) < 65536):
        raise BadOrigin("BAD_ORIGIN")
    return _host(text[: bracket + 1] + host), int(port)


def _host(text: str) -> str:
    """A host as browsers write it. Raises BadOrigin."""
    if text.startswith("[") and text.endswith("]"):
        return f"[{_address(text[1:-1], IPv6Address)}]"
    name = _ascii(text)
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return _address(name, IPv4Address)
    if len(name) > MOST_HOST or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise BadOrigin("BAD_ORIGIN")
    return name


def _ascii(text: str) -> str:
    try:
        return text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError as error:
        raise BadOrigin("BAD_ORIGIN") from error


def _address(text: str, kind: type[IPv4Address | IPv6Address]) -> str:
    try:
        return kind(text).compressed
    except ValueError as error:
        raise BadOrigin("BAD_ORIGIN") from error


def _is_local(host: str) -> bool:
    if _LOCAL_NAME.fullmatch(host):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
