"""The ledger of what people were told is whole, or it is no ledger."""

from __future__ import annotations

import json

import pytest

from tools.cluster_test.signing import no_failure, read
from tools.running import Fault

TRY = {"key": "k", "status": 201, "said": "", "at": 1.0, "took_s": 0.1}


def log(*lines: object) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_a_whole_log_is_a_ledger() -> None:
    ledger = read(log(TRY, TRY | {"status": 503}, {"tries": 2, "was_early": False}))
    assert ledger.acknowledged == {"k"}
    assert [each.status for each in ledger.failed] == [503]


@pytest.mark.parametrize(
    "said",
    ["", log(TRY), log(TRY, {"tries": 2, "was_early": False}), log(TRY) + "Traceback …\n"],
    ids=["nothing", "no end", "a beginning that was thrown away", "an error"],
)
def test_a_log_with_gaps_is_none(said: str) -> None:
    with pytest.raises(Fault):
        read(said)


def test_nobody_left_to_sign_is_no_success() -> None:
    assert no_failure(read(log(TRY, {"tries": 1, "was_early": False}))).startswith("1 requests, 0 failed")
    with pytest.raises(Fault, match="nothing is known of the rest"):
        no_failure(read(log(TRY, {"tries": 1, "was_early": True})))
