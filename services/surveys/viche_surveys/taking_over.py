"""Answers that were collected elsewhere come into a survey that takes none itself: a draft, or a closed one.

They are judged as answers by JSON are, but for what was not asked elsewhere: nothing is required of them.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_chassis.sealing import Seal
from viche_surveys import writing
from viche_surveys.batch_writing import PRIVATE
from viche_surveys.domain.answer_errors import AnswerFault
from viche_surveys.domain.errors import SurveyOpen
from viche_surveys.domain.judging import judge
from viche_surveys.domain.personal import split
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.reading import read_json
from viche_surveys.domain.survey import State, Survey
from viche_surveys.domain.tallying import Tally, moves
from viche_surveys.domain.values import Outside, outside_of
from viche_surveys.identity import Region
from viche_surveys.store import imported, tallies
from viche_surveys.store import surveys as store
from viche_surveys.store.imported import Batch, Imported

NAMESPACE = uuid.UUID("6f0f5a52-52a5-5a7f-8b57-0f5d3e3b9a4d")
SHARD = 0
NOT_ASKED = frozenset({"REQUIRED", "TOO_FEW"})
"""Faults that old answers may have: whoever collected them did not demand it."""


@dataclass(frozen=True, slots=True)
class OldAnswer:
    """An answer as it comes; the same id of the same source comes over once."""

    external_id: str
    given_at: datetime | None
    answers_json: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of them; faults by their ids."""

    accepted: int
    known: int
    faults: Mapping[str, Sequence[AnswerFault]]


class TakingOver:
    """Takes answers over.

    Args:
        seal: for personal answers.
        zone: of the days that answers are counted by.
    """

    def __init__(self, region: Region, seal: Seal, zone: ZoneInfo) -> None:
        self._region = region
        self._seal = seal
        self._zone = zone

    async def take(self, conn: Connection, survey_id: UUID, source: str, items: Iterable[OldAnswer]) -> TakenOver:
        """Writes what can be taken, and counts it.

        Raises:
            SurveyNotFound, NotYourAuthority: there is no such survey of the caller's.
            SurveyOpen: it takes answers itself.
        """
        survey = await writing.held(conn, survey_id)
        if survey.state not in (State.DRAFT, State.CLOSED):
            raise SurveyOpen()
        questions = plan(await writing.must_get_definition(conn, survey))
        at = await store.now(conn)
        outside = outside_of(at.astimezone(self._zone).date(), await self._region.levels())
        fresh = await self._fresh(conn, survey_id, source, items)
        # beside the requests: a thousand answers with conditions take seconds
        read = await asyncio.to_thread(lambda: {key: _read(questions, old, outside) for key, old in fresh.items()})
        faults = {fresh[key].external_id: found for key, found in read.items() if isinstance(found, tuple)}
        good = {key: found for key, found in read.items() if isinstance(found, dict)}
        counted = await self._write(
            conn, survey, source, [_Sound(key, fresh[key], good[key]) for key in good], questions
        )
        await self._count(conn, survey, questions, counted, at)
        return TakenOver(len(counted), sum(1 for _ in items) - len(fresh), faults)

    async def _fresh(
        self, conn: Connection, survey_id: UUID, source: str, items: Iterable[OldAnswer]
    ) -> dict[UUID, OldAnswer]:  # fmt: skip
        by_key = {uuid.uuid5(NAMESPACE, f"{source}\0{each.external_id}"): each for each in items}
        known = await imported.known(conn, survey_id, list(by_key))
        return {key: each for key, each in by_key.items() if key not in known}

    async def _write(
        self, conn: Connection, survey: Survey, source: str, sound: Sequence[_Sound], questions: Plan
    ) -> list[_Sound]:  # fmt: skip
        batch = Batch(survey.id, survey.version, survey.summary.languages[0], source)
        ids = {new_id(): each for each in sound}
        rows = [self._row(id, each, questions) for id, each in ids.items()]
        written = await imported.insert(conn, batch, rows)
        return [each for id, each in ids.items() if id in written]

    def _row(self, id: UUID, sound: _Sound, questions: Plan) -> Imported:
        open_, private = split(questions, sound.answers)
        sealed = self._seal.close(json.dumps(private, ensure_ascii=False), PRIVATE, id) if private else None
        return Imported(id, sound.key, json.dumps(open_, ensure_ascii=False), sealed, sound.old.given_at)

    async def _count(
        self, conn: Connection, survey: Survey, questions: Plan, counted: Sequence[_Sound], at: datetime
    ) -> None:  # fmt: skip
        moved: dict[tallies.Key, Tally] = {}
        for each in counted:
            day = (each.old.given_at or at).astimezone(self._zone).date().isoformat()
            for (question, row, code), number in [
                (("", day, str(survey.version)), None),
                *moves(questions, each.answers),
            ]:
                moved.setdefault((survey.id, question, row, code, tallies.OURS), Tally()).add(number)
        if moved:
            await tallies.move(conn, moved, SHARD)


@dataclass(frozen=True, slots=True)
class _Sound:
    key: UUID
    old: OldAnswer
    answers: dict[str, object]


def _read(questions: Plan, old: OldAnswer, outside: Outside) -> dict[str, object] | tuple[AnswerFault, ...]:
    """The answers, or what is wrong with them."""
    try:
        document = json.loads(old.answers_json)
    except (ValueError, RecursionError):
        document = None
    judged = judge(questions, read_json(questions, document, outside), outside.today, "", is_strict=True)
    faults = tuple(each for each in judged.faults if each.reason not in NOT_ASKED)
    return faults or judged.shown.answers
