"""The line to the mail server: kept open from mail to mail, and exact about what is known after a failure."""

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from viche_notifications.domain.bounces import Refusal, refusal_of
from viche_notifications.domain.messages import Outcome

IDLE_S = 30.0
LONGEST_REPLY = 200
SERVICE_CLOSING = 421
_ADDRESS = re.compile(r"\S*@\S*")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")


class Unreachable(Exception):
    """The mail server cannot be reached or does not let us in; its text has no address in it."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails go.

    Args:
        use_tls: TLS from the first byte (smtps).
        start_tls: True demands STARTTLS, False forbids it, None takes it where it is offered.
    """

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    use_tls: bool = False
    start_tls: bool | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of handing a mail over, and what the server said, without addresses.

    Args:
        refusal: what the server said about the receiver, where it said something.
    """

    outcome: Outcome
    text: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail on its way: sender, receiver, and the whole message with CRLF line ends."""

    sender: str
    recipient: str
    message: bytes = field(repr=False)


def parse_smtp_url(url: str) -> SmtpServer:
    """Reads ``smtp://[user:pass@]host[:port][?tls=none|starttls]`` or ``smtps://…``.

    Without ``tls``, smtp takes STARTTLS where the server offers it.

    Raises:
        ValueError: it is not one; the text holds no password.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    tls = query.pop("tls", [""])[-1]
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or query or parts.path.strip("/"):
        raise ValueError("it must look like smtp://user:pass@host:port?tls=starttls or smtps://…")
    if tls not in ("", "none", "starttls") or (tls and parts.scheme == "smtps"):
        raise ValueError("tls is none or starttls, and smtps needs none")
    secure = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or (465 if secure else 587),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=secure,
        start_tls={"": False if secure else None, "none": False, "starttls": True}[tls],
    )


def without_addresses(text: str) -> str:
    """A server's reply, cut short, in one line, with everything that looks like an address taken out."""
    return _ADDRESS.sub("…", _UNSEEN.sub(" ", text))[:LONGEST_REPLY]


class SmtpLine:
    """One connection to the mail server, used for one mail after the other.

    Args:
        timeout_s: for each step of the conversation.
        tls: made by the caller once, because reading the certificates of the system takes memory.
    """

    def __init__(
        self, server: SmtpServer, *, local_name: str, timeout_s: float, tls: ssl.SSLContext | None = None
    ) -> None:
        self._client = SMTP(
            hostname=server.host, port=server.port, username=server.username, password=server.password,
            use_tls=server.use_tls, start_tls=server.start_tls, tls_context=tls, timeout=timeout_s,
            local_hostname=local_name,
        )  # fmt: skip
        self._used_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as is known."""
        return self._client.is_connected

    async def open(self) -> None:
        """Connects, unless it is connected.

        Raises:
            Unreachable: it does not answer, or does not let us in.
        """
        if self.is_open and self._idle_s() > IDLE_S:
            await self.close()
        if self.is_open:
            return
        try:
            await self._client.connect()
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            self._client.close()
            raise Unreachable(without_addresses(f"{type(error).__name__}: {error}")) from error
        self._used_at = self._now()

    async def send(self, envelope: Envelope) -> Reply:
        """Hands one mail over. A connection that turns out to be dead is made anew once.

        Never raises for what the server does: the reply says what is known.
        """
        try:
            try:
                await self._address(envelope)
            except SMTPServerDisconnected:
                await self.open()
                await self._address(envelope)
        except (SMTPException, OSError, Unreachable, ValueError) as error:
            return await self._not_sent(envelope, error)
        return await self._transfer(envelope)

    async def close_idle(self) -> None:
        """Closes the connection when it has not been used for a while, as polite clients do."""
        if self.is_open and self._idle_s() > IDLE_S:
            await self.close()

    def drop(self) -> None:
        """Closes without a word, because the conversation hangs."""
        self._client.close()

    async def close(self) -> None:
        """Says goodbye and closes."""
        try:
            async with asyncio.timeout(2):
                await self._client.quit()
        except (SMTPException, OSError, TimeoutError):
            pass
        finally:
            self._client.close()

    async def _address(self, envelope: Envelope) -> None:
        unicode_address = not envelope.recipient.isascii()
        options = ["SMTPUTF8"] if unicode_address else []
        encoding = "utf-8" if unicode_address else "ascii"
        if unicode_address and self._client.is_ehlo_or_helo_needed:
            await self._client.ehlo()
        if unicode_address and not self._client.supports_extension("smtputf8"):
            # the status of RFC 6531 tells that the fault is the server's
            raise SMTPRecipientRefused(553, "5.6.7 the mail server takes no such address", envelope.recipient)
        await self._client.mail(envelope.sender, options=options)
        await self._client.rcpt(envelope.recipient, encoding=encoding)

    async def _transfer(self, envelope: Envelope) -> Reply:
        try:
            response = await self._client.data(envelope.message)
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            self._client.close()
            return Reply(Outcome.UNCLEAR, without_addresses(f"{type(error).__name__}: {error}"))
        except SMTPException as error:
            return await self._not_sent(envelope, error)
        self._used_at = self._now()
        return Reply(Outcome.SENT, without_addresses(f"{response.code} {response.message}"))

    async def _not_sent(self, envelope: Envelope, error: Exception) -> Reply:
        outcome, text, refusal = Outcome.TEMPORARY, f"{type(error).__name__}: {error}", None
        if isinstance(error, SMTPResponseException):
            text = f"{error.code} {error.message}"
            if isinstance(error, SMTPRecipientRefused | SMTPDataError):
                refusal = refusal_of(error.message, envelope.recipient)
            # a refused sender is our fault, which an operator can mend in time
            if isinstance(error, SMTPRecipientRefused | SMTPDataError) and 500 <= error.code < 600:
                outcome = Outcome.REFUSED
        await self._start_over(error)
        return Reply(outcome, without_addresses(text), refusal)

    async def _start_over(self, error: Exception) -> None:
        if not isinstance(error, SMTPResponseException) or error.code == SERVICE_CLOSING:
            self._client.close()
            return
        try:
            await self._client.rset()
            self._used_at = self._now()
        except (SMTPException, OSError):
            self._client.close()

    def _idle_s(self) -> float:
        return self._now() - self._used_at

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
