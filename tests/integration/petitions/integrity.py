"""IntegrityService as its callers use it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import integrity_pb2_grpc, petitions_pb2

from tests.integration.petitions.world import CITY, World, person, request_id
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError


def desk(world: World, officer_of: uuid.UUID = CITY) -> Any:
    """IntegrityService as an officer calls it."""
    return world._stub(integrity_pb2_grpc.IntegrityServiceStub, person("officer", officer_of=officer_of))  # pyright: ignore[reportPrivateUsage] (a part of it)


def console(world: World) -> Any:
    """The same as the command line calls it."""
    return world._stub(integrity_pb2_grpc.IntegrityServiceStub, Caller("cli"))


async def preview(world: World, petition_id: str, **which: Any) -> pb.GetInvalidationPreviewResponse:
    """What a filter means."""
    request = pb.GetInvalidationPreviewRequest(petition_id=petition_id, filter=pb.SignatureFilter(**which))
    return await desk(world).GetInvalidationPreview(request)


async def decide(world: World, petition_id: str, *, silent: bool = False, **which: Any) -> pb.Invalidation:
    """A decision to remove what a filter means, with the preview before it."""
    shown = await preview(world, petition_id, **which)
    request = pb.CreateInvalidationRequest(
        request_id=request_id(), petition_id=petition_id, filter=pb.SignatureFilter(**which),
        cutoff_at=shown.cutoff_at, signatures=shown.signatures, reason="automated", is_silent=silent,
        note=petitions_pb2.LocalizedText(texts={"en": "All within one minute."}),
    )  # fmt: skip
    return (await desk(world).CreateInvalidation(request)).invalidation


async def carry_out(world: World) -> None:
    """Works off all decisions."""
    while await world.petitions.integrity.invalidating.work():
        pass


async def remove(world: World, petition_id: str, *, silent: bool = False, **which: Any) -> pb.Invalidation:
    """Decided and carried out."""
    made = await decide(world, petition_id, silent=silent, **which)
    await carry_out(world)
    return made


async def undo(world: World, id: str) -> pb.Invalidation:
    """Decides to put back what was removed."""
    request = pb.UndoInvalidationRequest(request_id=request_id(), invalidation_id=id)
    return (await desk(world).UndoInvalidation(request)).invalidation


async def decisions(world: World, petition_id: str) -> list[pb.Invalidation]:
    """As the console lists them."""
    request = pb.ListInvalidationsRequest(petition_id=petition_id)
    return list((await desk(world).ListInvalidations(request)).invalidations)


async def recount(world: World, number: int = 0, *, mend: bool = False) -> list[pb.PetitionRecount]:
    """What the command line is told."""
    response = await console(world).RecountPetitions(pb.RecountPetitionsRequest(number=number, mend=mend))
    return list(response.recounts)


async def enter(world: World, petition_id: str, **fields: Any) -> pb.PaperBatch:
    """Sheets of paper."""
    values: dict[str, Any] = {
        "request_id": request_id(), "signatures": 40, "reference": "12/2026", "received_on": await today(world),
        "residence_path": ["UA", "UA05"],
    }  # fmt: skip
    request = pb.CreatePaperBatchRequest(petition_id=petition_id, **{**values, **fields})
    return (await desk(world).CreatePaperBatch(request)).batch


async def today(world: World) -> str:
    """The day, where the authorities are, by the database's clock."""
    rows = await world.rows("SELECT (clock_timestamp() AT TIME ZONE %s)::date::text", world.settings.timezone)
    return rows[0][0]


async def allow_paper(world: World, petition_id: str) -> None:
    """Lets a petition be signed on paper, as some workflows do."""
    await world.rows(
        "UPDATE petitions SET terms = jsonb_set(terms, '{channels}', terms -> 'channels'"
        """ || '[{"kind": "paper", "min_assurance": "email"}]') WHERE id = %s""",
        petition_id,
    )


async def counts(world: World, petition_id: str) -> dict[str, int]:
    """Every number that claims to be the count."""
    found = await world.get(petition_id)
    tally = await world.counts.GetTally(petitions_pb2.GetTallyRequest(petition_id=petition_id))
    history = await world.counts.GetCountHistory(petitions_pb2.GetCountHistoryRequest(petition_id=petition_id))
    (counted,) = await recount(world, found.number)
    return {
        "petition": found.signature_count,
        "channels": sum(each.signature_count for each in found.channels),
        "tally": tally.signature_count,
        "territories": sum(each.signature_count for each in tally.territories),
        "history": history.points[-1].signature_count if history.points else 0,
        "recount": counted.counted,
    }


async def refusal(call: Any) -> str:
    """The reason for which a call is refused."""
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason
