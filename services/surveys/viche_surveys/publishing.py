"""Numbers that everybody sees are made anew when k more answers have come (ADR 0022)."""

import logging
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from google.protobuf.json_format import MessageToDict, ParseDict
from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.periodic import every
from viche_surveys import writing
from viche_surveys.domain import results
from viche_surveys.domain.anonymity import WITHHELD
from viche_surveys.domain.definition import Definition
from viche_surveys.domain.results import EXACT, Tallies
from viche_surveys.domain.steps import Sizes, may_step, sizes
from viche_surveys.domain.survey import Survey
from viche_surveys.domain.tallying import Tally
from viche_surveys.result_messages import Numbers, poll_message, results_message
from viche_surveys.store import locks, polls, publications, rows, tallies
from viche_surveys.store import surveys as store

log = logging.getLogger("viche.surveys")

LOOK_EVERY_S = 2.0
MOST_AT_ONCE = 200
SIZES = "sizes"
"""What is kept beside the numbers, for the next step alone."""


class Publisher:
    """Looks for surveys of which k more answers have come. Several processes may: the latest numbers stay."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "publishing")

    async def look(self, survey_id: UUID | None = None) -> None:
        """Looks once, also at a survey that was closed long ago, if it is named."""
        async with reading(self._pool) as conn:
            due = await publications.due(conn, MOST_AT_ONCE, survey_id)
        for each in due:
            try:
                async with transaction(self._pool) as conn:
                    await _publish(conn, each)
            except Unavailable:
                raise
            except Exception:  # one survey never keeps the others from being published
                log.exception("results cannot be published", extra={"survey_id": str(each.survey_id)})


async def _publish(conn: Connection, due: publications.Due) -> None:
    if due.partner_id != publications.ALL:
        survey = await rows.get(conn, due.survey_id)
        await publications.put(conn, due, {"k": survey.settings.k if survey else EXACT})
        return
    await locks.hold(conn, locks.PUBLICATIONS)  # what is published is what the next step is measured from
    survey = await writing.must_get(conn, due.survey_id)
    definition, numbers = await _numbers(conn, survey, survey.settings.k)
    message = results_message(survey, definition, numbers)
    shown = _step(message, definition, numbers, await publications.body(conn, survey.id))
    body = {**MessageToDict(message), SIZES: shown}
    await publications.put(conn, due._replace(responses=message.responses), body)


def _step(message: pb.Results, definition: Definition, numbers: Numbers, before: object | None) -> dict[str, Sizes]:
    """Leaves questions as they were that may not be shown anew.

    Returns:
        sizes of the groups that the numbers of each question are about.
    """
    body = cast(dict[str, Any], before) if isinstance(before, dict) else {}
    shown: dict[str, Sizes] = dict(body.pop(SIZES, {}))
    former = ParseDict(body, pb.Results(), ignore_unknown_fields=True)
    known = {each.name: each for each in former.questions} if former.k >= numbers.k else {}
    for each, (question, most) in zip(message.questions, results.published(definition), strict=False):
        now, then = sizes(question, numbers.tallies), shown.get(question.name, {})
        if not may_step(then, now, numbers.k * most):
            nothing = pb.QuestionResults(
                name=each.name, kind=each.kind, label=each.label, answered=WITHHELD, dont_know=WITHHELD
            )
            each.CopyFrom(known.get(each.name, nothing))
        elif each.answered != WITHHELD:
            shown[question.name] = now
    return shown


async def published(conn: Connection, survey: Survey) -> pb.Results:
    """Numbers as everybody may see them; without any as long as too few have answered."""
    body = await publications.body(conn, survey.id)
    found = ParseDict(body, pb.Results(), ignore_unknown_fields=True) if isinstance(body, dict) else None
    if found is None or found.k < survey.settings.k:
        found = pb.Results(survey_id=str(survey.id), k=survey.settings.k, is_withheld=True)
    found.polls.extend(map(poll_message, await polls.of_survey(conn, survey.id)))
    return found


async def gathered(conn: Connection, survey: Survey, k: int = EXACT, partner_id: UUID | None = None) -> pb.Results:
    """Numbers as they are now.

    Args:
        k: fewest answers that a number may stand for; `EXACT` for those who wrote the survey.
        partner_id: only of answers that came through this partner.
    """
    return results_message(survey, *await _numbers(conn, survey, k, partner_id))


async def _numbers(
    conn: Connection, survey: Survey, k: int, partner_id: UUID | None = None
) -> tuple[Definition, Numbers]:  # fmt: skip
    definition = await writing.must_get_definition(conn, survey)
    at: datetime = await store.now(conn)
    sums = _summed(await tallies.sums(conn, survey.id), partner_id)
    responses = sum(each.count for (question, _, _), each in sums.items() if not question)
    return definition, Numbers(sums, responses, at, k)


async def for_officers(conn: Connection, survey: Survey, partner_id: UUID | None = None) -> pb.Results:
    """Numbers as they are now, exactly, and the polls beside them."""
    found = await gathered(conn, survey, partner_id=partner_id)
    found.polls.extend(map(poll_message, await polls.of_survey(conn, survey.id)))
    return found


def _summed(found: dict[tallies.Key, Tally], partner_id: UUID | None) -> Tallies:
    """By question, row and code, over all partners or of one."""
    sums: dict[tuple[str, str, str], Tally] = {}
    for (_, question, row, code, partner), each in found.items():
        if partner_id in (None, partner):
            sums.setdefault((question, row, code), Tally()).join(each)
    return sums
