"""What is measured, and in which order: nothing runs beside a figure but what the figure is about."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from viche_cli.bench import (
    answering,
    bare,
    exports,
    lists,
    memory,
    own,
    pgbench,
    region,
    removing,
    replay,
    signing,
    similar,
    store,
    tables,
)
from viche_cli.bench.lines import (
    AFTER_ANSWERING,
    AFTER_SIGNING,
    ANSWERING,
    EXPORTS,
    LISTS,
    MANY,
    RATIOS,
    READING,
    REMOVING,
    REPLAY,
    RESULTS,
    SIGNING,
    SIMILAR,
)
from viche_cli.bench.load import Expected, Load, Target, drive, drive_by_times, quantile_s
from viche_cli.bench.results import Results, say
from viche_cli.faults import Fault
from viche_cli.home import Home

ROUNDS = 3
WARM_UP_S = 2.0
ARRIVE_WITHIN_S = 120.0
# between a start or a load and the next figure
SETTLE_S = 3.0
# the replay asks on average for this part of what was measured before; its peaks are three times as high
REPLAY_PART = 0.3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: lines by name (all when there are none), and for how long each round lasts."""

    seconds: float
    only: Collection[str] = ()
    counts: Path | None = None

    def has(self, *names: str) -> bool:
        """Whether one of these lines, or a ratio of it, is wanted."""
        parts = {part for name, *two in RATIOS if name in self.only for part in two}
        return not self.only or any(name in self.only or name in parts for name in names)


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


def measure(home: Home, wanted: Wanted, results: Results) -> None:
    """Starts, fills, starts again, measures, ends. Raises Fault when an answer or a count is wrong."""
    say("Starting an instance of our own ...")
    with own.running(home) as first:
        say(f"It was ready after {first.ready_s:.1f} s; filling it ...")
        filled = region.load(first.instance)
    say("Starting it again ...")
    with own.running(home) as running:
        _at_rest(running, wanted, results)
        if wanted.has(*READING):
            _reading(running, filled, wanted, results, home.path.parent)
        if wanted.has(*SIGNING, *AFTER_SIGNING, *REPLAY):
            _signing(running, filled, wanted, results)
        if wanted.has(*ANSWERING, *AFTER_ANSWERING):
            _answering(running, wanted, results)
        if wanted.has(*MANY, *REMOVING):
            _removing(running, filled, wanted, results)
        if wanted.has(*EXPORTS):
            _exporting(running, results)
        if wanted.has(*RESULTS):
            _results(running, filled, home, results)
        if wanted.has(*SIMILAR, *LISTS):
            say(f"Adding {similar.TITLES:,} petitions ...")
            store.add_titles(running.database, list(similar.titles()))
    if wanted.has(*SIMILAR, *LISTS):
        _among_many(home, wanted, results)
    for name, part, against in RATIOS:
        results.add_ratio(name, part, against)


def _at_rest(running: own.Running, wanted: Wanted, results: Results) -> None:
    if wanted.has("ready_s"):
        results.add("ready_s", running.ready_s, "s")
    time.sleep(SETTLE_S)
    if not wanted.has("pss_mb"):
        return
    if not memory.is_known():
        say("pss_mb is left out: this system does not tell proportional set sizes")
        return
    pids = memory.descendants(running.pid)
    results.add("pss_mb", memory.pss_mb(pids), "MB")
    for text in memory.by_process(pids):
        say(f"  {text}")


def _answering(running: own.Running, wanted: Wanted, results: Results) -> None:
    cost, stored = answering.measure(running, wanted.seconds, ROUNDS)
    results.add_median("pgbench_answer_insert_per_s", cost.inserts_per_s, "1/s")
    results.add_median("answer_http_per_s", cost.answers_per_s, "1/s")
    for name, part in (("answer_p50_ms", 0.5), ("answer_p99_ms", 0.99)):
        results.add(name, quantile_s(cost.waits_s, part) * 1000, "ms")
    results.add("answer_acknowledged", cost.acknowledged, "1")
    results.add("answer_counted", stored.counted, "1")
    results.add("answer_tallied", stored.tallied, "1")


def _removing(running: own.Running, filled: region.Region, wanted: Wanted, results: Results) -> None:
    """After everything that holds counts against each other, because it adds signatures that nobody has made."""
    removing.fill(running, filled)
    time.sleep(SETTLE_S)
    if wanted.has(*MANY):
        calls = removing.page_calls(running, filled)
        results.add("page_calls_few_ms", calls.few_s * 1000, "ms")
        results.add("page_calls_many_ms", calls.many_s * 1000, "ms")
    if wanted.has(*REMOVING):
        _arrive(running.target, filled)
        cost = removing.measure(running, filled)
        results.add("sign_alone_p99_ms", removing.p99_ms(cost.alone_s), "ms")
        results.add("sign_removing_p99_ms", removing.p99_ms(cost.removing_s), "ms")
        results.add("remove_100k_s", cost.took_s, "s")


