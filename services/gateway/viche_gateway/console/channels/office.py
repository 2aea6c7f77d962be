"""Who may do what with accounts and posts, and at which authorities."""

from collections.abc import Mapping, Sequence
from typing import NoReturn
from uuid import UUID

from flask import abort, redirect, url_for

from viche_gateway.context import services
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

CONNECT = frozenset({"press", "operator"})
SEE_CONNECTORS = frozenset({"press", "officer", "operator"})


def may(roles: frozenset[str], authority_id: str) -> bool:
    """Whether the officer holds one of these roles at an authority."""
    return authority_id in covered(roles)


def covered(roles: frozenset[str]) -> frozenset[str]:
    """Ids of the authorities at which the officer holds one of these roles."""
    grants = [grant for grant in signed_in().person.grants if grant.role in roles]
    return frozenset(id for grant in grants for id in (grant.authority_id, *grant.covers_authority_ids))


def authorities(roles: frozenset[str]) -> Sequence[tuple[str, str]]:
    """Ids and names of those authorities, by name."""
    named = [(id, name) for id in covered(roles) if (name := authority_name(id))]
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))


def checked_id(text: str) -> str:
    """The id of an address; 404 for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        abort(404)


def turn_back(endpoint: str) -> NoReturn:
    """Leads those whose role does not do this to the list, which nobody keeps a copy of."""
    response = redirect(url_for(endpoint), 303)
    response.headers["Cache-Control"] = "no-store"
    abort(response)


def titles() -> Mapping[str, str]:
    """What connectors are called, by their names; those whose role does not see connectors have none."""
    if not covered(SEE_CONNECTORS):
        return {}
    return {each.name: each.title for each in services().social_channels.connectors(signed_in().access_token)}
