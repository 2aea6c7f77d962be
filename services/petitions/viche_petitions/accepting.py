"""Accepting signatures of signed-in people: calls that wait together are written together."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis import metrics, outbox
from viche_chassis.batching import Batcher
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import DomainError, RequestMismatch, Unavailable
from viche_chassis.ids import new_id
from viche_chassis.shards import Shards
from viche_petitions import events
from viche_petitions.domain.errors import AlreadySigned, PetitionNotFound
from viche_petitions.domain.pauses import check_signing
from viche_petitions.domain.sides import Side, check_side
from viche_petitions.domain.signers import GivenName, check_name, shows_names
from viche_petitions.domain.signing import Signer, asks_for_minima, check_signer
from viche_petitions.signer_names import SignerNames
from viche_petitions.store import residences
from viche_petitions.store import signatures as store
from viche_petitions.store.signatures import Collecting, NewSignature, Signed
from viche_sdk.types import Terms

log = logging.getLogger("viche.petitions")

LANES = 2
MAX_BATCH = 500
MAX_GROUPS = 200
MAX_CACHED_TERMS = 10_000
Outcome = UUID | DomainError
Accepted = Callable[[set[UUID]], None]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request to sign, with its scope token checked.

    ``network`` is the address block that it comes from, ``given`` the name that is to be published; if any. With
    ``side`` it is a vote against.
    """

    request_id: UUID
    signer: Signer
    network: str = ""
    given: GivenName | None = None
    side: Side = Side.FOR


class Accepting:
    """Writes attempts to sign, many at once.

    Args:
        on_accepted: told, after the commit, which petitions have new signatures.
        names: keeps the names that are to be published.
    """

    def __init__(
        self,
        pool: Pool,
        on_accepted: Accepted,
        names: SignerNames,
        *,
        shards: Shards | None = None,
        lanes: int = LANES,
    ) -> None:
        self._pool = pool
        self._names = names
        self._on_accepted = on_accepted
        self._shards = shards or Shards()
        self._terms: dict[UUID, Terms | None] = {}
        # a group is what one call brought: one future for all of it
        self._batcher: Batcher[Sequence[Attempt], Sequence[Outcome]] = Batcher(
            self._accept_groups, name="signatures", max_items=MAX_GROUPS, lanes=lanes
        )

    async def sign(self, attempts: Sequence[Attempt]) -> Sequence[Outcome]:
        """For each attempt the id of the signature once it is committed, or why there is none.

        Raises:
            Unavailable: the database does not answer; a repeat with the same request id is safe.
        """
        return await self._batcher.call(attempts) if attempts else []

    async def _accept_groups(self, groups: Sequence[Sequence[Attempt]]) -> Sequence[Sequence[Outcome]]:
        attempts = [attempt for group in groups for attempt in group]
        outcomes: list[Outcome] = []
        for start in range(0, len(attempts), MAX_BATCH):
            outcomes += await self._accept_sides(attempts[start : start + MAX_BATCH])
        rest = iter(outcomes)
        return [[next(rest) for _ in group] for group in groups]

    async def _accept_sides(self, batch: Sequence[Attempt]) -> Sequence[Outcome]:
        """Each side in a transaction of its own: each locks persons in one order, so that none wait in a circle."""
        against = [attempt for attempt in batch if attempt.side is Side.AGAINST]
        if not against:
            return await self._accept(batch)
        signing = [attempt for attempt in batch if attempt.side is Side.FOR]
        by_side = {
            Side.FOR: iter(await self._accept(signing) if signing else ()),
            Side.AGAINST: iter(await self._accept(against)),
        }
        return [next(by_side[attempt.side]) for attempt in batch]

    async def _accept(self, batch: Sequence[Attempt]) -> Sequence[Outcome]:
        """Attempts of one side."""
        metrics.record_batch("signatures", len(batch))
        try:
            return await self._write(batch)
        except (Unavailable, DomainError):
            raise
        except Exception:
            if len(batch) == 1:
                raise
            log.exception("batch failed, trying one by one", extra={"size": len(batch)})
            return [await self._accept_alone(attempt) for attempt in batch]

    async def _accept_alone(self, attempt: Attempt) -> Outcome:
        try:
            return (await self._write([attempt]))[0]
        except DomainError as error:
            return error
        except Exception:
            log.exception("signature failed")
            return Unavailable(what="signature")

    async def _write(self, batch: Sequence[Attempt]) -> list[Outcome]:
        side = batch[0].side
        planned = [
            NewSignature(new_id(), each.signer, each.request_id, each.network, given=each.given) for each in batch
        ]
        with self._shards.take() as shard:
            async with transaction(self._pool) as conn:
                refusals = await self._judge(conn, planned, side)
                allowed = [each for each in planned if each.id not in refusals]
                written, at = await store.insert(conn, allowed, channel="person", step=0, shard=shard, side=side)
                if at is not None and side is Side.FOR:
                    await self._keep(conn, [each for each in allowed if each.id in written], at)
                doubtful = [each for each in planned if each.id not in written]
                signed = await _find(conn, doubtful) if doubtful else []
                counted = await _announce(conn, allowed, written, at, side)
        if counted:
            self._on_accepted(counted)
        return [each.id if each.id in written else _resolve(each, side, refusals, signed) for each in planned]

    async def _keep(self, conn: Connection, written: Sequence[NewSignature], at: datetime) -> None:
        """Keeps what the terms ask for besides: where territories lie, and names."""
        terms = self._terms
        await residences.put(conn, (each.signer for each in written if asks_for_minima(terms.get(_id_of(each)))))
        await self._names.put(conn, [each for each in written if shows_names(terms.get(_id_of(each)))], at)

    async def _judge(
        self, conn: Connection, planned: Sequence[NewSignature], side: Side
    ) -> dict[UUID, DomainError]:  # fmt: skip
        petition_ids = {_id_of(each) for each in planned}
        with_terms = not petition_ids <= self._terms.keys()
        collecting = await store.collecting(conn, list(petition_ids), with_terms)
        if with_terms:
            self._remember_terms(collecting)
        refusals: dict[UUID, DomainError] = {}
        for each in planned:
            try:
                self._check(each, collecting.get(_id_of(each)), side)
            except DomainError as refusal:
                refusals[each.id] = refusal
        return refusals

    def _remember_terms(self, collecting: dict[UUID, Collecting]) -> None:
        if len(self._terms) > MAX_CACHED_TERMS:
            self._terms.clear()
        for petition_id, found in collecting.items():  # terms are fixed at opening, so they never get stale
            self._terms[petition_id] = Terms.from_json(found.terms) if found.terms else None

    def _check(self, signature: NewSignature, found: Collecting | None, side: Side) -> None:
        if found is None:
            raise PetitionNotFound()
        signer = signature.signer
        terms = self._terms.get(signer.petition_id)
        check_signing(found.stop if found.is_open else None)
        check_signer(terms, found.is_open, signer.assurance, signer.residence)
        check_side(terms, side)
        if side is Side.FOR:
            check_name(terms, signature.given)


