"""Authorities and territories: fetched from identity once a minute, and kept when identity is down."""

import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from viche.identity.v1 import identity_pb2

from viche_chassis.errors import DomainError
from viche_gateway.clients.identity import Identity
from viche_gateway.languages import current_language

_REMEMBERED_S = 60.0
_RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class Region:
    """Authorities by id and territories by code, each in the order of the tree.

    Attributes:
        worked_out: what was found out about it at some cost, kept as long as it is.
    """

    authorities: Mapping[str, identity_pb2.Authority]
    territories: Mapping[str, identity_pb2.Territory]
    worked_out: dict[Hashable, Any] = field(default_factory=dict, compare=False)


class Regions:
    """The region as identity knows it, at most a minute old while identity answers."""

    def __init__(self, identity: Identity, clock: Callable[[], float] = time.monotonic) -> None:
        self._identity = identity
        self._clock = clock
        self._lock = threading.Lock()
        self._region: Region | None = None
        self._fresh_until = 0.0

    def get(self) -> Region:
        """The region.

        Raises:
            DomainError: identity has not answered since this process started.
        """
        if self._region is not None and self._clock() < self._fresh_until:
            return self._region
        with self._lock:
            if self._region is None or self._clock() >= self._fresh_until:
                self._refresh()
        assert self._region is not None
        return self._region

    def _refresh(self) -> None:
        try:
            authorities = {item.id: item for item in self._identity.authorities()}
            territories = {item.code: item for item in self._identity.territories()}
        except DomainError:
            if self._region is None:
                raise
            self._fresh_until = self._clock() + _RETRY_S
            return
        self._region = Region(authorities, territories)
        self._fresh_until = self._clock() + _REMEMBERED_S


def current_region() -> Region:
    """The region of this instance."""
    return current_app.extensions["viche.regions"].get()


def localized(texts: Mapping[str, str]) -> str:
    """The text in the reader's language, else in the default one, else in any; empty when there is none."""
    default = current_app.extensions["viche.settings"].default_language
    for language in (current_language(), default):
        if texts.get(language):
            return texts[language]
    return next(iter(texts.values()), "")


def authority_name(authority_id: str) -> str:
    """The authority's name for the reader; empty when it is not known."""
    authority = current_region().authorities.get(authority_id)
    return localized(authority.name.texts) if authority else ""


def find_authority(name: str) -> identity_pb2.Authority | None:
    """The authority with this slug or id; None when there is none."""
    authorities = current_region().authorities
    return authorities.get(name) or next(
        (each for each in authorities.values() if each.slug and each.slug == name), None
    )


def authority_slug(authority_id: str) -> str:
    """What stands for the authority in addresses: its slug, or its id where it has none or is not known."""
    authority = current_region().authorities.get(authority_id)
    return authority.slug if authority and authority.slug else authority_id


def territory_name(code: str) -> str:
    """The territory's name for the reader; the code itself when it is not known."""
    territory = current_region().territories.get(code)
    return localized(territory.name.texts) if territory else code


def levels_of_territories() -> Mapping[str, int]:
    """How deep in the codifier each territory lies: 1 are its top units, as far as it is loaded."""
    levels: dict[str, int] = {}
    for code, territory in current_region().territories.items():  # parents come before children
        levels[code] = levels.get(territory.parent_code, 0) + 1
    return levels


def summed_up(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Counts by territory code with those of the territories below added in."""
    territories = current_region().territories
    sums: dict[str, int] = {}
    for code, count in counts.items():
        while code:
            sums[code] = sums.get(code, 0) + count
            code = territories[code].parent_code if code in territories else ""
    return sums


def path_to(code: str) -> Sequence[str]:
    """The codes from the outermost territory to this one; empty for an empty code."""
    territories = current_region().territories
    path: list[str] = []
    while code and code not in path:
        path.insert(0, code)
        code = territories[code].parent_code if code in territories else ""
    return path


def residences() -> Sequence[tuple[str, str]]:
    """Code and name of the territories that have none below them: where people live."""
    territories = current_region().territories
    parents = {item.parent_code for item in territories.values()}
    leaves = [(code, localized(item.name.texts)) for code, item in territories.items() if code not in parents]
    return sorted(leaves, key=lambda leaf: leaf[1].casefold())
