"""Petitions that ask for more than a mailbox: whether somebody must first show who they are, and where they can."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Flask, request, url_for
from viche.identity.v1 import identity_pb2
from viche.petitions.v1 import petitions_pb2

from viche_gateway.context import services
from viche_gateway.portal.providers import provider_title, providers
from viche_gateway.sessions import Session

LEVELS: Mapping[str, int] = {
    "email": identity_pb2.ASSURANCE_EMAIL,
    "substantial": identity_pb2.ASSURANCE_SUBSTANTIAL,
    "high": identity_pb2.ASSURANCE_HIGH,
}


@dataclass(frozen=True, slots=True)
class Link:
    """The way to a provider and back to this page."""

    title: str
    href: str


def needs_proof(petition: petitions_pb2.Petition, session: Session | None) -> bool:
    """Whether the petition asks for more than whoever reads this page has shown of themselves."""
    known = session.person.assurance if session else identity_pb2.ASSURANCE_EMAIL
    return LEVELS.get(petition.terms.min_assurance, 0) > max(known, identity_pb2.ASSURANCE_EMAIL)


def proving_links(session: Session | None) -> list[Link]:
    """The providers: who is signed in by mail connects one first, so that it is the same person afterwards."""
    offered = providers()
    held = _connected(session) if session and offered else None
    return [Link(provider_title(each), _way_to(each.id, held)) for each in offered]


def _way_to(provider: str, held: Collection[str] | None) -> str:
    """``held`` are the providers that who is signed in is connected with; None where nobody is."""
    endpoint = "portal.visit_provider" if held is None or provider in held else "portal.connect_provider"
    return url_for(endpoint, provider=provider, next=request.path)


def _connected(session: Session) -> set[str]:
    return {each.provider for each in services().identity.providers.mine(session.access_token).connections}


def register(app: Flask) -> None:
    """Gives templates what they need to say it."""
    app.jinja_env.globals.update(needs_proof=needs_proof, proving_links=proving_links)
