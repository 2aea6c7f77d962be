"""A name server on this machine that knows the TXT records that a test gives it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass(slots=True)
class NameServer:
    """`texts` by name, without the final dot; `address` is HOST:PORT."""

    address: str
    texts: dict[str, list[str]] = field(default_factory=dict)


@contextlib.contextmanager
def name_server() -> Iterator[NameServer]:
    """Answers over UDP until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        server = NameServer(f"127.0.0.1:{listening.getsockname()[1]}")
        listening.settimeout(0.1)
        ending = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, server, ending))
        thread.start()
        try:
            yield server
        finally:
            ending.set()
            thread.join()


def _serve(listening: socket.socket, server: NameServer, ending: threading.Event) -> None:
    while not ending.is_set():
        try:
            question, asker = listening.recvfrom(4096)
        except TimeoutError:
            continue
        listening.sendto(_answer(question, server), asker)


def _answer(question: bytes, server: NameServer) -> bytes:
    asked = dns.message.from_wire(question)
    name = asked.question[0].name
    answer = dns.message.make_response(asked)
    answer.flags |= dns.flags.AA | dns.flags.RA
    texts = server.texts.get(name.to_text(omit_final_dot=True))
    if texts is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in texts)))
    return answer.to_wire()
