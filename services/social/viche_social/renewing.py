"""Tokens of consents are renewed before they end.

The new ones are committed before anything uses them: a platform that gives a new refresh token with each renewal takes
the old one no more. Only a refusal ends a consent; whatever else goes wrong is tried again, for as long as it takes.
"""

import asyncio
import logging
import random
from collections.abc import Coroutine, Mapping
from contextlib import aclosing
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.periodic import every
from viche_sdk.connectors.types import ConnectorSpec
from viche_social import consenting
from viche_social.calling import Calls
from viche_social.connecting import Connecting
from viche_social.consenting import ApplicationRefused, MakesHttp
from viche_social.domain.errors import ConsentRefused, PlatformUnreachable
from viche_social.domain.renewing import merged, pause_after
from viche_social.store import channel_secrets, channels
from viche_social.store.channel_secrets import Kept
from viche_social.store.channels import Channel

log = logging.getLogger("viche.social")

Result = TypeVar("Result")

LOOK_EVERY_S = 15.0
AT_ONCE = 10
LEASE = timedelta(minutes=5)
"""After it, the process that has claimed the secrets is taken to have ended; no exchange takes so long."""
LAST_S = 20.0
"""So long a process that is told to end waits for tokens that are on their way."""
SAVE_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Between tries to keep new tokens while the database does not answer: whoever lost them would have to ask people."""


class Renewing:
    """Renews tokens until cancelled. Several processes may: claims keep them apart.

    Args:
        pool: of the database.
        calls: of connectors.
        connecting: asks how a channel is after its tokens were renewed.
        http: makes the HTTP that renewals go through.
    """

    def __init__(self, pool: Pool, calls: Calls, connecting: Connecting, http: MakesHttp) -> None:
        self._pool = pool
        self._calls = calls
        self._connecting = connecting
        self._http = http

    async def run(self) -> None:
        """Looks again and again, until cancelled."""
        await every(LOOK_EVERY_S, self.look, "renewing consents")

    async def look(self) -> None:
        """Renews the tokens that are due."""
        async with transaction(self._pool) as conn:
            due = await channel_secrets.claim(conn, AT_ONCE, LEASE)
        for id, result in zip(due, await asyncio.gather(*map(self._renew, due), return_exceptions=True), strict=True):
            if isinstance(result, Exception):
                log.error("a consent could not be renewed", exc_info=result, extra={"channel_id": str(id)})

    async def _renew(self, id: UUID) -> None:
        channel = await _to_its_end(self._renewed(id))
        if channel is not None and channel.state == "expired":
            await self._connecting.refresh(id)

    async def _renewed(self, id: UUID) -> Channel | None:
        """Renews the tokens of a channel; gives it as it was before, if it has new ones now."""
        async with reading(self._pool) as conn:
            channel, kept = await channels.get(conn, id), await channel_secrets.get(conn, id)
        spec = self._calls.specs.get(channel.connector) if channel else None
        if channel is None or kept is None or spec is None:
            return None  # disconnected meanwhile, or a plugin that is not there just now
        before = self._calls.unseal(kept.sealed, id)
        if spec.oauth is None or not before.get("refresh_token"):
            async with transaction(self._pool) as conn:
                await channel_secrets.keep_as_they_are(conn, id, kept.changed_at, is_refused=False)
            return None
        try:
            tokens = await self._exchanged(spec, channel, before["refresh_token"])
        except ApplicationRefused as error:
            await self._put_off(channel, kept, error.values.get("detail", ""))
        except ConsentRefused as error:
            await self._refused(channel, kept, str(error.values.get("detail", "")))
        except PlatformUnreachable as error:
            await self._put_off(channel, kept, error.values.get("detail", ""))
        else:
            await self._keep(channel, kept, merged(before, tokens))
            return channel
        return None

    async def _exchanged(self, spec: ConnectorSpec, channel: Channel, refresh_token: str) -> dict[str, str]:
        application = self._calls.application(channel.connector)
        form = consenting.renewal_form(refresh_token)
        async with aclosing(self._http(spec, channel.own_values)) as http:
            return await consenting.exchange(http, spec, channel.own_values, application, form)

    async def _keep(self, channel: Channel, kept: Kept, secrets: Mapping[str, str]) -> None:
        """Keeps new tokens, unless somebody has given the consent anew meanwhile."""
        for pause_s in SAVE_PAUSES_S:
            try:
                await self._save(channel, kept, secrets)
                break
            except Unavailable:
                await asyncio.sleep(pause_s)
        else:
            await self._save(channel, kept, secrets)

    async def _save(self, channel: Channel, kept: Kept, secrets: Mapping[str, str]) -> None:
        sealed = self._connecting.sealed(secrets, channel.id)
        async with transaction(self._pool) as conn:
            if await channel_secrets.hold(conn, channel.id, kept.changed_at):
                await channel_secrets.put(conn, channel.id, sealed.secrets, sealed.renew_in)

    async def _refused(self, channel: Channel, kept: Kept, detail: str) -> None:
        """The consent has ended: a person must give it anew. A pause stays a pause, and the next look tells it then."""
        async with transaction(self._pool) as conn:
            if await channel_secrets.hold(conn, channel.id, kept.changed_at):
                await channel_secrets.keep_as_they_are(conn, channel.id, kept.changed_at, is_refused=True)
                held = await channels.hold(conn, channel.id)
                if held is not None and held.state != "paused":
                    await channels.set_state(conn, channel.id, "expired", detail)

    async def _put_off(self, channel: Channel, kept: Kept, detail: object) -> None:
        """An outage is one, and ends nothing."""
        pause = pause_after(kept.failures, random.random())  # noqa: S311 (spreads load)
        async with transaction(self._pool) as conn:
            await channel_secrets.put_off(conn, channel.id, kept.changed_at, pause)
        log.warning(
            "a consent waits to be renewed",
            extra={"channel_id": str(channel.id), "connector": channel.connector, "detail": str(detail)},
        )


async def _to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """What work gives. Whoever is cancelled meanwhile ends after it: tokens that are given and not kept are lost."""
    task, is_cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            if not is_cancelled:
                asyncio.get_running_loop().call_later(LAST_S, task.cancel)
            is_cancelled = True
    if not is_cancelled:
        return task.result()
    if not task.cancelled() and (fault := task.exception()):
        log.error("a consent could not be renewed", exc_info=fault)
    raise asyncio.CancelledError
