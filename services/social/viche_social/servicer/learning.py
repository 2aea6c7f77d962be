"""LearningService."""

from collections import Counter
from typing import Any
from uuid import UUID

from viche.social.v1 import learning_pb2 as pb
from viche.social.v1 import learning_pb2_grpc

from viche_chassis import acts
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.messages import timestamp
from viche_chassis.once import once
from viche_social.domain.learning import LEAST_LABELS
from viche_social.identity import Region
from viche_social.learning import MOST_LABELS
from viche_social.register import check_covered
from viche_social.store import learning
from viche_social.store.learning import Part, Training

Context = Any


class LearningServicer(learning_pb2_grpc.LearningServiceServicer):
    """What is learnt from officers' labels.

    Args:
        region: the authorities.
    """

    def __init__(self, pool: Pool, region: Region) -> None:
        self._pool = pool
        self._region = region

    async def GetLearning(self, request: pb.GetLearningRequest, context: Context) -> pb.GetLearningResponse:
        authority_id = UUID(request.authority_id)
        check_covered(authority_id)
        async with reading(self._pool) as conn:
            is_on = await learning.is_on(conn, authority_id)
            found = await learning.labels(conn, authority_id, MOST_LABELS)
            trainings = await learning.trainings(conn, authority_id)
            erased = await learning.erased(conn, authority_id)
        counts = Counter(each.part for each in found if each.kind == "language" or each.language)
        parts = [_part(part, counts[part], trainings.get(part)) for part in sorted({*counts, *trainings})]
        return pb.GetLearningResponse(is_on=is_on, parts=parts, erased_labels=erased, needed=LEAST_LABELS)

    async def SetLearning(self, request: pb.SetLearningRequest, context: Context) -> pb.SetLearningResponse:
        authority_id = await self._covered(request.authority_id)

        async def act(conn: Connection) -> pb.SetLearningResponse:
            await learning.switch(conn, authority_id, is_on=request.is_on)
            acts.about(object=f"learning:{authority_id}", authority_id=authority_id)
            return pb.SetLearningResponse(is_on=request.is_on)

        return await once(self._pool, current_caller().person, request, pb.SetLearningResponse, act)

    async def ForgetErasedLabels(
        self, request: pb.ForgetErasedLabelsRequest, context: Context
    ) -> pb.ForgetErasedLabelsResponse:
        authority_id = await self._covered(request.authority_id)

        async def act(conn: Connection) -> pb.ForgetErasedLabelsResponse:
            gone = await learning.forget_erased(conn, authority_id)
            await learning.hurry(conn, authority_id)
            acts.about(object=f"learning:{authority_id}", authority_id=authority_id)
            return pb.ForgetErasedLabelsResponse(labels=gone)

        return await once(self._pool, current_caller().person, request, pb.ForgetErasedLabelsResponse, act)

    async def _covered(self, authority: str) -> UUID:
        authority_id = UUID(authority)
        check_covered(authority_id)
        await self._region.get(authority_id)
        return authority_id


def _part(part: Part, labels: int, training: Training | None) -> pb.LearnedPart:
    return pb.LearnedPart(
        kind=part.kind, language=part.language, labels=labels, model=_model(training) if training else None
    )


def _model(training: Training) -> pb.LearnedModel:
    return pb.LearnedModel(
        version=training.version, trained_at=timestamp(training.trained_at), texts=training.texts,
        macro_f1=training.macro_f1, words_f1=training.words_f1, precision=training.precision,
        coverage=training.coverage, is_adopted=training.is_adopted,
    )  # fmt: skip
