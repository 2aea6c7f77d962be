"""Signatures on sheets of paper, entered by officers."""

from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis import outbox
from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_petitions import events
from viche_petitions.domain.errors import NotOpen
from viche_petitions.domain.integrity import Sheets, check_sheets
from viche_petitions.domain.pauses import check_signing
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.signing import Signer, asks_for_minima
from viche_petitions.store import drafts, papers, residences, signatures
from viche_petitions.store.papers import PaperBatch

_EVENT = 1_000
"""Signatures in one event: a message on the stream holds a megabyte."""


async def enter(conn: Connection, petition: Petition, sheets: Sheets, zone: ZoneInfo, officer: bytes) -> PaperBatch:
    """Counts the signatures on sheets, all of them or none.

    Raises:
        NotOpen, SigningPaused: the petition does not collect.
        ChannelNotAllowed, OtherTerritory, ReferenceTaken, InvalidFields: the sheets cannot be taken.
    """
    found = (await signatures.collecting(conn, [petition.id], with_terms=False)).get(petition.id)
    if found is None or not found.is_open or petition.terms is None or petition.opened_at is None:
        raise NotOpen()
    check_signing(found.stop)
    today = (await drafts.now(conn)).astimezone(zone).date()
    received_on = check_sheets(sheets, petition.terms, petition.opened_at.astimezone(zone).date(), today)
    batch_id = new_id()
    await papers.insert(conn, batch_id, petition.id, sheets, received_on, officer)
    await _sign(conn, batch_id, petition, sheets)
    return (await papers.list_(conn, petition.id, batch_id))[0]


async def _sign(conn: Connection, batch_id: UUID, petition: Petition, sheets: Sheets) -> None:
    ids = [new_id() for _ in range(sheets.signatures)]
    at = await papers.sign(conn, batch_id, petition.id, sheets.territory_code, ids)
    if asks_for_minima(petition.terms):
        await residences.put(conn, [Signer(petition.id, b"", "", sheets.residence)])
    for start in range(0, len(ids), _EVENT):
        await outbox.add(conn, events.signatures_accepted(petition.id, ids[start : start + _EVENT], at))
