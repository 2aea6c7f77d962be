"""Real counts as a load."""

from __future__ import annotations

from pathlib import Path

import pytest

from viche_cli.bench.replay import Counts, plan, read_counts
from viche_cli.faults import Fault

COUNTS = Counts((0.0, 60.0, 120.0, 240.0), (0, 10, 10, 30))


def test_every_signature_is_due_once() -> None:
    assert len(plan(COUNTS, most=1000).due_s) == 30


def test_signatures_are_due_in_order_and_within_the_time() -> None:
    made = plan(COUNTS, most=1000, seconds=12.0)

    assert list(made.due_s) == sorted(made.due_s)
    assert made.due_s[0] > 0
    assert made.due_s[-1] == pytest.approx(12.0)


def test_a_minute_without_signatures_has_none() -> None:
    made = plan(COUNTS, most=1000, seconds=240.0)

    assert not [each for each in made.due_s if 60.0 < each <= 120.0]


def test_more_than_can_be_sent_is_made_smaller_alike() -> None:
    made = plan(COUNTS, most=15, seconds=240.0)

    assert len(made.due_s) == 15
    assert sum(each <= 60.0 for each in made.due_s) == 5


def test_real_counts_are_read(shared_data: Path) -> None:
    counts = read_counts(shared_data / "petitions" / "uk_700143_counts_to_2024-11-26.csv")

    assert counts.at_s[0] == counts.signed[0] == 0
    assert counts.signed[-1] > 2_000_000


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2024-11-24 00:14:47,5\nyesterday,6\n", "line 3"),
        ("2024-11-24 00:14:47,5\n2024-11-24 00:15:47,many\n", "line 3"),
        ("2024-11-24 00:14:47,5\n2024-11-24 00:15:47,4\n", "goes back"),
        ("2024-11-24 00:14:47,5\n", "fewer than two"),
    ],
)
def test_broken_counts_are_refused_with_their_place(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(f"timestamp,count\n{rows}")

    with pytest.raises(Fault, match=said):
        read_counts(path)