def _id_of(signature: NewSignature) -> UUID:
    return signature.signer.petition_id


async def _announce(
    conn: Connection, allowed: Sequence[NewSignature], written: set[UUID], at: datetime | None, side: Side
) -> set[UUID]:
    """Says which signatures were accepted; of votes against nobody is told."""
    by_petition: dict[UUID, list[UUID]] = {}
    for each in allowed:
        if each.id in written:
            by_petition.setdefault(_id_of(each), []).append(each.id)
    if at is not None and side is Side.FOR:
        await outbox.add(conn, *(events.signatures_accepted(key, ids, at) for key, ids in by_petition.items()))
    return set(by_petition)


async def _find(conn: Connection, doubtful: Sequence[NewSignature]) -> list[Signed]:
    return await store.find_signed(
        conn,
        [each.signer.petition_id for each in doubtful],
        [each.signer.pseudonym for each in doubtful],
        [each.request_id for each in doubtful if each.request_id],
    )


def _resolve(planned: NewSignature, side: Side, refusals: dict[UUID, DomainError], signed: Sequence[Signed]) -> Outcome:
    """What became of an attempt that was not written: the same request before, a refusal, or signed before."""
    key = (planned.signer.petition_id, planned.signer.pseudonym)
    for each in signed:
        if each.request_id == planned.request_id:
            is_same = (each.petition_id, each.signer, each.side) == (*key, side)
            return each.signature_id if is_same else RequestMismatch()
    if planned.id in refusals:
        return refusals[planned.id]
    if any((each.petition_id, each.signer) == key for each in signed):
        return AlreadySigned()
    return Unavailable(what="signature")
