"""A threshold may ask for signatures from many territories, and says how far it is."""

from collections.abc import Mapping

import pytest

from tests.unit.sdk.workflows import text, workflow
from viche_sdk.types import InvalidWorkflow, Minima, Progress, Situation, Terms, Threshold

STATES = {"BG": 12, "DE": 69, "MT": 4}
"""As the European citizens' initiative has it: a minimum for each member state, Regulation (EU) 2019/788, article 3."""

TERMS = workflow(
    thresholds=(
        Threshold("hearing", 50, text()),
        Threshold("initiative", 100, text(), Minima(2, STATES)),
    ),
    settings=(),
).terms({}, Situation("EU"))


@pytest.mark.parametrize(
    ("total", "by_territory", "reached"),
    [
        (49, {}, ()),
        (50, {}, ("hearing",)),
        (100, {}, ("hearing",)),
        (100, {"DE": 88, "BG": 12}, ("hearing", "initiative")),
        (100, {"DE": 89, "BG": 11}, ("hearing",)),
        # enough places, too few signatures
        (99, {"DE": 80, "BG": 15, "MT": 4}, ("hearing",)),
        # a place without a minimum adds to the total only
        (200, {"FR": 120, "DE": 80}, ("hearing",)),
    ],
)
def test_a_threshold_needs_its_total_and_its_minima(
    total: int, by_territory: Mapping[str, int], reached: tuple[str, ...]
) -> None:
    assert TERMS.reached(total, by_territory) == reached


def test_progress_counts_signatures_and_territories() -> None:
    assert TERMS.progress(90, {"DE": 78, "BG": 12}) == (
        Progress("hearing", 90, 50),
        Progress("initiative", 90, 100, territories=2, territories_needed=2),
    )


def test_minima_survive_storage() -> None:
    again = Terms.from_json(TERMS.to_json())

    assert again == TERMS
    assert hash(again) == hash(TERMS)


@pytest.mark.parametrize(
    ("minima", "fault"),
    [
        (Minima(4, STATES), "threshold initiative asks for 4 territories and has minima for 3"),
        (Minima(0, STATES), "territories of threshold initiative must be at least 1, not 0"),
        (Minima(1, {"MT": 0}), "the minimum of MT must be at least 1, not 0"),
    ],
)
def test_minima_that_cannot_be_meant_are_refused(minima: Minima, fault: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(thresholds=(Threshold("initiative", 100, text(), minima),), settings=())

    assert fault in str(refused.value)
