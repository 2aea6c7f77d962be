"""A secret stands in no log, in whatever form."""

import base64
import json
import logging
from urllib.parse import quote

import pytest

from viche_sdk.connectors.redaction import RedactedLog, Redactor

SECRET = 'Пароль/+ "із" кодом?=42'


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.b64encode(f"mayor:{SECRET}:x".encode()).decode(),
        base64.b64encode(f"town-hall:{SECRET}".encode()).decode(),
        quote(SECRET),
        quote(SECRET, safe=""),
        json.dumps({"token": SECRET}),
        SECRET.encode().hex(),
        repr(SECRET),
    ],
)
def test_every_form_is_taken_out(written: str) -> None:
    redactor = Redactor([SECRET])

    assert redactor.finds(written)
    assert not redactor.finds(redactor.clean(f"before {written} after"))


def test_what_is_no_secret_stays() -> None:
    assert Redactor([SECRET, "", "a"]).clean("a banana, and mehr") == "a banana, and mehr"


def test_neither_message_nor_values_reach_the_logger_with_secrets(caplog: pytest.LogCaptureFixture) -> None:
    log = RedactedLog(logging.getLogger("viche.connector"), Redactor([SECRET]), "mastodon")

    log.warning(f"refused with {SECRET}", answer=SECRET)

    record = caplog.records[0]
    assert record.getMessage() == "refused with [secret]"
    assert (record.__dict__["connector"], record.__dict__["connector_answer"]) == ("mastodon", "[secret]")
