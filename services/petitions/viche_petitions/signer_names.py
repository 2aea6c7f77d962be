"""Names of signers on their way to the public list and back: sealed at rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.sealing import Sealing
from viche_petitions.store import signer_names as store
from viche_petitions.store.signatures import NewSignature
from viche_petitions.store.signer_names import Line, Place, SealedName

COLUMN = "signer_names.name"
FIRST = Place(datetime.min.replace(tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list, and whether there is more on the side away from where it was read from."""

    lines: list[Line]
    has_more: bool


class SignerNames:
    """Keeps names and gives them out.

    Args:
        sealing: of personal data.
    """

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    async def put(self, conn: Connection, signatures: Sequence[NewSignature], signed_at: datetime) -> None:
        """Keeps the names that were given with signatures written just now."""
        sealed = [
            SealedName(
                each.id,
                each.signer.petition_id,
                each.given.person,
                self._sealing.close_values([each.given.name], COLUMN, each.id),
                each.given.name_from,
            )
            for each in signatures
            if each.given is not None
        ]
        if sealed:
            await store.put(conn, sealed, signed_at)

    def open(self, sealed: bytes, signature_id: UUID) -> str:
        """The name that was sealed for a signature."""
        return self._sealing.open_values(sealed, COLUMN, signature_id)[0]


async def after(conn: Connection, petition_id: UUID, place: Place, size: int) -> Listed:
    """Those who come after a place in the list."""
    found = await store.after(conn, petition_id, place, size + 1)
    return Listed(found[:size], len(found) > size)


async def before(conn: Connection, petition_id: UUID, place: Place, size: int) -> Listed:
    """Those who come right before a place in the list, in the order of the list."""
    found = await store.before(conn, petition_id, place, size + 1)
    return Listed(found[:size][::-1], len(found) > size)
