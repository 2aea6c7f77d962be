"""`python -m viche_cli.mailbox`: a small process of its own beside `viche up`."""

from __future__ import annotations

import asyncio
import signal
import threading
from functools import partial
from pathlib import Path
from typing import Any

import click
from aiosmtpd.smtp import SMTP, Envelope, Session

from viche_cli.mailbox.letters import Letters
from viche_cli.mailbox.network import Network
from viche_cli.mailbox.pages import MailboxServer

MAX_MAIL_BYTES = 10_000_000
NETWORK_FILE = "network.json"


class Catcher:
    """Takes every mail."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps the mail, then says so."""
        content: Any = envelope.content
        self._letters.add(content if isinstance(content, bytes) else str(content).encode(), envelope.rcpt_tos)
        return "250 caught"


@click.command()
@click.option("--smtp", required=True, metavar="HOST:PORT", help="Where mail is taken.")
@click.option("--web", required=True, metavar="HOST:PORT", help="Where the pages are.")
@click.option("--folder", required=True, type=click.Path(path_type=Path), help="Where mails are kept.")
@click.option("--portal", default="", metavar="URL", help="Of what the partner's page shows something.")
def main(smtp: str, web: str, folder: Path, portal: str) -> None:
    """Catch mail and show it."""
    letters = Letters(folder)
    network = Network(folder / NETWORK_FILE, f"http://{web}") if portal else None
    pages = MailboxServer(_address(web), letters, portal, network)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    asyncio.run(_catch(letters, *_address(smtp)))


async def _catch(letters: Letters, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    factory = partial(
        SMTP, Catcher(letters), enable_SMTPUTF8=True, decode_data=False, data_size_limit=MAX_MAIL_BYTES, loop=loop
    )
    async with await loop.create_server(factory, host, port):
        await stopped.wait()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


if __name__ == "__main__":
    main()
