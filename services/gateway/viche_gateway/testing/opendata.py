"""Petitions' double for public data: lists what the double of petitions knows, in small pages."""

import gzip
import hashlib
from datetime import UTC, datetime
from typing import Any

from viche.petitions.v1 import opendata_pb2 as pb
from viche.petitions.v1 import opendata_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2 as petitions

from viche_chassis.errors import Code
from viche_gateway.testing.channel import refusal, stamp
from viche_gateway.testing.petitions import FakePetitions

PAGE = 3
PART_BYTES = 7
SHOWN = (petitions.PETITION_STATE_OPEN, petitions.PETITION_STATE_THRESHOLD_REACHED, petitions.PETITION_STATE_CLOSED)


class FakeOpenData(rpc.OpenDataServiceServicer):
    """``days`` are signatures by number and day; ``files`` the snapshots by day and name; ``calls`` counts them all.

    After ``fails_after`` pages of a whole list the service is down.
    """

    def __init__(self, known: FakePetitions) -> None:
        self._known = known
        self.days: dict[int, dict[str, int]] = {}
        self.files: dict[tuple[str, str], bytes] = {}
        self.calls: list[str] = []
        self.fails_after: int | None = None

    async def ListPublicPetitions(self, request: Any, context: Any) -> Any:
        self.calls.append("ListPublicPetitions")
        found = self._found(request.filter)
        if request.order == pb.PUBLIC_ORDER_UNSPECIFIED:
            found.sort(key=lambda petition: -petition.signature_count)
        page = found[request.skip : request.skip + request.page_size]
        return pb.ListPublicPetitionsResponse(petitions=page, total_size=len(found))

    async def ListAllPetitions(self, request: Any, context: Any) -> Any:
        if self.fails_after is not None and self.calls.count("ListAllPetitions") >= self.fails_after:
            raise refusal(Code.UNAVAILABLE, "UNAVAILABLE")
        self.calls.append("ListAllPetitions")
        found = sorted(self._found(request.filter), key=lambda petition: petition.number)
        start = int(request.page_token or 0)
        token = str(start + PAGE) if start + PAGE < len(found) else ""
        version = hashlib.sha256(b"".join(each.SerializeToString(deterministic=True) for each in found)).hexdigest()
        return pb.ListAllPetitionsResponse(
            petitions=found[start : start + PAGE], next_page_token=token, version="" if start else version
        )

    async def ListSigningDays(self, request: Any, context: Any) -> Any:
        self.calls.append("ListSigningDays")
        own = pb.PublicFilter(origin=petitions.PETITION_ORIGIN_OWN, authority_id=request.authority_id)
        found = sorted(self._found(own), key=lambda petition: petition.number)
        start = int(request.page_token or 0)
        token = str(start + PAGE) if start + PAGE < len(found) else ""
        shown = [
            pb.SigningDays(
                number=each.number,
                title=each.title,
                days=self._days(each.number),
                named_petition_id=each.id if each.terms.signers_shown == "names" else "",
            )
            for each in found[start : start + PAGE]
        ]
        return pb.ListSigningDaysResponse(petitions=shown, next_page_token=token, version=str(self.days))

    async def ListSnapshots(self, request: Any, context: Any) -> Any:
        newest_first = sorted(self.files, key=lambda name: (name[0], name[1]), reverse=True)
        start = int(request.page_token or 0)
        token = str(start + PAGE) if start + PAGE < len(newest_first) else ""
        shown = [self._snapshot(*name) for name in newest_first[start : start + PAGE]]
        return pb.ListSnapshotsResponse(snapshots=shown, next_page_token=token)

    async def GetSnapshotPart(self, request: Any, context: Any) -> Any:
        if (request.day, request.file_name) not in self.files:
            raise refusal(Code.NOT_FOUND, "SNAPSHOT_NOT_FOUND")
        zipped = self._zipped(request.day, request.file_name)
        part = zipped[request.part * PART_BYTES : (request.part + 1) * PART_BYTES]
        return pb.GetSnapshotPartResponse(snapshot=self._snapshot(request.day, request.file_name), content=part)

    def _found(self, wanted: pb.PublicFilter) -> list[petitions.Petition]:
        return [each for each in self._known.petitions.values() if each.number and _matches(each, wanted)]

    def _days(self, number: int) -> list[pb.SigningDay]:
        return [pb.SigningDay(day=day, signatures=count) for day, count in self.days.get(number, {}).items()]

    def _zipped(self, day: str, name: str) -> bytes:
        return gzip.compress(self.files[day, name], mtime=0)

    def _snapshot(self, day: str, name: str) -> pb.Snapshot:
        content, zipped = self.files[day, name], self._zipped(day, name)
        return pb.Snapshot(
            day=day, file_name=name, size_bytes=len(content), zipped_bytes=len(zipped),
            sha256=hashlib.sha256(content).hexdigest(), petitions=1, parts=-(-len(zipped) // PART_BYTES),
            written_at=stamp(datetime.fromisoformat(day).replace(tzinfo=UTC)),
        )  # fmt: skip


def _matches(petition: petitions.Petition, wanted: pb.PublicFilter) -> bool:
    reached = any(threshold.HasField("reached_at") for threshold in petition.terms.thresholds)
    return (
        petition.state in (wanted.states or SHOWN)
        and (not wanted.source_states or petition.source_state in wanted.source_states)
        and (not wanted.source_has or petition.source.HasField(wanted.source_has))  # pyright: ignore[reportArgumentType]
        and (not wanted.origin or petition.is_archived == (wanted.origin == petitions.PETITION_ORIGIN_ARCHIVED))
        and (not wanted.authority_id or petition.authority_id in (wanted.authority_id, *wanted.more_authority_ids))
        and (reached or not wanted.reached)
        and _became(petition, wanted.outcome)
        and wanted.query.casefold() in petition.title.casefold()
    )


def _became(petition: petitions.Petition, outcome: int) -> bool:
    last = {each.hearing: each for each in petition.hearings if not each.is_cancelled}.values()
    return {
        pb.OUTCOME_UNSPECIFIED: True,
        pb.OUTCOME_ANSWERED: bool(petition.answers),
        pb.OUTCOME_UNANSWERED: not petition.answers,
        pb.OUTCOME_HEARING_AHEAD: any(not each.outcome.texts for each in last),
        pb.OUTCOME_HEARD: any(each.outcome.texts for each in last),
    }[outcome]  # pyright: ignore[reportArgumentType]
