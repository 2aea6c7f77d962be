"""Signed calls of the REST API (apiok.ru/dev/methods). Refusals come with status 200 and a code."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from viche_connector_odnoklassniki.errors import error_for
from viche_sdk.connectors.types import Answer, Context, error_of

API = "https://api.ok.ru/fb.do"


async def ask(ctx: Context, method: str, **params: str) -> Answer:
    """A method that changes nothing. It goes by POST too, so that the token stands in no address."""
    return _good(replace(await _call(ctx, method, params), method="GET"))


async def do(ctx: Context, method: str, **params: str) -> Answer:
    """A method that changes something.

    Raises:
        ConnectorError: Odnoklassniki refuses, or nobody knows.
    """
    return _good(await _call(ctx, method, params))


def signature(params: Mapping[str, str], access_token: str, application_secret: str) -> str:
    """The `sig` of a call within a session: MD5, as the API wants it."""
    session_secret = _md5(access_token + application_secret)
    return _md5("".join(f"{name}={params[name]}" for name in sorted(params)) + session_secret)


async def _call(ctx: Context, method: str, params: dict[str, str]) -> Answer:
    token = ctx.secret("access_token")
    signed = {**params, "application_key": ctx.value("application_key"), "format": "json", "method": method}
    sig = signature(signed, token, ctx.secret("application_secret"))
    return await ctx.http.request("POST", API, form={**signed, "sig": sig, "access_token": token})


def _good(answer: Answer) -> Answer:
    if answer.status == 429 or answer.status >= 500:
        raise error_of(answer)
    if not answer.is_good:
        # the API itself always answers with 200
        raise answer.doubt(f"status {answer.status}, and no answer of the API's: {answer.shown()}")
    found: Any = answer.json()
    if not isinstance(found, dict) or "error_code" not in found:
        return answer
    with answer.understood():
        code, said = int(found["error_code"]), str(found.get("error_msg", ""))
    raise error_for(code, said, answer)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
