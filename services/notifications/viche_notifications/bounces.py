"""BouncesService: proto in, proto out."""

from datetime import timedelta
from typing import Any

from viche.notifications.v1 import bounces_pb2 as pb
from viche.notifications.v1 import bounces_pb2_grpc as pb_grpc

from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_notifications import bouncing
from viche_notifications.domain.bounces import REPORTABLE, BounceClass, Refusal, class_of, domain_in, status_in
from viche_notifications.sealing import Contacts, ReturnAddresses
from viche_notifications.store import bounces
from viche_notifications.store.bounces import Count

DEFAULT_DAYS = 7
MOST_DAYS = 90
MOST_DOMAINS = 200
CLASSES = {each: pb.BounceClass.Value(f"BOUNCE_CLASS_{each.name}") for each in BounceClass}


class BouncesServicer(pb_grpc.BouncesServiceServicer):
    """Takes reports, and says how addresses stand."""

    def __init__(self, pool: Pool, contacts: Contacts, returns: ReturnAddresses) -> None:
        self._pool = pool
        self._contacts = contacts
        self._returns = returns

    async def ReportBounce(self, request: pb.ReportBounceRequest, context: Any) -> pb.ReportBounceResponse:
        """Notes a report, if it is about a mail of ours."""
        kind = BounceClass.COMPLAINT if request.is_complaint else class_of(status_in(request.status))
        if kind is None:
            return pb.ReportBounceResponse(outcome=pb.BOUNCE_OUTCOME_NO_FAILURE)
        async with transaction(self._pool) as conn:
            outcome = await self._noted(conn, request)
        if outcome == pb.BOUNCE_OUTCOME_UNKNOWN:
            return pb.ReportBounceResponse(outcome=outcome)
        return pb.ReportBounceResponse(outcome=outcome, bounce_class=CLASSES[kind])

    async def _noted(self, conn: Connection, request: pb.ReportBounceRequest) -> "pb.BounceOutcome.ValueType":
        message_id = self._returns.read(request.token)
        about = await bounces.subscription_of(conn, message_id, REPORTABLE) if message_id else None
        if message_id is None or about is None:
            return pb.BOUNCE_OUTCOME_UNKNOWN
        domain = domain_in(request.domain)
        if request.is_complaint:
            is_new = await bouncing.note_complaint(conn, message_id, about, domain)
        else:
            refusal = Refusal(status_in(request.status), domain)
            is_new = await bouncing.note(conn, message_id, about.address_index, refusal)
        return pb.BOUNCE_OUTCOME_COUNTED if is_new else pb.BOUNCE_OUTCOME_REPEATED

    async def GetBounces(self, request: pb.GetBouncesRequest, context: Any) -> pb.GetBouncesResponse:
        """Counts.

        Raises:
            InvalidFields: there are not so many days.
        """
        days = request.days or DEFAULT_DAYS
        if not 1 <= days <= MOST_DAYS:
            raise InvalidFields(invalid("days", "OUT_OF_RANGE", least=1, most=MOST_DAYS))
        window = timedelta(days=days)
        async with transaction(self._pool) as conn:
            classes = await bounces.count_classes(conn, window)
            domains = await bounces.count_domains(conn, window, MOST_DOMAINS)
            undeliverable = await bounces.count_undeliverable(conn)
        return pb.GetBouncesResponse(
            classes=map(_count, classes), domains=map(_count, domains), undeliverable_addresses=undeliverable
        )

    async def GetAddressStanding(
        self, request: pb.GetAddressStandingRequest, context: Any
    ) -> pb.GetAddressStandingResponse:
        """How an address stands.

        Raises:
            InvalidFields: it is no address.
        """
        index = self._contacts.index(request.email)
        async with transaction(self._pool) as conn:
            found = await bounces.standing(conn, index)
        if found is None:
            return pb.GetAddressStandingResponse()
        response = pb.GetAddressStandingResponse(bounce_class=CLASSES[found.kind])
        response.undeliverable_since.FromDatetime(found.since)
        return response

    async def ConfirmAddress(self, request: pb.ConfirmAddressRequest, context: Any) -> pb.ConfirmAddressResponse:
        """Lets all mails go on.

        Raises:
            InvalidFields: it is no address.
        """
        index = self._contacts.index(request.email)
        async with transaction(self._pool) as conn:
            await bounces.lock_address(conn, index)
            return pb.ConfirmAddressResponse(was_undeliverable=await bounces.confirm(conn, index))


def _count(count: Count) -> pb.BounceCount:
    return pb.BounceCount(bounce_class=CLASSES[count.kind], domain=count.domain, mails=count.mails)
