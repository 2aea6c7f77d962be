"""What platforms answer when they are asked for tokens."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from viche_chassis.errors import DomainError
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.types import Answer, ConnectorError, OAuth, OutcomeUnknown, Transient, Unsupported
from viche_social import consenting
from viche_social.consenting import ApplicationRefused
from viche_social.domain.errors import ConsentRefused, PlatformUnreachable

SPEC = replace(MASTODON, oauth=OAuth("{server}/authorize", "{server}/token", ("write",)))
APPLICATION = {"client_id": "id", "client_secret": "s3cret"}


class Platform:
    """Answers one request."""

    def __init__(self, answer: Answer | ConnectorError) -> None:
        self._answer = answer
        self.asked: dict[str, Any] = {}

    async def request(self, method: str, url: str, **body: Any) -> Answer:
        self.asked = {"method": method, "url": url, **body}
        if isinstance(self._answer, ConnectorError):
            raise self._answer
        return self._answer


def said(status: int, body: object) -> Answer:
    return Answer(status, {}, json.dumps(body).encode(), "POST")


def exchange(platform: Platform, spec: Any = SPEC) -> dict[str, str]:
    values = {"server": "https://social.example/"}
    return asyncio.run(consenting.exchange(platform, spec, values, APPLICATION, {"grant_type": "x"}))


@pytest.mark.parametrize(
    "answer",
    [
        said(500, {"error": "invalid_grant"}), said(429, {}), said(200, {}), said(403, {"message": "Forbidden"}),
        said(404, {}), said(400, {"error": "temporarily_unavailable"}), said(200, []),
        Answer(200, {}, b"<!doctype html>Sign in", "POST"), Answer(200, {}, b"", "POST"), Answer(302, {}, b"", "POST"),
        Transient("no connection"), OutcomeUnknown("no answer"), Unsupported("its address is not public"),
    ],
)  # fmt: skip
def test_whatever_is_no_refusal_says_nothing_of_the_consent(answer: Answer | ConnectorError) -> None:
    with pytest.raises(PlatformUnreachable):
        exchange(Platform(answer))


@pytest.mark.parametrize(
    ("answer", "kind", "detail"),
    [
        (said(400, {"error": "invalid_grant", "error_description": "used\0"}), ConsentRefused, "used\ufffd"),
        (said(400, {"error": {"message": "Session ended", "code": 190}}), ConsentRefused, "Session ended"),
        (said(200, {"error": "bad_verification_code"}), ConsentRefused, "bad_verification_code"),
        (said(401, {"error": "invalid_client"}), ApplicationRefused, "invalid_client"),
    ],
)
def test_a_refusal_is_told_with_its_words(answer: Answer, kind: type[DomainError], detail: str) -> None:
    with pytest.raises(DomainError) as refused:
        exchange(Platform(answer))

    assert (type(refused.value), refused.value.values["detail"]) == (kind, detail)


@pytest.mark.parametrize(
    ("lasts", "seconds"), [(7200, 7200), ("5184000", 5_184_000), (-5, 0), (1e300, consenting.LONGEST_S)]
)
def test_a_token_ends_when_the_platform_says(lasts: object, seconds: float) -> None:
    tokens = exchange(Platform(said(200, {"access_token": "a", "refresh_token": "r", "expires_in": lasts})))

    ends_in = datetime.fromisoformat(tokens.pop("expires_at")) - datetime.now(UTC)
    assert tokens == {"access_token": "a", "refresh_token": "r"}
    assert abs(ends_in - timedelta(seconds=seconds)) < timedelta(minutes=1)


@pytest.mark.parametrize("lasts", [None, "soon", True, [1]])
def test_a_token_of_which_no_end_is_known_has_none(lasts: object) -> None:
    assert exchange(Platform(said(200, {"access_token": "a", "expires_in": lasts}))) == {"access_token": "a"}


def test_an_application_shows_itself_in_the_body_or_in_the_header() -> None:
    platform = Platform(said(200, {"access_token": "a"}))
    exchange(platform)
    body = platform.asked
    exchange(platform, replace(SPEC, oauth=replace(SPEC.oauth, shows_itself_in_header=True)))
    header = platform.asked

    assert body["url"] == header["url"] == "https://social.example/token"
    assert (body["form"], body["headers"]) == ({**APPLICATION, "grant_type": "x"}, {})
    assert (header["form"], header["headers"]) == ({"grant_type": "x"}, {"Authorization": "Basic aWQ6czNjcmV0"})
