"""A real SMTP server in the test, which can refuse, stall, and take a mail without saying so."""

import asyncio
import email
import email.policy
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HOST = "127.0.0.1"


class PostOffice:
    """Keeps every mail that came whole, with its receiver.

    Attributes are there to be set: ``replies`` by receiver instead of a welcome, ``slow`` by receiver in seconds,
    ``silent`` for as many mails that are kept and never acknowledged, ``login`` for who may send at all.
    """

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.senders: list[str] = []
        self.replies: dict[str, str] = {}
        self.slow: dict[str, float] = {}
        self.silent = 0
        self.login: tuple[bytes, bytes] | None = None
        self.sessions = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._transports: set[Any] = set()

    @property
    def url(self) -> str:
        user = ":".join(part.decode() for part in self.login) + "@" if self.login else ""
        return f"smtp://{user}{HOST}:{self.port}?tls=none"

    def to(self, receiver: str) -> list[EmailMessage]:
        """The mails that one receiver got."""
        return [mail for address, mail in self.mails if address == receiver]

    async def open(self) -> None:
        """Takes connections, on the same port as before."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def hang_up(self) -> None:
        """Ends the connections that stand."""
        for transport in list(self._transports):
            transport.abort()
        self._transports.clear()

    async def close(self) -> None:
        """Takes none, and hangs up."""
        if self._server is not None:
            self._server.close()
            self.hang_up()
            await asyncio.sleep(0)
            self._server = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        receiver = envelope.rcpt_tos[0]
        await asyncio.sleep(self.slow.get(receiver, self.slow.get("", 0)))
        self.senders.append(envelope.mail_from or "")
        content = cast(bytes, envelope.content)
        self.mails.append(
            (receiver, cast(EmailMessage, email.message_from_bytes(content, policy=email.policy.default)))
        )
        if self.silent > 0:
            self.silent -= 1
            await asyncio.sleep(60)
        return "250 taken"

    def _protocol(self) -> SMTP:
        office = self

        class Protocol(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                office.sessions += 1
                office._transports.add(transport)
                super().connection_made(transport)

        with warnings.catch_warnings(action="ignore"):  # passwords without TLS: this is a test
            return Protocol(
                self, enable_SMTPUTF8=True, loop=asyncio.get_running_loop(), authenticator=self._authenticate,
                auth_required=self.login is not None, auth_require_tls=False,
            )  # fmt: skip

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == self.login)


@asynccontextmanager
async def post_office() -> AsyncIterator[PostOffice]:
    """An open post office, closed at the end."""
    office = PostOffice()
    await office.open()
    try:
        yield office
    finally:
        await office.close()
