"""Calls of the Bot API."""

from typing import Any

from viche_connector_telegram.errors import refusal
from viche_sdk.connectors.types import Answer, Context

API = "https://api.telegram.org"


async def ask(ctx: Context, method: str, **params: str) -> Answer:
    """A method that changes nothing."""
    return _good(await ctx.http.request("GET", _address(ctx, method), params=params or None))


async def do(ctx: Context, method: str, part: str = "text", **body: Any) -> Answer:
    """A method that changes something.

    Args:
        ctx: of the call.
        method: of the Bot API.
        part: the part of a post that is to blame if Telegram does not take it.
        body: as `Http.request` takes it.

    Raises:
        ConnectorError: Telegram refuses, or nobody knows.
    """
    return _good(await ctx.http.request("POST", _address(ctx, method), **body), part)


def result_of(answer: Answer) -> Any:
    """What a method gave; to be taken apart within `answer.understood()`."""
    return answer.object()["result"]


def _address(ctx: Context, method: str) -> str:
    """The token stands in the path, which therefore is never written down."""
    return f"{API}/bot{ctx.secret('bot_token')}/{method}"


def _good(answer: Answer, part: str = "text") -> Answer:
    if not answer.is_good:
        raise refusal(answer, part)
    return answer
