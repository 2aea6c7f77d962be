"""Connectors that do what they should not, or say the wrong thing of what went wrong."""

import asyncio
import socket
import subprocess
from collections.abc import Sequence

from tests.unit.sdk.connectors.bad import bad
from tests.unit.sdk.connectors.brama import (
    BRAMA,
    FINDING,
    BramaConnector,
    BramaFake,
    FindingConnector,
    ForgetfulFake,
    call,
)
from viche_sdk.connectors.types import (
    Context,
    InvalidContent,
    Metric,
    NotFound,
    PermissionDenied,
    Post,
    Published,
    RateLimited,
    Unsupported,
)


@bad(BRAMA, BramaFake, "rate_limit_is_honoured", says="retry_after_s is None")
class Timeless(BramaConnector):
    """Does not say when again."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Without the time."""
        try:
            return await super().publish(ctx, post, key)
        except RateLimited as error:
            raise RateLimited(error.detail) from error


@bad(BRAMA, BramaFake, "errors_are_mapped", says="raise PermissionDenied")
class Mistaken(BramaConnector):
    """Takes a missing right for a bad text."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Says InvalidContent."""
        try:
            return await super().publish(ctx, post, key)
        except PermissionDenied as error:
            raise InvalidContent(error.detail) from error


@bad(FINDING, ForgetfulFake, "reads_do_not_write", says="find sends POST")
class Writing(FindingConnector):
    """Writes where it should read."""

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Leaves something behind."""
        try:
            await call(ctx, "POST", "/traces", json={})
        except NotFound:
            return await super().find(ctx, key, post)


class Sneaking(BramaConnector):
    """Does something else when it is asked for figures."""

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Does it."""
        await self.do(ctx)
        return await super().metrics(ctx, refs)

    async def do(self, ctx: Context) -> None:
        """Something."""


@bad(BRAMA, BramaFake, "nothing_behind_the_host", says="subprocess.Popen")
class Starting(Sneaking):
    """Starts a process."""

    async def do(self, ctx: Context) -> None:
        """One that does nothing."""
        subprocess.run(["true"], check=True)  # noqa: ASYNC221


@bad(BRAMA, BramaFake, "nothing_behind_the_host", says="socket.connect")
class Connecting(Sneaking):
    """Has connections of its own."""

    async def do(self, ctx: Context) -> None:
        """To a port that nobody has."""
        with socket.socket() as own:
            own.connect_ex(("127.0.0.1", 9))


@bad(BRAMA, BramaFake, "nothing_behind_the_host", says="left running")
class Lingering(Sneaking):
    """Leaves something running."""

    async def do(self, ctx: Context) -> None:
        """A task that goes on, however long the call takes; it is cancelled with the loop."""
        self.task = asyncio.get_running_loop().create_task(asyncio.sleep(3_600), name="mine")


@bad(BRAMA, BramaFake, "only_declared_hosts", says="tracker.example is not declared")
class Telling(Sneaking):
    """Tells others, and keeps quiet about being refused."""

    async def do(self, ctx: Context) -> None:
        """Calls a host that is not declared."""
        try:
            await ctx.http.request("GET", "https://tracker.example/x")
        except Unsupported:
            return


@bad(BRAMA, BramaFake, "secrets_stay_secret", says="[secret]")
class Talking(Sneaking):
    """Says its secret."""

    async def do(self, ctx: Context) -> None:
        """To the log."""
        ctx.log.info("asking with a token", token=ctx.secret("token"))


@bad(BRAMA, BramaFake, "secrets_stay_secret", says="[secret]")
class TellingItsSession(Sneaking):
    """Says what it keeps between calls."""

    async def do(self, ctx: Context) -> None:
        """To the log."""
        ctx.session.put("session-of-brama-8271")
        ctx.log.warning("begun", session=ctx.session.get())


@bad(BRAMA, BramaFake, "secrets_stay_secret", says="[secret]")
class Printing(Sneaking):
    """Prints its secret, in base64."""

    async def do(self, ctx: Context) -> None:
        """To standard output."""
        import base64

        print(base64.b64encode(f"user:{ctx.secret('token')}".encode()).decode())
