"""What becomes of an address when mail to it comes back, in the transaction of whoever learns of it."""

from uuid import UUID

from viche_chassis.db import Connection
from viche_notifications.domain.bounces import SETTLED, BounceClass, Refusal, class_of, verdict
from viche_notifications.sealing import Subscription
from viche_notifications.store import bounces, suppressions
from viche_notifications.store.bounces import NewBounce


async def note(conn: Connection, message_id: UUID, address_index: bytes, refusal: Refusal) -> bool:
    """Notes a mail that was not delivered, and holds further ones back where it is time; says whether it is new.

    A status that tells of no failure is not noted.
    """
    kind = class_of(refusal.status)
    if kind is None:
        return False
    await bounces.lock_address(conn, address_index)
    if not await bounces.add(conn, NewBounce(message_id, kind, refusal.status, refusal.domain, address_index)):
        return False
    known = await bounces.of_address(conn, address_index)
    delivered_at, now = await bounces.last_delivered(conn, address_index, SETTLED)
    reason = verdict(known, delivered_at, now)
    if reason is not None:
        await bounces.hold_back(conn, address_index, reason)
    return True


async def note_complaint(conn: Connection, message_id: UUID, unwanted: Subscription, domain: str) -> bool:
    """Stops mails of the kind, and about all petitions, to whoever called one unwanted; says whether it is new."""
    index = unwanted.address_index
    if not await bounces.add(conn, NewBounce(message_id, BounceClass.COMPLAINT, "", domain, index)):
        return False
    for subject in sorted({unwanted.subject, suppressions.EVERYTHING} - {""}):
        await suppressions.add(conn, Subscription(subject, index))
    return True
