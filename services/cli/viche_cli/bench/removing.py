"""What it costs to take signatures out of a count while others sign, and to show a petition that very many have signed.

The figures of signing are those of a steady stream, well below what the machine can take: a wait says then what stands
in the way, not how long the queue is.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from viche_cli.bench import signing, store
from viche_cli.bench.load import drive_by_times, quantile_s
from viche_cli.bench.results import say
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_cli.bench.own import Running
    from viche_cli.bench.region import OpenPetition, Region

MANY = 990_000  # as near to a million as can be without reaching the threshold of the bench's petitions
FEW = 1_000
REMOVED = 100_000
STREAM_PER_S = 250
STREAM_S = 8.0
ROUNDS = 60
DONE_WITHIN_S = 300.0
CALL_WITHIN_S = 30.0
_SEEDED_DAYS = 29


@dataclass(frozen=True, slots=True)
class Cost:
    """Waits of those who sign with nothing beside and while signatures are removed, and how long removing took."""

    alone_s: list[float]
    removing_s: list[float]
    took_s: float


@dataclass(frozen=True, slots=True)
class Calls:
    """How long the calls take that the page of a petition makes, for one with few signatures and one with many."""

    few_s: float
    many_s: float


def fill(running: Running, region: Region) -> None:
    """Gives the last petition of the region many signatures, and the one before it a few."""
    say(f"Adding {MANY:,} signatures ...")
    store.add_signatures(running.database, region.petitions[-1].id, MANY)
    store.add_signatures(running.database, region.petitions[-2].id, FEW)


def page_calls(running: Running, region: Region) -> Calls:
    """Asks for what the pages of both petitions show, by turns."""
    from viche.petitions.v1 import petitions_pb2_grpc as rpc

    many, few = region.petitions[-1], region.petitions[-2]
    times: dict[str, list[float]] = {many.id: [], few.id: []}
    with running.instance.channel_as("gateway", "petitions") as channel:
        petitions, counts = rpc.PetitionsServiceStub(channel), rpc.CountsServiceStub(channel)
        for _ in range(ROUNDS):
            for petition in (many, few):
                times[petition.id].append(_ask(petitions, counts, petition))
    return Calls(median(times[few.id]), median(times[many.id]))


def measure(running: Running, region: Region) -> Cost:
    """Lets people sign with nothing beside, then while signatures of the petition with many are removed.

    Raises Fault when a signature is refused, or when not as many are removed as were meant.
    """
    streams = replace(region, petitions=region.petitions[-6:-2])
    ticket = signing.get_ticket(running.target, region.session_tokens[0], streams.petitions[0])
    requests = signing.signatures(running.target, streams, ticket)
    due_s = [n / STREAM_PER_S for n in range(int(STREAM_S * STREAM_PER_S))]
    drive_by_times(running.target, requests, signing.SIGNED, due_s[: len(due_s) // 4])  # warms up
    alone = drive_by_times(running.target, requests, signing.SIGNED, due_s)
    with running.instance.channel_as("gateway", "petitions") as channel:
        desk = _Desk(running, channel, region)
        decided = desk.decide(region.petitions[-1].id)
        removing = drive_by_times(running.target, requests, signing.SIGNED, due_s)
        took_s = desk.wait(decided)
    return Cost(list(alone.waits_s), list(removing.waits_s), took_s)


class _Desk:
    """An officer of the bench's authority."""

    def __init__(self, running: Running, channel: Any, region: Region) -> None:
        from viche.identity.v1 import identity_pb2, identity_pb2_grpc
        from viche.petitions.v1 import integrity_pb2_grpc

        from viche_chassis.clients import person_metadata

        with running.instance.channel_as("gateway", "identity") as identity:
            request = identity_pb2.GetSessionRequest(session_token=region.session_tokens[0])
            session = identity_pb2_grpc.SessionsServiceStub(identity).GetSession(request, timeout=CALL_WITHIN_S)
        self._officer = person_metadata(session.access_token)
        self._stub = integrity_pb2_grpc.IntegrityServiceStub(channel)

    def decide(self, petition_id: str) -> Any:
        """Decides to remove the oldest signatures of a petition, about ``REMOVED`` of them."""
        from viche.petitions.v1 import integrity_pb2 as pb

        which = pb.SignatureFilter(channel="person")
        which.until.FromDatetime(datetime.now(UTC) - timedelta(days=_SEEDED_DAYS * (1 - REMOVED / MANY)))
        shown = self._call(
            self._stub.GetInvalidationPreview,
            pb.GetInvalidationPreviewRequest(petition_id=petition_id, filter=which),
        )
        request = pb.CreateInvalidationRequest(
            request_id=str(uuid.uuid4()), petition_id=petition_id, filter=which, cutoff_at=shown.cutoff_at,
            signatures=shown.signatures, reason="automated",
        )  # fmt: skip
        return self._call(self._stub.CreateInvalidation, request).invalidation

    def wait(self, decided: Any) -> float:
        """How long the decision took to be carried out, for ``REMOVED`` signatures."""
        from viche.petitions.v1 import integrity_pb2 as pb

        request = pb.ListInvalidationsRequest(petition_id=decided.petition_id)
        deadline_s = time.monotonic() + DONE_WITHIN_S
        while time.monotonic() < deadline_s:
            found = self._call(self._stub.ListInvalidations, request).invalidations[0]
            if found.state == pb.INVALIDATION_STATE_DONE:
                if found.changed != decided.signatures:
                    raise Fault(f"{decided.signatures:,} signatures were to be removed, and {found.changed:,} were.")
                took = found.ended_at.ToDatetime() - found.created_at.ToDatetime()
                return took.total_seconds() * REMOVED / found.changed
            time.sleep(0.2)
        raise Fault(f"{decided.signatures:,} signatures were not removed within {DONE_WITHIN_S:.0f} s.")

    def _call(self, method: Any, request: Any) -> Any:
        return method(request, metadata=self._officer, timeout=CALL_WITHIN_S)


def p99_ms(waits_s: list[float]) -> float:
    """The wait that one of a hundred exceeds."""
    return quantile_s(waits_s, 0.99) * 1000


def _ask(petitions: Any, counts: Any, petition: OpenPetition) -> float:
    from viche.petitions.v1 import petitions_pb2 as pb

    began_s = time.perf_counter()
    petitions.GetPetition(pb.GetPetitionRequest(number=petition.number), timeout=CALL_WITHIN_S)
    counts.GetTally(pb.GetTallyRequest(petition_id=petition.id), timeout=CALL_WITHIN_S)
    counts.GetCountHistory(pb.GetCountHistoryRequest(petition_id=petition.id, is_coarse=True), timeout=CALL_WITHIN_S)
    return time.perf_counter() - began_s
