"""Answers page by page: kept in a draft that a secret link finds, sent when the last page is right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import DomainError, Unavailable
from viche_chassis.ids import new_id
from viche_chassis.rates import Rates
from viche_surveys.accepting import Accepting
from viche_surveys.admission import Admissions, Admitted, Who
from viche_surveys.answering import TRIES, Answering, Item, Reader, language_of
from viche_surveys.attempts import Changed
from viche_surveys.begun import Draft, Keeper, Seen, Sent
from viche_surveys.domain import paging
from viche_surveys.domain.answer_errors import AlreadyAnswered, DraftNotFound, DraftOutdated, InvitationRefused
from viche_surveys.domain.judging import Judged
from viche_surveys.domain.paging import Move, Next
from viche_surveys.domain.plan import Plan
from viche_surveys.domain.showing import Look, PageView, page_view
from viche_surveys.domain.survey import Admission
from viche_surveys.live import Live, LiveSurveys, check_open
from viche_surveys.places import Places
from viche_surveys.rates import DRAFTS
from viche_surveys.store import answered, respondents, responses
from viche_surveys.store import drafts as store


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page among all of a form; ``is_hidden`` says whether its condition hides it while nothing is answered."""

    view: PageView
    relevant: str
    is_hidden: bool


class Drafting:
    """Answers page by page.

    Args:
        days: for which a draft is kept after it was saved last.
    """

    def __init__(
        self,
        pool: Pool,
        surveys: LiveSurveys,
        admissions: Admissions,
        reader: Reader,
        answering: Answering,
        accepting: Accepting,
        rates: Rates,
        keeper: Keeper,
        days: int,
    ) -> None:
        self._pool = pool
        self._surveys = surveys
        self._admissions = admissions
        self._reader = reader
        self._answering = answering
        self._accepting = accepting
        self._rates = rates
        self._keeper = keeper
        self._days = days

    async def look(self, number: int, token: str, page: str, language: str, who: Who, seed: int) -> Seen:
        """The page that somebody sees next, or the one that they ask for.

        Raises:
            SurveyNotFound, NotOpen, DraftNotFound, AlreadyAnswered, and those of :class:`Admissions`.
        """
        if token:
            live, draft = await self._resume(token, who)
        else:
            live = await self._surveys.fresh(number)
            admitted = await self._open(live, who)
            draft = await self._begun(live, admitted) or _fresh(live, admitted, seed, who)
        await self._check_open(live)
        spoken = language_of(live.plan, language or draft.language)
        judged = await self._reader.form(live, draft.fields, spoken)
        index = _page_to_show(live.plan, judged, draft, page)
        return self._seen(live, draft, judged, Next(index), spoken)

    async def form(self, number: int, language: str, who: Who, seed: int) -> tuple[Live, list[FormPage]]:
        """All pages, hidden ones too, as somebody sees them who has answered nothing.

        Raises:
            those of :meth:`look` without a token.
        """
        live = await self._surveys.fresh(number)
        await self._open(live, who)
        look = Look(language_of(live.plan, language), seed)
        judged = await self._reader.form(live, {}, look.language)
        return live, [
            FormPage(page_view(live.plan, index, judged, look), each.page.relevant, index not in judged.shown.pages)
            for index, each in enumerate(live.plan.pages)
        ]

    async def save(self, sent: Sent) -> Seen | UUID:
        """Keeps a page, and gives the next one, or the id of the answer when it was the last.

        Raises:
            those of :meth:`look`, DraftOutdated, QuotaFull, TooManyRequests.
        """
        for _ in range(TRIES):
            try:
                return await self._save(sent)
            except Changed:
                continue
        raise Unavailable(what="survey")

    async def _save(self, sent: Sent) -> Seen | UUID:
        if sent.token and sent.move is Move.ON and (before := await self._sent_before(sent)):
            return before
        live, begun = await self._begin(sent)
        plan = live.plan
        index = plan.page_index(sent.page) or 0
        draft = _filled(plan, index, begun, sent)
        judged = await self._reader.form(live, draft.fields, draft.language)
        following = _following(plan, index, judged, sent, is_outdated=draft.version != live.version)
        if following.page is None and not draft.is_kept:
            return await self._send(live, draft, judged, sent)
        saved = await self._keep(live, draft, judged, following, sent)
        if draft.version != live.version and draft.is_kept:
            raise DraftOutdated()
        if following.page is None:
            return await self._send(live, saved, judged, sent)
        return self._seen(live, saved, judged, following, draft.language)

    async def _begin(self, sent: Sent) -> tuple[Live, Draft]:
        """The draft that a page belongs to; its version is that of the page."""
        if sent.token:
            live, draft = await self._resume(sent.token, sent.who)
            await self._check_open(live)
            return live, replace(draft, version=sent.version or draft.version)
        live = await self._surveys.fresh(sent.number)
        await self._check_open(live)
        admitted = await self._admissions.admit(live, sent.who)
        draft = _fresh(live, admitted, sent.seed, sent.who)
        return live, replace(draft, version=sent.version or live.version)

    async def _keep(self, live: Live, draft: Draft, judged: Judged, following: Next, sent: Sent) -> Draft:
        """Writes the draft down, with the places of quotas that its answers need."""
        page = live.plan.pages[following.page].page.name if following.page is not None else sent.page
        if not draft.is_kept:
            await self._check_new(live, draft, sent)
        async with transaction(self._pool) as conn:
            standing = (await answered.standing(conn, [live.id], "UTC")).get(live.id)
            if standing is None or standing.edition != live.edition:
                raise Changed()
            if draft.is_kept:
                await _hold(conn, draft)
            expires_at = await store.put(conn, self._keeper.stored(live, replace(draft, page=page)), self._days)
            if sent.move is Move.ON and not following.is_kept:
                await Places(conn, live, draft.id).settle(judged, draft.language)
        return replace(draft, page=page, version=live.version, is_kept=True, expires_at=expires_at)

    async def _check_new(self, live: Live, draft: Draft, sent: Sent) -> None:
        async with reading(self._pool) as conn:
            person = draft.admitted.person
            if person and await respondents.has_answered(conn, live.id, person.respondent):
                raise AlreadyAnswered()
            if live.settings.admission is Admission.OPEN:
                await self._rates.require(conn, DRAFTS, sent.who.network)

    async def _send(self, live: Live, draft: Draft, judged: Judged, sent: Sent) -> UUID:
        item = Item(
            request_id=sent.request_id,
            number=live.number,
            version=live.version,
            seed=draft.seed,
            fields=draft.fields,
            who=Who(partner_id=draft.partner_id, network=sent.who.network),
            language=draft.language,
        )
        attempt = self._answering.attempt(
            live, judged, item, draft.admitted, draft.id if draft.is_kept else None
        )  # fmt: skip
        await self._answering.require_rate(attempt, item)
        (outcome,) = await self._accepting.accept([attempt])
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome

    async def _sent_before(self, sent: Sent) -> UUID | None:
        """The answer that the same request sent before; its draft is gone."""
        _, survey_id = self._keeper.read_token(sent.token)
        key = (survey_id, sent.request_id)
        async with reading(self._pool) as conn:
            known = (await responses.find(conn, [key])).get(key)
        return known.id if known else None

    async def _resume(self, token: str, who: Who) -> tuple[Live, Draft]:
        id, survey_id = self._keeper.read_token(token)
        async with reading(self._pool) as conn:
            stored = await store.get(conn, id)
        if stored is None:
            raise DraftNotFound()
        live = await self._surveys.of_id(survey_id)
        if live.settings.admission is Admission.LINK:
            if stored.invitation_id is None:  # begun when everybody could answer
                raise InvitationRefused()
            admitted = Admitted(invitation_id=stored.invitation_id)
        else:
            admitted = await self._admissions.admit(live, who)
        if stored.respondent != (admitted.person.respondent if admitted.person else None):
            raise DraftNotFound()
        return live, self._keeper.read(stored, admitted)

    async def _begun(self, live: Live, admitted: Admitted) -> Draft | None:
        """What a person has begun already, who need not keep its link."""
        if admitted.person is None:
            return None
        async with reading(self._pool) as conn:
            stored = await store.of_person(conn, live.id, admitted.person.respondent)
        return self._keeper.read(stored, admitted) if stored else None

    async def _open(self, live: Live, who: Who) -> Admitted:
        await self._check_open(live)
        return await self._admissions.check_first(live, who)

    async def _check_open(self, live: Live) -> None:
        async with reading(self._pool) as conn:
            check_open(live, is_open=await answered.is_open(conn, live.id))

    def _seen(self, live: Live, draft: Draft, judged: Judged, following: Next, language: str) -> Seen:
        assert following.page is not None  # who calls shows a page
        look = Look(language, draft.seed, draft.visited, following.faults, following.has_more)
        view = page_view(live.plan, following.page, judged, look)
        return Seen(live, view, draft.seed, self._keeper.token(live, draft), draft.expires_at, bool(following.faults))


