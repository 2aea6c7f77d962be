"""The load generator against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, repeat

import pytest

from viche_cli.bench import bare
from viche_cli.bench.load import Expected, Target, drive, drive_by_times
from viche_cli.faults import Fault

GOOD = Expected(b"200", b"one line")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with bare.running(tmp_path_factory.mktemp("bare") / "bare.log") as running:
        yield running


def test_a_load_counts_good_answers(target: Target) -> None:
    load = drive(target, repeat(target.get("/")), GOOD, seconds=0.5, connections=4)

    assert load.answers > 4  # more than one on each connection; how many is the machine's matter
    assert load.per_s == pytest.approx(load.answers / load.seconds)


def test_a_load_ends_with_its_requests(target: Target) -> None:
    load = drive(target, islice(repeat(target.get("/")), 10), GOOD, seconds=30.0, connections=4)

    assert load.answers == 10


def test_requests_with_times_are_all_sent_and_not_early(target: Target) -> None:
    load = drive_by_times(target, repeat(target.get("/")), GOOD, [0.0, 0.1, 0.1, 0.4], connections=2)

    assert load.answers == 4
    assert load.seconds >= 0.4


def test_an_unexpected_answer_ends_the_load(target: Target) -> None:
    with pytest.raises(Fault, match="404"):
        drive(target, repeat(target.get("/nowhere")), GOOD, seconds=5.0, connections=2)
