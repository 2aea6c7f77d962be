"""How long a page of the list takes among a hundred thousand petitions, plain and searched, against a bare answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle, product
from pathlib import Path
from urllib.parse import quote_plus

from viche_cli.bench import bare, cpu, memory, similar
from viche_cli.bench.load import Expected, Load, Target, drive
from viche_cli.bench.own import Running

# few, so that a wait is the work on an answer and not the queue before it
CONNECTIONS = 2
WARM_UP_S = 1.0
PAGES = 200


@dataclass(frozen=True, slots=True)
class Answers:
    """What a load met, and for each of its answers the CPU time of the whole instance, which waits do not change."""

    load: Load
    cpu_ms: float


def measure(running: Running, seconds: float, log: Path) -> dict[str, Answers]:
    """A load on the bare answer, on pages of the list and on searches; no two requests in a row are the same."""
    target, pids = running.target, memory.descendants(running.pid)
    with bare.running(log) as plain:
        loads: dict[str, Callable[[float], Load]] = {
            "bare": _load(plain, (bare.PATH for _ in count()), b"one line"),
            "list": _load(target, _pages(), b"<h1"),
            "search": _load(target, _searches(), b"<h1"),
        }
        for load in loads.values():
            load(WARM_UP_S)
        return {name: _answers(load, seconds, pids) for name, load in loads.items()}


def _answers(load: Callable[[float], Load], seconds: float, pids: list[int]) -> Answers:
    before_s = cpu.used_s(pids)
    done = load(seconds)
    return Answers(done, (cpu.used_s(pids) - before_s) / done.answers * 1000)


def _load(target: Target, paths: Iterator[str], contains: bytes) -> Callable[[float], Load]:
    requests, expected = (target.get(path) for path in paths), Expected(b"200", contains)
    return lambda seconds: drive(target, requests, expected, seconds=seconds, connections=CONNECTIONS)


def _pages() -> Iterator[str]:
    """By time and by count, all and archived ones, in each language: more addresses than a cache keeps for seconds."""
    addresses = product(range(1, PAGES + 1), ("recent", "count"), ("", "archive"), ("", "/uk", "/bg", "/ru"))
    return (
        f"{language}/petitions?page={page}&order={order}&state={state}"
        for page, order, state, language in cycle(addresses)
    )


def _searches() -> Iterator[str]:
    """Words that are in some ten and in thousands of titles."""
    for title in similar.titles():
        words = title.split()
        yield f"/uk/petitions?q={quote_plus(' '.join(words[: 2 + len(words) % 3]))}"
