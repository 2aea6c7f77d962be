"""Calls to petitions for public data: pages, whole lists, days of signatures, snapshots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import grpc
from viche.petitions.v1 import opendata_pb2 as pb
from viche.petitions.v1 import opendata_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_gateway.clients.calls import call

_SNAPSHOTS_AT_ONCE = 1000
T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which public petitions; an empty value lets all through. ``source_states`` and ``source_has`` are of archives."""

    query: str = ""
    language: str = ""
    states: tuple[int, ...] = ()
    authority_id: str = ""
    origin: int = petitions_pb2.PETITION_ORIGIN_UNSPECIFIED
    source_states: tuple[str, ...] = ()
    source_has: str = ""
    reached: bool = False
    outcome: int = pb.OUTCOME_UNSPECIFIED
    more_authority_ids: tuple[str, ...] = ()

    def message(self) -> pb.PublicFilter:
        """The same for a call."""
        return pb.PublicFilter(
            query=self.query,
            language=self.language,
            states=self.states,  # pyright: ignore[reportArgumentType]
            authority_id=self.authority_id,
            more_authority_ids=self.more_authority_ids,
            origin=self.origin,  # pyright: ignore[reportArgumentType]
            source_states=self.source_states,
            source_has=self.source_has,
            reached=self.reached,
            outcome=self.outcome,  # pyright: ignore[reportArgumentType]
        )


@dataclass(frozen=True, slots=True)
class All(Generic[T]):
    """A whole list that is fetched page by page as it is read; ``version`` differs when something in it has changed."""

    version: str
    items: Iterator[T]


class OpenData:
    """OpenDataService over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._opendata = rpc.OpenDataServiceStub(channel)

    def page(self, wanted: Wanted, order: int, page_size: int, skip: int) -> pb.ListPublicPetitionsResponse:
        """A page of petitions, and how many there are in all."""
        request = pb.ListPublicPetitionsRequest(
            filter=wanted.message(),
            order=order,  # pyright: ignore[reportArgumentType]
            page_size=page_size,
            skip=skip,
        )
        return call(self._opendata.ListPublicPetitions, request)

    def all(self, wanted: Wanted, *, with_texts: bool = False) -> All[petitions_pb2.Petition]:
        """All petitions in the order of their numbers. The first page is fetched at once, so that refusals come now."""
        request = pb.ListAllPetitionsRequest(filter=wanted.message(), with_texts=with_texts)
        first = call(self._opendata.ListAllPetitions, request)

        def items() -> Iterator[petitions_pb2.Petition]:
            page = first
            yield from page.petitions
            while page.next_page_token:
                request.page_token = page.next_page_token
                page = call(self._opendata.ListAllPetitions, request)
                yield from page.petitions

        return All(first.version, items())

    def signing_days(self, authority_id: str = "") -> All[pb.SigningDays]:
        """Petitions collected here in the order of their numbers, with their signatures by day."""
        request = pb.ListSigningDaysRequest(authority_id=authority_id)
        first = call(self._opendata.ListSigningDays, request)

        def items() -> Iterator[pb.SigningDays]:
            page = first
            yield from page.petitions
            while page.next_page_token:
                request.page_token = page.next_page_token
                page = call(self._opendata.ListSigningDays, request)
                yield from page.petitions

        return All(first.version, items())

    def newest_snapshots(self, most: int) -> Sequence[pb.Snapshot]:
        """Files of snapshots, the newest day first."""
        return call(self._opendata.ListSnapshots, pb.ListSnapshotsRequest(page_size=most)).snapshots

    def snapshots(self) -> Iterator[pb.Snapshot]:
        """All of them."""
        request = pb.ListSnapshotsRequest(page_size=_SNAPSHOTS_AT_ONCE)
        while True:
            page = call(self._opendata.ListSnapshots, request)
            yield from page.snapshots
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def snapshot(self, day: str, file_name: str) -> tuple[pb.Snapshot, Iterator[bytes]]:
        """A file of a day, and its gzip stream part by part."""
        request = pb.GetSnapshotPartRequest(day=day, file_name=file_name)
        first = call(self._opendata.GetSnapshotPart, request)

        def parts() -> Iterator[bytes]:
            yield first.content
            for part in range(1, first.snapshot.parts):
                request.part = part
                yield call(self._opendata.GetSnapshotPart, request).content

        return first.snapshot, parts()
