"""What is measured, and in which order: nothing runs beside a figure but what the figure is about."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path

from viche_cli.bench import (
    answering,
    bare,
    connectors,
    exports,
    fanout,
    intake,
    lists,
    memory,
    own,
    region,
    removing,
    signing_rounds,
    similar,
    sizes,
    store,
    tables,
)
from viche_cli.bench.lines import (
    AFTER_ANSWERING,
    AFTER_SIGNING,
    ANSWERING,
    CONNECTORS,
    EXPORTS,
    FANOUT,
    INTAKE,
    LISTS,
    MANY,
    RATIOS,
    READING,
    REMOVING,
    REPLAY,
    RESULTS,
    SIGNING,
    SIMILAR,
    SIZES,
)
from viche_cli.bench.load import Expected, Load, Target, drive, quantile_s
from viche_cli.bench.results import Results, say
from viche_cli.bench.wanted import Wanted
from viche_cli.home import Home

ROUNDS = 3
WARM_UP_S = 2.0
# between a start or a load and the next figure
SETTLE_S = 3.0


def measure(home: Home, wanted: Wanted, results: Results) -> None:
    """Starts, fills, starts again, measures, ends. Raises Fault when an answer or a count is wrong."""
    if wanted.has(*CONNECTORS):
        _connectors(results)
    if wanted.has(*FANOUT):
        _fanout(home, results)
    if wanted.has(*INTAKE):
        _intake(home, wanted, results)
    if not wanted.is_only(*CONNECTORS, *FANOUT, *INTAKE):
        _instance(home, wanted, results)
    for name, part, against in RATIOS:
        results.add_ratio(name, part, against)


def _instance(home: Home, wanted: Wanted, results: Results) -> None:
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
            signing_rounds.measure(running, filled, wanted, results)
        if wanted.has(*ANSWERING, *AFTER_ANSWERING):
            _answering(running, wanted, results)
        if wanted.has(*SIZES):
            sizes.measure(running, filled, results)
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


def _connectors(results: Results) -> None:
    cost = connectors.measure()
    results.add("connector_call_inside_ms", cost.inside_ms, "ms")
    results.add("connector_call_child_ms", cost.child_ms, "ms")
    results.add("connector_call", cost.child_ms - cost.inside_ms, "ms")


def _fanout(home: Home, results: Results) -> None:
    cost = fanout.measure(Home(home.path.with_name("fanout")))
    results.add("fanout_s", cost.alone_s, "s")
    results.add("fanout_ideal_s", cost.ideal_s, "s")
    results.add("fanout_hanging_s", cost.beside_hanging_s, "s")


def _intake(home: Home, wanted: Wanted, results: Results) -> None:
    cost = intake.measure(Home(home.path.with_name("intake")), wanted.seconds)
    results.add("inbox_intake_per_s", cost.taken_per_s, "1/s")
    results.add("pgbench_item_insert_per_s", cost.inserts_per_s, "1/s")


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
        signing_rounds.arrive(running.target, filled)
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
