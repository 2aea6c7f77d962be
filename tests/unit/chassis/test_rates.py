"""Rules say how many uses they allow."""

import pytest

from viche_chassis.rates import Rule


def test_a_rule_allows_up_to_its_limit() -> None:
    rule = Rule("test", 5, 3_600)
    assert [rule.allows(uses, 1.0) for uses in (1, 5, 6)] == [True, True, False]


@pytest.mark.parametrize(("factor", "most"), [(1.0, 5), (0.5, 2), (0.0, 1), (1_000.0, 5_000)])
def test_a_factor_multiplies_a_limit_and_never_closes_it(factor: float, most: int) -> None:
    rule = Rule("test", 5, 3_600)
    assert [rule.allows(uses, factor) for uses in (most, most + 1)] == [True, False]
