"""Whole answers: read, judged, and accepted together."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from viche_chassis.db import Pool, reading
from viche_chassis.errors import DomainError, TooManyRequests, Unavailable
from viche_chassis.rates import Rates
from viche_chassis.sealing import KeyedIndex
from viche_surveys.accepting import Accepting
from viche_surveys.admission import Admissions, Admitted, Who
from viche_surveys.attempts import Attempt, Changed, Outcome
from viche_surveys.domain.answer_errors import AnswersRefused, OutdatedVersion
from viche_surveys.domain.definition import Kind
from viche_surveys.domain.judging import Judged, judge, unseen
from viche_surveys.domain.personal import split
from viche_surveys.domain.plan import Plan
from viche_surveys.domain.quotas import quotas_of
from viche_surveys.domain.reading import Fields, Given, files_in, files_in_json, read_form, read_json
from viche_surveys.domain.survey import Admission
from viche_surveys.domain.tallying import moves
from viche_surveys.domain.values import Outside, outside_of
from viche_surveys.identity import Region
from viche_surveys.live import Live, LiveSurveys
from viche_surveys.rates import ANSWERS
from viche_surveys.store import responses
from viche_surveys.uploads import Uploads

log = logging.getLogger("viche.surveys")

TRIES = 3
"""How often an answer is judged anew because the survey was changed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An answer as it came: fields of a form, or a JSON text.

    Attributes:
        version: that was answered; 0: the one that is answered now.
        shown: fields that the form showed; None where it does not say.
    """

    request_id: UUID
    number: int
    version: int = 0
    seed: int | None = None
    fields: Fields | None = None
    answers_json: str = ""
    who: Who = Who()
    language: str = ""
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an item; with answers that are refused, what they were judged to be."""

    outcome: Outcome
    live: Live | None = None
    judged: Judged | None = None


