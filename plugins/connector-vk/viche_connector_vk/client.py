"""Calls of the VK API 5.199. Refusals come with status 200 and a code."""

from dataclasses import replace
from typing import Any

from viche_connector_vk.errors import error_for
from viche_sdk.connectors.types import Answer, Context, error_of

API = "https://api.vk.com/method"
VERSION = "5.199"


async def ask(ctx: Context, method: str, **params: str) -> Answer:
    """A method that changes nothing. It goes by POST too, so that the token stands in no address."""
    return _good(replace(await _call(ctx, method, params), method="GET"))


async def do(ctx: Context, method: str, **params: str) -> Answer:
    """A method that changes something.

    Raises:
        ConnectorError: VK refuses, or nobody knows.
    """
    return _good(await _call(ctx, method, params))


def result_of(answer: Answer) -> Any:
    """What a method gave; to be taken apart within `answer.understood()`."""
    return answer.object()["response"]


async def _call(ctx: Context, method: str, params: dict[str, str]) -> Answer:
    form = {**params, "access_token": ctx.secret("access_token"), "v": VERSION}
    return await ctx.http.request("POST", f"{API}/{method}", form=form)


def _good(answer: Answer) -> Answer:
    if answer.status == 429 or answer.status >= 500:
        raise error_of(answer)
    if not answer.is_good:
        # VK itself always answers with 200
        raise answer.doubt(f"status {answer.status}, and no answer of VK's: {answer.shown()}")
    with answer.understood():
        refused = answer.object().get("error")
        if refused is None:
            return answer
        code, said = int(refused["error_code"]), str(refused.get("error_msg", ""))
    raise error_for(code, said, answer)
