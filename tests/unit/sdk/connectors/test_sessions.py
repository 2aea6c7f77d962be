"""What a connector keeps between calls."""

import pytest

from viche_sdk.connectors.redaction import Redactor
from viche_sdk.connectors.sessions import MOST_BYTES
from viche_sdk.connectors.types import HeldSession, Unsupported


def test_what_is_put_is_found_and_told_to_the_host() -> None:
    session = HeldSession("before")
    assert (session.get(), session.changed) == ("before", None)

    session.put("before")
    assert session.changed is None

    session.put("")
    assert (session.get(), session.changed) == ("", "")


def test_one_that_is_too_long_is_refused_and_the_one_before_stays() -> None:
    session = HeldSession("before")
    session.put("є" * (MOST_BYTES // 2))

    with pytest.raises(Unsupported):
        session.put("є" * (MOST_BYTES // 2) + "a")

    assert session.get() == "є" * (MOST_BYTES // 2)


def test_sessions_old_and_new_are_taken_out_of_logs() -> None:
    redactor = Redactor(["secret-0000"])
    session = HeldSession("session-1111", redactor)

    session.put("session-2222")

    assert redactor.clean("session-1111 session-2222 secret-0000") == "[secret] [secret] [secret]"
    assert "session" not in repr(session)