class Reader:
    """Reads and judges answers.

    Args:
        today: the day in the region.
    """

    def __init__(self, region: Region, uploads: Uploads, today: Callable[[], date]) -> None:
        self._region = region
        self._uploads = uploads
        self._today = today

    async def form(self, live: Live, fields: Fields, language: str) -> Judged:
        """What a form sent."""
        outside = await self.outside(live, files_in(live.plan, fields))
        return judge(live.plan, read_form(live.plan, fields, outside), outside.today, language)

    async def json(self, live: Live, text: str, language: str) -> Judged:
        """What came as JSON."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            document = None
        outside = await self.outside(live, files_in_json(live.plan, document))
        given = read_json(live.plan, document, outside)
        return judge(live.plan, given, outside.today, language, is_strict=True)

    async def outside(self, live: Live, file_ids: Sequence[str]) -> Outside:
        """What reading needs to know, and no more than this survey asks for."""
        levels = await self._region.levels() if Kind.TERRITORY in live.plan.kinds else {}
        files = await self._uploads.find(live.id, file_ids) if file_ids else {}
        return outside_of(self._today(), levels, files)


class Answering:
    """Takes whole answers, many at once.

    Args:
        bodies: makes what a repeat is held against; keyed, since answers can be guessed.
    """

    def __init__(
        self,
        pool: Pool,
        surveys: LiveSurveys,
        admissions: Admissions,
        reader: Reader,
        accepting: Accepting,
        rates: Rates,
        bodies: KeyedIndex,
    ) -> None:
        self._pool = pool
        self._surveys = surveys
        self._admissions = admissions
        self._reader = reader
        self._accepting = accepting
        self._rates = rates
        self._bodies = bodies

    async def take(self, items: Sequence[Item]) -> list[Result]:
        """What became of each."""
        results: dict[int, Result] = {}
        waiting = dict(enumerate(items))
        for attempt in range(TRIES):
            tried = await self._try(waiting, is_first=attempt == 0)
            results |= tried
            waiting = {index: items[index] for index, each in tried.items() if isinstance(each.outcome, Changed)}
            if not waiting:
                break
            for number in {each.number for each in waiting.values()}:
                await self._surveys.fresh(number)
        return [_settled(results[index]) for index in range(len(items))]

    async def _try(self, items: Mapping[int, Item], *, is_first: bool) -> dict[int, Result]:
        prepared = await asyncio.gather(*(self._prepare(each) for each in items.values()))
        results = {index: each for index, each in zip(items, prepared, strict=True) if isinstance(each, Result)}
        attempts = {index: each for index, each in zip(items, prepared, strict=True) if isinstance(each, Attempt)}
        if is_first:
            late = await self._limit({index: items[index] for index in attempts}, attempts)
            results |= {index: Result(error) for index, error in late.items()}
            attempts = {index: each for index, each in attempts.items() if index not in late}
        outcomes = await self._accepting.accept(list(attempts.values()))
        return results | {index: Result(each) for index, each in zip(attempts, outcomes, strict=True)}

    async def _limit(self, items: Mapping[int, Item], attempts: Mapping[int, Attempt]) -> dict[int, DomainError]:
        """Refuses what comes too often from one network, where nothing else keeps people from answering again."""
        networks = {
            index: item.who.network
            for index, item in items.items()
            if item.who.network and attempts[index].live.settings.admission is Admission.OPEN
        }
        if not networks:
            return {}
        async with reading(self._pool) as conn:
            allowed = await self._rates.use_each(conn, ANSWERS, Counter(networks.values()))
        used, late = Counter[str](), dict[int, DomainError]()
        for index, network in networks.items():
            used[network] += 1
            most, wait_s = allowed[network]
            if used[network] > most:
                late[index] = TooManyRequests(retry_after_s=wait_s)
        return late

    async def require_rate(self, attempt: Attempt, item: Item) -> None:
        """Refuses one that comes too often.

        Raises:
            TooManyRequests: it does.
        """
        for error in (await self._limit({0: item}, {0: attempt})).values():
            raise error

    async def _prepare(self, item: Item) -> Attempt | Result:
        """Judges an item; before one is refused, the survey is looked at as it is now."""
        try:
            live = await self._surveys.get(item.number)
            prepared = await self._prepare_for(live, item)
            if isinstance(prepared, Result) and isinstance(prepared.outcome, DomainError):
                now = await self._surveys.fresh(item.number)
                return prepared if now.edition == live.edition else await self._prepare_for(now, item)
        except DomainError as error:
            return Result(error)
        except Exception:  # one answer never fails those of other people that came with it
            log.exception("answer cannot be judged")
            return Result(Unavailable(what="answer"))
        return prepared

    async def _prepare_for(self, live: Live, item: Item) -> Attempt | Result:
        try:
            admitted = await self._admissions.admit(live, item.who)
            if item.version not in (0, live.version):
                refused = Result(OutdatedVersion(version=live.version), live)
                return await self._before(live, item, admitted) or refused
            judged = await self._judge(live, item)
        except DomainError as error:
            return Result(error)
        if judged.faults or has_more(live.plan, judged, item.shown):
            refused = Result(AnswersRefused(judged.faults), live, judged)
            return await self._before(live, item, admitted) or refused
        return self.attempt(live, judged, item, admitted)

    async def _before(self, live: Live, item: Item, admitted: Admitted) -> Result | None:
        """What the same request got before: what it named may have changed or been used since."""
        key = (live.id, item.request_id)
        async with reading(self._pool) as conn:
            known = (await responses.find(conn, [key])).get(key)
        is_same = known is not None and known.body_hash == self._bodies.of(_body(item, admitted))
        return Result(known.id) if known and is_same else None

    async def _judge(self, live: Live, item: Item) -> Judged:
        language = language_of(live.plan, item.language)
        if item.fields is None:
            return await self._reader.json(live, item.answers_json, language)
        return await self._reader.form(live, item.fields, language)

    def attempt(
        self, live: Live, judged: Judged, item: Item, admitted: Admitted, draft_id: UUID | None = None
    ) -> Attempt:  # fmt: skip
        """A judged answer, ready to be written."""
        open_, private = split(live.plan, judged.shown.answers)
        return Attempt(
            live=live,
            request_id=item.request_id,
            body_hash=self._bodies.of(_body(item, admitted)),
            answers=_json(open_),
            private=_json(private) if private else "",
            moves=tuple(moves(live.plan, judged.shown.answers)),
            quotas=tuple(each.name for each in quotas_of(live.plan, judged.shown)),
            language=language_of(live.plan, item.language),
            channel="embed" if item.who.partner_id else "api" if item.fields is None else "portal",
            partner_id=item.who.partner_id,
            seed=item.seed,
            person=admitted.person,
            invitation_id=admitted.invitation_id,
            draft_id=draft_id,
            files=_files(live.plan, judged.given),
        )


def language_of(plan: Plan, language: str) -> str:
    """The language of the survey that somebody reads who prefers one."""
    languages = plan.definition.languages
    return next((each for each in (language, language.partition("-")[0]) if each in languages), languages[0])


def has_more(plan: Plan, judged: Judged, shown: frozenset[str] | None) -> bool:
    """Whether answers have revealed questions that the form did not show."""
    return shown is not None and any(unseen(judged, page.names, shown) for page in plan.pages)


def _settled(result: Result) -> Result:
    return Result(Unavailable(what="survey")) if isinstance(result.outcome, Changed) else result


def _files(plan: Plan, given: Given) -> tuple[UUID, ...]:
    return tuple(UUID(each) for each in dict.fromkeys(files_in_json(plan, given.values)))


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _body(item: Item, admitted: Admitted) -> str:
    """Everything in which a repeat is the same: who, and what they said."""
    fields = item.fields.items() if item.fields is not None else ()
    said = item.answers_json or sorted((name, list(values)) for name, values in fields)
    who = admitted.person.respondent.hex() if admitted.person else str(admitted.invitation_id or "")
    return json.dumps([item.number, item.version, who, str(item.who.partner_id or ""), said])