def _exporting(running: own.Running, results: Results) -> None:
    costs = exports.measure(running)
    for name in exports.FORMATS:
        results.add(f"export_{name}_mb_per_s", costs[name, exports.MANY].mb_per_s, "MB/s")
        results.add(f"export_{name}_peak_1e5_mb", costs[name, exports.FEW].peak_mb, "MB")
        results.add(f"export_{name}_peak_1e6_mb", costs[name, exports.MANY].peak_mb, "MB")


def _results(running: own.Running, filled: region.Region, home: Home, results: Results) -> None:
    cost = tables.measure(running, filled, home.objects)
    for name, read_ms in cost.reads_ms.items():
        results.add(f"results_read_ms_{name}", read_ms, "ms")
    results.add("crosstab_ms", cost.crosstab_ms, "ms")
    results.add("duckdb_crosstab_ms", cost.alone_ms, "ms")


def _among_many(home: Home, wanted: Wanted, results: Results) -> None:
    """Started once more, so that the service knows the titles."""
    say("Starting it among them ...")
    with own.running(home) as running:
        time.sleep(SETTLE_S)
        if wanted.has(*SIMILAR):
            cost = similar.measure(running)
            results.add("similar_cpu_ms", cost.cpu_ms, "ms")
            results.add("similar_p99_ms", quantile_s(cost.waits_s, 0.99) * 1000, "ms")
        if wanted.has(*LISTS):
            for name, found in lists.measure(running, wanted.seconds, home.path.parent / "bare.log").items():
                for part in (50, 99):
                    results.add(f"{name}_p{part}_ms", quantile_s(found.load.waits_s, part / 100) * 1000, "ms")
                if name != "bare":
                    results.add(f"{name}_cpu_ms", found.cpu_ms, "ms")


def _reading(running: own.Running, filled: region.Region, wanted: Wanted, results: Results, folder: Path) -> None:
    """Rounds of the three by turns, so that a slow minute of the machine meets all of them."""
    number = filled.petitions[0].number
    with ExitStack() as stack:
        plain = stack.enter_context(bare.running(folder / "bare.log"))
        json_path, page_path = f"/petitions/{number}.json", f"/petitions/{number}"
        loads: dict[str, Callable[[float], Load]] = {
            "bare_flask_per_s": _getting(plain, bare.PATH, b"one line"),
            "petition_json_per_s": _getting(running.target, json_path, b'"signature_count"'),
            "petition_page_per_s": _getting(running.target, page_path, b"<h1"),
        }
        chosen = {name: load for name, load in loads.items() if wanted.has(name)}
        rounds = _by_turns(chosen, wanted.seconds)
    for name, figures in rounds.items():
        results.add_median(name, figures, "1/s")


def _getting(target: Target, path: str, contains: bytes) -> Callable[[float], Load]:
    request, expected = target.get(path), Expected(b"200", contains)
    return lambda seconds: drive(target, repeat(request), expected, seconds=seconds)


def _by_turns(loads: dict[str, Callable[[float], Load]], seconds: float) -> dict[str, list[float]]:
    for load in loads.values():
        load(WARM_UP_S)
    rounds: dict[str, list[float]] = {name: [] for name in loads}
    for _ in range(ROUNDS):
        for name, load in loads.items():
            rounds[name].append(load(seconds).per_s)
            say(f"  {name}: {rounds[name][-1]:,.0f}/s")
    return rounds


def _signing(running: own.Running, filled: region.Region, wanted: Wanted, results: Results) -> None:
    ticket = signing.get_ticket(running.target, filled.session_tokens[0], filled.petitions[0])
    signers = _Signers(
        signing.signatures(running.target, filled, ticket), len(filled.session_tokens) * len(filled.petitions)
    )
    _arrive(running.target, filled)
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
        _arrive(running.target, filled)
        _sign(running.target, signers, wanted.seconds)
        say(f"  sign_http_per_s: {signers.per_s[-1]:,.0f}/s")
    if inserts_per_s:
        results.add_median("pgbench_insert_per_s", inserts_per_s, "1/s")
    results.add_median("sign_http_per_s", signers.per_s, "1/s")
    for name, part in (("sign_p50_ms", 0.5), ("sign_p99_ms", 0.99)):
        results.add(name, quantile_s(signers.waits_s, part) * 1000, "ms")


def _arrive(target: Target, filled: region.Region) -> None:
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
    _arrive(running.target, filled)
    load = drive_by_times(running.target, signers.requests, signing.SIGNED, made.due_s)
    signers.acknowledged += load.answers
    found = region.recount(running.instance, signers.acknowledged)
    results.add("replay_sent", len(made.due_s), "1")
    results.add("replay_counted", found.counted - before, "1")
    results.add("replay_p99_ms", quantile_s(load.waits_s, 0.99) * 1000, "ms")
    if not found.counted - before == found.published - before == len(made.due_s):
        raise Fault(f"{len(made.due_s):,} signatures were sent and {found.counted - before:,} are counted.")
