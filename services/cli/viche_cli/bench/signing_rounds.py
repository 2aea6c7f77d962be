"""Signatures in rounds, held against bare INSERTs and against their counts."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from viche_cli.bench import own, pgbench, region, replay, signing, store
from viche_cli.bench.lines import AFTER_SIGNING, REPLAY, SIGNING
from viche_cli.bench.load import Target, drive, drive_by_times, quantile_s
from viche_cli.bench.results import Results, say
from viche_cli.bench.wanted import Wanted
from viche_cli.faults import Fault

ROUNDS = 3
WARM_UP_S = 2.0
ARRIVE_WITHIN_S = 120.0
# between a load and the next figure
SETTLE_S = 3.0
# the replay asks on average for this part of what was measured before; its peaks are three times as high
REPLAY_PART = 0.3


@dataclass(slots=True)
class _Signers:
    """Signatures that are still to be made, and what has been acknowledged."""

    requests: Iterator[bytes]
    most: int
    acknowledged: int = 0
    waits_s: array[float] = field(default_factory=lambda: array("d"))
    per_s: list[float] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many more there are."""
        return self.most - self.acknowledged


def measure(running: own.Running, filled: region.Region, wanted: Wanted, results: Results) -> None:
    """Signatures by turns with bare INSERTs, then counts over time replayed. Raises Fault when a count is wrong."""
    ticket = signing.get_ticket(running.target, filled.session_tokens[0], filled.petitions[0])
    signers = _Signers(
        signing.signatures(running.target, filled, ticket), len(filled.session_tokens) * len(filled.petitions)
    )
    arrive(running.target, filled)
    _sign(running.target, signers, WARM_UP_S)
    signers.waits_s, signers.per_s = array("d"), []
    if wanted.has(*SIGNING, *AFTER_SIGNING):
        _sign_by_turns(running, filled, signers, wanted, results)
        _check_counts(running, signers, results)
    if wanted.has(*REPLAY):
        _replay(running, filled, signers, wanted, results)


def _sign_by_turns(
    running: own.Running, filled: region.Region, signers: _Signers, wanted: Wanted, results: Results
) -> None:
    inserts_per_s: list[float] = []
    for _ in range(ROUNDS):
        if wanted.has("pgbench_insert_per_s"):
            time.sleep(SETTLE_S)
            inserts_per_s.append(
                pgbench.inserts_per_s(running.database, "signers", store.INSERT_SIGNER, wanted.seconds)
            )
            say(f"  pgbench_insert_per_s: {inserts_per_s[-1]:,.0f}/s")
        arrive(running.target, filled)
        _sign(running.target, signers, wanted.seconds)
        say(f"  sign_http_per_s: {signers.per_s[-1]:,.0f}/s")
    if inserts_per_s:
        results.add_median("pgbench_insert_per_s", inserts_per_s, "1/s")
    results.add_median("sign_http_per_s", signers.per_s, "1/s")
    for name, part in (("sign_p50_ms", 0.5), ("sign_p99_ms", 0.99)):
        results.add(name, quantile_s(signers.waits_s, part) * 1000, "ms")


def arrive(target: Target, filled: region.Region) -> None:
    """Everybody opens a page, as everybody opens the sign form before signing."""
    drive(target, signing.arrivals(target, filled), signing.ARRIVED, seconds=ARRIVE_WITHIN_S)


def _sign(target: Target, signers: _Signers, seconds: float) -> None:
    load = drive(target, signers.requests, signing.SIGNED, seconds=seconds)
    signers.acknowledged += load.answers
    signers.waits_s.extend(load.waits_s)
    signers.per_s.append(load.per_s)


def _check_counts(running: own.Running, signers: _Signers, results: Results) -> None:
    found = region.recount(running.instance, signers.acknowledged)
    results.add("sign_acknowledged", signers.acknowledged, "1")
    results.add("sign_counted", found.counted, "1")
    results.add("sign_published", found.published, "1")
    if not found.counted == found.published == signers.acknowledged:
        raise Fault(
            f"{signers.acknowledged:,} signatures were acknowledged, {found.counted:,} are counted and "
            f"{found.published:,} published."
        )


def _replay(running: own.Running, filled: region.Region, signers: _Signers, wanted: Wanted, results: Results) -> None:
    path = wanted.counts or replay.DEFAULT_COUNTS
    if not path.is_file():
        say(f"The replay is left out: there are no counts at {path}")
        return
    per_s = signers.per_s[-1] if signers.per_s else 500.0
    made = replay.plan(replay.read_counts(path), min(signers.left, int(per_s * REPLAY_PART * replay.SECONDS)))
    say(f"Replaying {path.name}: {made.speedup:,.0f} times as fast, one signature for {made.one_in:,.0f}")
    before = signers.acknowledged
    arrive(running.target, filled)
    load = drive_by_times(running.target, signers.requests, signing.SIGNED, made.due_s)
    signers.acknowledged += load.answers
    found = region.recount(running.instance, signers.acknowledged)
    results.add("replay_sent", len(made.due_s), "1")
    results.add("replay_counted", found.counted - before, "1")
    results.add("replay_p99_ms", quantile_s(load.waits_s, 0.99) * 1000, "ms")
    if not found.counted - before == found.published - before == len(made.due_s):
        raise Fault(f"{len(made.due_s):,} signatures were sent and {found.counted - before:,} are counted.")
