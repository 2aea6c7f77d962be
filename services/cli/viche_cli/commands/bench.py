"""`viche bench`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

import click

from viche_cli.faults import Fault


@click.command()
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only what gives the line of this name; may be given several times."
)
@click.option(
    "--seconds", type=click.FloatRange(1, 600), default=5.0, show_default=True, help="How long each round lasts."
)
@click.option(
    "--counts",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Counts of a petition over time to be replayed: a CSV file with the columns timestamp and count.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("bench/results.jsonl"),
    show_default=True,
    help="Where the lines are kept too.",
)
def bench(only: tuple[str, ...], seconds: float, counts: Path | None, output: Path) -> None:
    """Measure this machine: signatures, pages, memory and start, on an instance of our own that is gone afterwards.

    One JSON object a line on stdout, progress on stderr. Nothing else should run meanwhile.
    """
    from viche_cli.bench import lines, own, phases, wanted
    from viche_cli.bench.results import Results

    names = frozenset(name for part in only for name in part.split(","))
    if unknown := sorted(names - set(lines.NAMES)):
        raise Fault(f"There is no line {', '.join(unknown)}; there are {', '.join(lines.NAMES)}.")
    signal.signal(signal.SIGTERM, _end)
    with own.temporary_home() as home:
        phases.measure(home, wanted.Wanted(seconds, names, counts), Results(output))


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # through every `finally`, so that the instance ends too