async def _hold(conn: Connection, draft: Draft) -> None:
    """Holds a draft; one that was saved meanwhile, in another window, is read again first."""
    there = await store.hold(conn, draft.id)
    if there is None:
        raise DraftNotFound()
    if there.edition != draft.edition:
        raise Changed()


def _fresh(live: Live, admitted: Admitted, seed: int, who: Who) -> Draft:
    return Draft(new_id(), {}, frozenset(), live.version, seed, "", admitted, who.partner_id)


def _filled(plan: Plan, index: int, draft: Draft, sent: Sent) -> Draft:
    """The draft with what a page sent."""
    fields = paging.merged(plan.pages[index], draft.fields, sent.fields)
    if sent.move in (Move.ADD, Move.REMOVE):
        fields = paging.with_instances(plan, fields, sent.move, sent.group)
    return replace(
        draft,
        fields=fields,
        visited=draft.visited | {sent.page},
        language=language_of(plan, sent.language or draft.language),
    )


def _page_to_show(plan: Plan, judged: Judged, draft: Draft, wanted: str) -> int:
    """The page that was asked for, the one that comes next in the draft, or the first one; if it is shown."""
    pages: Sequence[int] = judged.shown.pages or [0]
    asked = (plan.page_index(wanted), plan.page_index(draft.page))
    return next((index for index in asked if index is not None and index in pages), pages[0])


def _following(plan: Plan, index: int, judged: Judged, sent: Sent, *, is_outdated: bool) -> Next:
    if is_outdated:
        return Next(index, is_kept=True, has_more=True)
    match sent.move:
        case Move.BACK:
            return Next(paging.before(index, judged.shown.pages))
        case Move.ON:
            return paging.after(plan, index, judged, sent.shown)
        case _:
            return Next(index)
