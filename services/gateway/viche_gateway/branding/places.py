"""Hosts and what they stand for: the whole region, or an authority with everything below it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from viche_chassis.brand import text_of
from viche_gateway.branding.shown import Judged, Shown

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Place:
    """What a host stands for.

    Args:
        url: scheme, host and port, without a final slash.
        slug: of the authority; empty for the region.
    """

    url: str
    slug: str = ""
    shown: Shown = field(default_factory=Shown)

    @property
    def is_main(self) -> bool:
        """Whether it is the portal of the region, at VICHE_PUBLIC_URL."""
        return not self.slug

    def name(self, language: str, default_language: str) -> str:
        """As the brand says it in a language, else in the default one; empty where it says none."""
        return text_of(self.shown.look.names, language, default_language)


class Places:
    """All places of an instance.

    Args:
        public_url: of the portal.
    """

    def __init__(self, public_url: str, judged: Judged) -> None:
        self.main = Place(public_url, "", judged.shown[""])
        self._public_name = urlsplit(public_url).hostname or ""
        brand = judged.brand
        self.by_slug: Mapping[str, Place] = {
            slug: Place(brand.address(slug, public_url), slug, judged.shown[slug]) for slug in brand.authorities
        }
        self._by_name = {urlsplit(place.url).hostname: place for place in self.by_slug.values()}

    def at(self, host: str) -> Place | None:
        """What stands at a host as it is in a request; None where nothing of ours does.

        Requests without a name are the portal's, since probes have none. On a machine of one's own every name is.
        """
        if not host:
            return self.main
        name = _name(host)
        if name is None:
            return None
        if name in self._by_name:
            return self._by_name[name]
        is_main = name == self._public_name or name in _LOCAL or self._public_name in _LOCAL or _is_address(name)
        return self.main if is_main else None


def _name(host: str) -> str | None:
    found = _HOST.fullmatch(host)
    return found[1].strip("[]").rstrip(".").lower() if found else None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
