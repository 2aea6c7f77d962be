"""OpenDataService."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.petitions.v1 import opendata_pb2 as pb
from viche.petitions.v1 import opendata_pb2_grpc, petitions_pb2

from viche_chassis import pages
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.messages import timestamp
from viche_chassis.words import Words
from viche_petitions.domain.errors import SnapshotNotFound
from viche_petitions.listing import Lists
from viche_petitions.servicer import convert
from viche_petitions.store import opendata, snapshots
from viche_petitions.store.filters import Filter, Outcome
from viche_petitions.store.listing import After, Order, Span
from viche_petitions.store.opendata import Entry
from viche_petitions.store.rows import ALONE
from viche_petitions.store.snapshots import Snapshot

USUAL_PAGE = 50
MOST_WITH_TEXTS = 100
MOST = 1000
ORDERS = {pb.PUBLIC_ORDER_RECENT: Order.RECENT, pb.PUBLIC_ORDER_REACHED: Order.REACHED}
ARCHIVED = {petitions_pb2.PETITION_ORIGIN_OWN: False, petitions_pb2.PETITION_ORIGIN_ARCHIVED: True}
OUTCOMES = {
    pb.OUTCOME_ANSWERED: Outcome.ANSWERED,
    pb.OUTCOME_UNANSWERED: Outcome.UNANSWERED,
    pb.OUTCOME_HEARING_AHEAD: Outcome.HEARING_AHEAD,
    pb.OUTCOME_HEARD: Outcome.HEARD,
}
Context = Any


class OpenDataServicer(opendata_pb2_grpc.OpenDataServiceServicer):
    """Public data.

    Args:
        words: for searching.
        zone: in which days begin and end.
    """

    def __init__(self, pool: Pool, words: Words, zone: ZoneInfo) -> None:
        self._pool = pool
        self._words = words
        self._zone = zone.key
        self._lists = Lists(pool)

    async def ListPublicPetitions(
        self, request: pb.ListPublicPetitionsRequest, context: Context
    ) -> pb.ListPublicPetitionsResponse:
        which = self._filter(request.filter)
        if which is None:
            return pb.ListPublicPetitionsResponse()
        size = pages.page_size(request.page_size, USUAL_PAGE, MOST_WITH_TEXTS)
        order = ORDERS.get(request.order, Order.COUNT)
        found, total = await self._lists.part(which, Span(order, After(skip=max(0, request.skip)), size), ALONE)
        return pb.ListPublicPetitionsResponse(
            petitions=(convert.petition_message(petition) for _, petition in found),
            total_size=total.number,
            total_is_at_least=not total.is_exact,
        )

    async def ListAllPetitions(
        self, request: pb.ListAllPetitionsRequest, context: Context
    ) -> pb.ListAllPetitionsResponse:
        which = self._filter(request.filter)
        if which is None:
            return pb.ListAllPetitionsResponse(version="none")
        most = MOST_WITH_TEXTS if request.with_texts else MOST
        size = pages.page_size(request.page_size, most, most)
        after = _after(request.page_token)
        async with reading(self._pool) as conn:
            version = await _version(conn, which) if not after else ""  # first, so that rows are never older than it
            if request.with_texts:
                found = await opendata.whole(conn, which, after, size + 1)
                messages = [convert.petition_message(each) for each in found[:size]]
            else:
                messages = [_entry(each) for each in await opendata.entries(conn, which, after, size + 1)]
                found, messages = messages, messages[:size]
        token = pages.page_token(messages[-1].number) if len(found) > size else ""
        return pb.ListAllPetitionsResponse(petitions=messages, next_page_token=token, version=version)

    async def ListSigningDays(self, request: pb.ListSigningDaysRequest, context: Context) -> pb.ListSigningDaysResponse:
        which = Filter(authorities=_authorities(request.authority_id), archived=False)
        size = pages.page_size(request.page_size, MOST_WITH_TEXTS, MOST_WITH_TEXTS)
        after = _after(request.page_token)
        async with reading(self._pool) as conn:
            version = await _version(conn, which) if not after else ""
            found = await opendata.signing_days(conn, which, after, size + 1, self._zone)
        return pb.ListSigningDaysResponse(
            petitions=map(_signing_days, found[:size]),
            next_page_token=pages.page_token(found[size - 1].number) if len(found) > size else "",
            version=version,
        )

    async def ListSnapshots(self, request: pb.ListSnapshotsRequest, context: Context) -> pb.ListSnapshotsResponse:
        size = pages.page_size(request.page_size, MOST_WITH_TEXTS, MOST)
        after = pages.read_page_token(request.page_token, (date.fromisoformat, str))
        async with reading(self._pool) as conn:
            found = await snapshots.list_(conn, (after[0], after[1]) if after else None, size + 1)
        last = found[size - 1].written if len(found) > size else None
        return pb.ListSnapshotsResponse(
            snapshots=map(_snapshot, found[:size]),
            next_page_token=pages.page_token(last.day.isoformat(), last.file_name) if last else "",
        )

    async def GetSnapshotPart(self, request: pb.GetSnapshotPartRequest, context: Context) -> pb.GetSnapshotPartResponse:
        try:
            day = date.fromisoformat(request.day)
        except ValueError as error:
            raise SnapshotNotFound() from error
        async with reading(self._pool) as conn:
            found = await snapshots.get(conn, day, request.file_name)
            content = await snapshots.get_part(conn, day, request.file_name, request.part)
        if found is None or content is None:
            raise SnapshotNotFound()
        return pb.GetSnapshotPartResponse(snapshot=_snapshot(found), content=content)

    def _filter(self, asked: pb.PublicFilter) -> Filter | None:
        """What is asked for; None where words are looked for and there are none among the signs."""
        query = self._words.query(asked.query, asked.language)
        if asked.query.strip() and not query:
            return None
        return Filter(
            query=query,
            states=tuple(stored.value for stored, message in convert.STATES.items() if message in asked.states),
            authorities=_authorities(asked.authority_id, *asked.more_authority_ids),
            archived=ARCHIVED.get(asked.origin),
            source_states=tuple(asked.source_states),
            source_has=asked.source_has,
            reached=asked.reached,
            outcome=OUTCOMES.get(asked.outcome),
        )


def _authorities(authority_id: str, *more: str) -> tuple[UUID, ...]:
    return tuple(map(UUID, (authority_id, *more))) if authority_id else ()


async def _version(conn: Connection, which: Filter) -> str:
    count, changed_at = await opendata.version(conn, which)
    return f"{count}-{changed_at.isoformat() if isinstance(changed_at, datetime) else ''}"


def _after(token: str) -> int:
    values = pages.read_page_token(token, (int,))
    return values[0] if values else 0


def _entry(entry: Entry) -> petitions_pb2.Petition:
    return petitions_pb2.Petition(
        id=str(entry.id), number=entry.number, title=entry.title, state=convert.STATES[entry.state],
        source_state=entry.source_state, is_archived=entry.is_archived, signature_count=entry.signature_count,
        created_at=timestamp(entry.created_at), opened_at=timestamp(entry.opened_at),
        closes_at=timestamp(entry.closes_at), updated_at=timestamp(entry.updated_at),
    )  # fmt: skip


def _signing_days(found: opendata.SigningDays) -> pb.SigningDays:
    days = [pb.SigningDay(day=day.isoformat(), signatures=count) for day, count in found.days]
    named_petition_id = str(found.named) if found.named else ""
    return pb.SigningDays(number=found.number, title=found.title, days=days, named_petition_id=named_petition_id)


def _snapshot(found: Snapshot) -> pb.Snapshot:
    written = found.written
    return pb.Snapshot(
        day=written.day.isoformat(), file_name=written.file_name, size_bytes=written.size_bytes,
        zipped_bytes=written.zipped_bytes, sha256=written.sha256, petitions=written.petitions, parts=written.parts,
        written_at=timestamp(found.written_at),
    )  # fmt: skip
