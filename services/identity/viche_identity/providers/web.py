"""Calls to a provider's servers: to hosts that the operator has allowed alone, and never for long or for much.

An answer tells us where to call next (discovery does), so each call is held against the list: otherwise a provider
could have us ask servers inside our own network.
"""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from viche_identity.domain.providers import Provider, ProviderRefused, ProviderUnavailable
from viche_identity.providers.file import host_of, is_safe

log = logging.getLogger(__name__)

WITHIN_S = 5.0
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the object that came with it."""

    status: int
    values: Mapping[str, Any]


class Web:
    """Calls for one visit; see :func:`visiting`. ``said_at`` is the time by the provider's clock when it last answered.

    It is None where the provider has not told it.
    """

    def __init__(self, provider: Provider, client: httpx.AsyncClient) -> None:
        self._provider = provider
        self._client = client
        self.said_at: datetime | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """The object at an address.

        Raises:
            ProviderUnavailable, ProviderRefused: there is none.
        """
        answer = await self._ask("GET", url, headers=headers)
        if answer.status != 200:
            raise self._unusable(url, f"status {answer.status}")
        return answer.values

    async def post(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str], auth: httpx.Auth | None
    ) -> Answer:
        """What comes back for a form."""
        return await self._ask("POST", url, headers=headers, data=form, auth=auth)

    async def _ask(self, method: str, url: str, **options: Any) -> Answer:
        self.check(url)
        try:
            async with self._client.stream(method, url, **options) as response:
                if "content-encoding" in response.headers:  # a packed answer can be of any length when unpacked
                    raise self._unusable(url, "is packed")
                body = await _body(response)
        except httpx.HTTPError as error:
            log.warning("a provider does not answer", extra={"provider": self._provider.name, "error": repr(error)})
            raise ProviderUnavailable(provider=self._provider.name) from error
        self.said_at = _instant(response.headers.get("date", ""))
        if response.status_code >= 500:
            raise ProviderUnavailable(provider=self._provider.name)
        return Answer(response.status_code, self._object(url, body))

    def check(self, url: str) -> None:
        """Holds an address against the list of hosts.

        Raises:
            ProviderRefused: the operator has not allowed its host.
        """
        if not is_safe(url) or host_of(url) not in self._provider.hosts:
            raise self._unusable(url, "its host is not allowed")

    def _object(self, url: str, body: bytes | None) -> Mapping[str, Any]:
        if body is None:
            raise self._unusable(url, "too long")
        try:
            values = json.loads(body)
        except ValueError as error:
            raise self._unusable(url, "no JSON") from error
        if not isinstance(values, dict):
            raise self._unusable(url, "no object")
        return values

    def _unusable(self, url: str, why: str) -> ProviderRefused:
        extra = {"provider": self._provider.name, "host": host_of(url), "why": why}
        log.warning("an answer of a provider cannot be used", extra=extra)
        return ProviderRefused(provider=self._provider.name, why=f"{host_of(url)}: {why}")


@asynccontextmanager
async def visiting(provider: Provider, transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Web]:
    """Calls to one provider, which together have `WITHIN_S` seconds.

    Args:
        transport: what carries the calls; the network, with the proxies of the environment, unless told otherwise.

    Raises:
        ProviderUnavailable: they took longer.
    """
    verify = _trusted() if transport is None else False
    try:
        async with (
            asyncio.timeout(WITHIN_S),
            httpx.AsyncClient(
                headers={"Accept-Encoding": "identity"},
                follow_redirects=False,
                timeout=WITHIN_S,
                verify=verify,
                transport=transport,
            ) as client,
        ):
            yield Web(provider, client)
    except TimeoutError as error:
        log.warning("a provider is too slow", extra={"provider": provider.name})
        raise ProviderUnavailable(provider=provider.name) from error


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities whose certificates count; reading them takes longer than a call."""
    return httpx.create_ssl_context()


def _instant(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return None


async def _body(response: httpx.Response) -> bytes | None:
    """The body; None when it is too long."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
