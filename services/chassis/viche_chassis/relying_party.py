"""For whom passkeys are made: the name and the origin under which browsers know the portal.

Identity checks answers against both; the gateway says on its pages where passkeys work.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A relying party (WebAuthn Level 3, 4): its id is a domain, its origin what browsers write into their answers."""

    id: str
    origin: str


def relying_party(public_url: str) -> RelyingParty | None:
    """The relying party of a portal; None where browsers make no passkeys.

    They make them for domains over TLS, and for localhost without. An address in digits is no domain; a portal on
    this machine's own is known as localhost, so that people can try passkeys there.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        name = host
    else:
        name = LOCALHOST if address.is_loopback else ""
    is_secure = parts.scheme == "https" or name == LOCALHOST or name.endswith(f".{LOCALHOST}")
    if not name or not is_secure:
        return None
    port = "" if parts.port in (None, 443 if parts.scheme == "https" else 80) else f":{parts.port}"
    return RelyingParty(name, f"{parts.scheme}://{name}{port}")
