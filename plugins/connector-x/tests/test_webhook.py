"""The challenge of the Account Activity API signs with the secret of events, and gives nobody the signature of one."""

from typing import Any, cast

import pytest

from viche_connector_x.webhook import heard
from viche_sdk.connectors.types import Account, Challenge, Context, PermissionDenied, Secret

NOTHING = cast(Any, None)
CONTEXT = Context(Account("1"), {"consumer_secret": Secret("k3y")}, NOTHING, NOTHING, NOTHING, NOTHING)


def test_a_challenge_is_answered() -> None:
    answer = heard(CONTEXT, {"query-crc_token": "NGY3MzgtMg=="}, b"")

    assert isinstance(answer, Challenge)
    assert answer.body.startswith('{"response_token": "sha256=')


@pytest.mark.parametrize("token", ['{"for_user_id": "1"}', '\ufeff{"for_user_id": "1"}', "\0{\0}"])
def test_a_challenge_signs_no_event(token: str) -> None:
    with pytest.raises(PermissionDenied):
        heard(CONTEXT, {"query-crc_token": token}, b"")
