"""`viche recount` says what differs, and ends so that a script notices."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import integrity_pb2_grpc

from viche_cli.commands import recount
from viche_gateway.testing.channel import InProcessChannel
from viche_gateway.testing.integrity import FakeIntegrity

ONE, TWO = (f"018f5c1e-0000-7000-8000-00000000000{n}" for n in (1, 2))
RIGHT = pb.PetitionRecount(petition_id=ONE, number=7, counted=1204, published=1204, in_history=1204, is_mended=True)
WRONG = pb.PetitionRecount(
    petition_id=TWO, number=8, counted=2, published=7, in_history=2,
    corrections=[pb.Correction(channel="paper", added=-5)],
)  # fmt: skip


class Integrity(FakeIntegrity):
    """Two petitions, one a page."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[pb.RecountPetitionsRequest] = []

    async def RecountPetitions(self, request: Any, context: Any) -> Any:
        self.told.append(request)
        page = {"": [RIGHT], ONE: [WRONG]}.get(request.after_id, [])
        return pb.RecountPetitionsResponse(recounts=page, has_more=bool(page))


def test_pages_are_read_to_the_end() -> None:
    service = Integrity()
    add = partial(integrity_pb2_grpc.add_IntegrityServiceServicer_to_server, service)
    found = list(recount._recounts(InProcessChannel(add), 0, mend=True))  # pyright: ignore[reportPrivateUsage]
    assert found == [RIGHT, WRONG]
    assert [(each.after_id, each.mend) for each in service.told] == [("", True), (ONE, True), (TWO, True)]


def test_what_differs_is_told_by_territory_and_channel(capsys: pytest.CaptureFixture[str]) -> None:
    recount._print([RIGHT, WRONG])  # pyright: ignore[reportPrivateUsage]
    assert capsys.readouterr().out.splitlines() == [
        "petition 7: 1,204 signatures, as published",
        "petition 8: 2 signatures, 7 published, 2 in the history: not corrected; --mend does that",
        "  no territory, paper: -5",
    ]
