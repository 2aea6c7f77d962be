"""What is kept of authors: who they are, the members of their committees, and that they sign first."""

from uuid import UUID

from viche_chassis import outbox
from viche_chassis.db import Connection
from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_petitions import events
from viche_petitions.domain.authors import AuthorKind, Authorship, Member
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.signing import asks_for_minima, check_signer
from viche_petitions.sealing import Sealing
from viche_petitions.store import authors as store
from viche_petitions.store import residences, signatures
from viche_petitions.store.signatures import NewSignature
from viche_sdk.types import Terms

MEMBER = "committee_members.member"


class Authors:
    """Authors of petitions, each method in a transaction of its caller."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    async def put(self, conn: Connection, petition_id: UUID, author: Authorship) -> None:
        """Replaces what a draft says of its author."""
        kept = author.of_its_kind()
        await store.put(conn, petition_id, kept)
        sealed: dict[UUID, bytes] = {}
        for member in kept.members:
            id = new_id()
            sealed[id] = self._sealing.close_values((member.name, member.territory_code), MEMBER, id)
        await store.put_members(conn, petition_id, sealed)

    def request_key(self, name: str) -> str:
        """What is remembered of a member's name in a request."""
        return self._sealing.request_key(name).hex()

    async def members(self, conn: Connection, petition: Petition) -> tuple[Member, ...]:
        """The members of a petition's committee, for its author and for officers."""
        if petition.authorship.kind is not AuthorKind.COMMITTEE:
            return ()
        found = await store.members(conn, petition.id)
        return tuple(Member(*self._sealing.open_values(sealed, MEMBER, id)) for id, sealed in found)

    async def public_members(self, conn: Connection, petition: Petition) -> tuple[Member, ...]:
        """The members that everybody sees: none before the opening, nor where the terms do not show the author."""
        is_shown = petition.opened_at is not None and petition.terms is not None and petition.terms.author_shown
        return await self.members(conn, petition) if is_shown else ()


async def sign_first(conn: Connection, petition_id: UUID, terms: Terms) -> None:
    """Makes the author the first signer of a petition that opens, where the terms count them and let them sign."""
    signer = await store.first_signer(conn, petition_id) if terms.author_counts else None
    if signer is None:
        return
    try:
        check_signer(terms, True, signer.assurance, signer.residence)
    except DomainError:  # who may not sign does not count
        return
    new = NewSignature(new_id(), signer, None)
    written, at = await signatures.insert(conn, [new], channel="person", step=0, shard=0)
    if not written or at is None:
        return
    if asks_for_minima(terms):
        await residences.put(conn, [signer])
    await outbox.add(conn, events.signatures_accepted(petition_id, [new.id], at))
