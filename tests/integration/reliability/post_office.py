"""A mail server outside of the suite that can be down, or take a mail and never say so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.integration.reliability.letters import Mail
from viche_cli.infra import ports


class PostOffice:
    """Keeps every mail that it has taken; closed at first."""

    def __init__(self) -> None:
        self.port = ports.free_port()
        self._mails: list[Mail] = []
        self._unheard: set[str] = set()
        self._silent_for = 0
        self._pause_s = 0.0
        self._server: asyncio.Server | None = None
        self._transports: set[Any] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """As notifications is told."""
        return f"smtp://{ports.LOOPBACK}:{self.port}?tls=none"

    def open(self) -> None:
        """Takes mail from now on; nothing changes when it is open."""
        self._do(self._open())

    def close(self) -> None:
        """Hangs up on everybody and refuses connections, as a killed server does."""
        self._do(self._close())

    def end(self) -> None:
        """Closes for good."""
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def slow_down(self, pause_s: float) -> None:
        """Takes so long over every mail from now on."""
        self._pause_s = pause_s

    def fall_silent(self, receivers: Iterable[str], mails: int) -> None:
        """Takes the next mails to any of these but hangs up instead of saying so: the sender cannot know."""
        self._unheard, self._silent_for = set(receivers), mails

    def mails(self, subject_has: str = "") -> list[Mail]:
        """What came so far."""
        return [mail for mail in list(self._mails) if subject_has in mail.subject]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps the mail, then says so, or not."""
        content: Any = envelope.content
        self._mails += [_read(content, receiver) for receiver in envelope.rcpt_tos]
        await asyncio.sleep(self._pause_s)
        if self._silent_for > 0 and not self._unheard.isdisjoint(envelope.rcpt_tos):
            self._silent_for -= 1
            transport: Any = server.transport
            transport.abort()
        return "250 taken"

    async def _open(self) -> None:
        if self._server is None:
            self._server = await self._loop.create_server(self._protocol, ports.LOOPBACK, self.port)

    async def _close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for transport in list(self._transports):
            transport.abort()
        self._transports.clear()
        self._server = None

    def _protocol(self) -> SMTP:
        office = self

        class Protocol(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                office._transports.add(transport)
                super().connection_made(transport)

            def connection_lost(self, error: Exception | None) -> None:
                if self.transport is not None:
                    office._transports.discard(self.transport)
                super().connection_lost(error)

        return Protocol(self, enable_SMTPUTF8=True, decode_data=False, loop=self._loop)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


def _read(content: bytes, receiver: str) -> Mail:
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    part = message.get_body(preferencelist=("plain",))
    text = part.get_content() if part is not None else ""
    return Mail(receiver, str(message["Message-ID"]), str(message["Subject"]), text)
