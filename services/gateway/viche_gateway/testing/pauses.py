"""Pauses in petitions' double."""

from datetime import UTC, datetime
from typing import Any

from viche.petitions.v1 import pauses_pb2, pauses_pb2_grpc, petitions_pb2

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal, stamp
from viche_gateway.testing.petitions import FakePetitions


class FakePauses(pauses_pb2_grpc.PausesServiceServicer):
    """Pauses in the order in which they were decided; ``left`` are petitions whose terms wait to be prolonged."""

    def __init__(self, petitions: FakePetitions) -> None:
        self.pauses: list[pauses_pb2.Pause] = []
        self.left: list[int] = []
        self._petitions = petitions

    async def GetPausePreview(self, request: Any, context: Any) -> Any:
        states = [each.state for each in self._petitions.petitions.values()]
        return pauses_pb2.GetPausePreviewResponse(
            authorities=1, collecting=states.count(petitions_pb2.PETITION_STATE_OPEN),
            waiting=states.count(petitions_pb2.PETITION_STATE_SUBMITTED), terms=len(states),
        )  # fmt: skip

    async def ListPauses(self, request: Any, context: Any) -> Any:
        listed = [each for each in reversed(self.pauses) if request.with_past or not each.HasField("ended_at")]
        return pauses_pb2.ListPausesResponse(pauses=listed)

    async def CreatePause(self, request: Any, context: Any) -> Any:
        if not (request.stops_signing or request.stops_opening):
            raise InvalidFields(invalid("stops_signing", "REQUIRED"))
        now = stamp(datetime.now(UTC))
        pause = pauses_pb2.Pause(
            id=str(new_id()), authority_id=request.authority_id, from_at=request.from_at, until_at=request.until_at,
            reason=request.reason, stops_signing=request.stops_signing, stops_opening=request.stops_opening,
            except_numbers=request.except_numbers, decided_at=now, holds=True,
        )  # fmt: skip
        if not request.HasField("from_at"):
            pause.from_at.CopyFrom(now)
        self.pauses.append(pause)
        return pauses_pb2.CreatePauseResponse(pause=pause)

    async def EndPause(self, request: Any, context: Any) -> Any:
        pause = next((each for each in self.pauses if each.id == request.pause_id), None)
        if pause is None:
            raise refusal(Code.NOT_FOUND, "PAUSE_NOT_FOUND")
        pause.ended_at.CopyFrom(stamp(datetime.now(UTC)))
        pause.holds = False
        return pauses_pb2.EndPauseResponse(pause=pause)

    async def ProlongTerms(self, request: Any, context: Any) -> Any:
        done = len(self.left[:1])
        self.left = self.left[1:]
        return pauses_pb2.ProlongTermsResponse(petitions=done, left=len(self.left))
